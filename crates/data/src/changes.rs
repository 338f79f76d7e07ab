//! Changes that wait for each other: those that nobody has to see yet are made together, in one statement.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, Statement,
    sea_query::{
        Alias, CommonTableExpression, Expr, ExprTrait, InsertStatement, Query, SubQueryStatement, UpdateStatement,
        WithClause,
    },
};
use std::mem::take;

/// How many are made together at the most: for each combination, the database keeps a plan.
const MOST: usize = 8;

/// A change of rows.
pub(crate) struct Change {
    table: &'static str,
    what: What,
    /// Rows that are added first, and the name under which `what` uses what comes back.
    first: Option<(&'static str, InsertStatement)>,
}

enum What {
    Insert(InsertStatement),
    /// Of one row.
    Update(UpdateStatement),
}

impl Change {
    /// Rows that are added.
    pub(crate) fn insert<E: EntityTrait>(rows: InsertStatement) -> Self {
        Self { table: E::default().table_name(), what: What::Insert(rows), first: None }
    }

    /// One row that is changed.
    pub(crate) fn update<E: EntityTrait>(row: UpdateStatement) -> Self {
        Self { table: E::default().table_name(), what: What::Update(row), first: None }
    }

    /// Adds other rows in the same statement first, where the database can: under this name it finds what comes back.
    pub(crate) fn after(self, first: Option<(&'static str, InsertStatement)>) -> Self {
        Self { first, ..self }
    }

    /// Makes it at once.
    pub(super) async fn make(&self, on: &impl ConnectionTrait) -> Result<(), DbErr> {
        match &self.what {
            What::Insert(rows) => on.execute(rows).await.map(drop),
            What::Update(row) => judge(1, on.execute(row).await?.rows_affected().try_into().unwrap_or(i64::MAX)),
        }
    }
}

/// Those that wait.
#[derive(Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the change can be made together with these. In one statement, no row can be changed twice.
    pub(super) fn takes(&self, change: &Change) -> bool {
        let apart = |other: &Change| match (&other.what, &change.what) {
            (What::Insert(_), What::Insert(_)) => true,
            _ => other.table != change.table,
        };
        self.0.len() < MOST && self.0.iter().all(apart)
    }

    pub(super) fn push(&mut self, change: Change) {
        self.0.push(change);
    }

    /// All of them as one statement, which says how many rows it changed, and how many that has to be; nothing waits
    /// then.
    pub(super) fn together(&mut self) -> (Statement, i64) {
        let (mut with, mut changed, mut updates) = (WithClause::new(), Expr::cust("0::bigint"), 0);
        let mut add = |name, query: SubQueryStatement| {
            with.cte(CommonTableExpression::new().table_name(name).query(query).to_owned());
        };
        for (place, Change { what, first, .. }) in take(&mut self.0).into_iter().enumerate() {
            if let Some((name, rows)) = first {
                add(Alias::new(name), rows.into());
            }
            let name = Alias::new(format!("change_{place}"));
            let query: SubQueryStatement = match what {
                What::Insert(rows) => rows.into(),
                What::Update(mut row) => {
                    updates += 1;
                    let count = Query::select().expr(Expr::cust("count(*)")).from(name.clone()).take();
                    changed = changed.add(Expr::SubQuery(None, Box::new(count.into())));
                    row.returning(Query::returning().exprs([Expr::cust("1")])).take().into()
                }
            };
            add(name, query);
        }
        let select = Query::select().expr(changed).with_cte(with).take();
        (DbBackend::Postgres.build(&select), updates)
    }
}

/// That as many rows were changed as there were to change.
pub(super) fn judge(updates: i64, changed: i64) -> Result<(), DbErr> {
    if changed == updates {
        return Ok(());
    }
    Err(DbErr::Custom(format!("updates changed {changed} rows instead of {updates}")))
}
