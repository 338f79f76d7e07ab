//! Pending changes. Changes that no statement has to see yet are executed together, in one statement.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, Statement,
    sea_query::{
        Alias, CommonTableExpression, Expr, ExprTrait, InsertStatement, Query, SubQueryStatement, UpdateStatement,
        WithClause,
    },
};
use std::mem::take;

/// The maximum number of changes in one statement. It is small because the database keeps a plan for each combination.
const MAX_CHANGES: usize = 8;

/// A change of rows.
pub(crate) struct Change {
    table: &'static str,
    kind: ChangeKind,
    /// Rows to insert first, and the name by which the change refers to the rows that this returns.
    first: Option<(&'static str, InsertStatement)>,
}

enum ChangeKind {
    Insert(InsertStatement),
    /// An update of one row.
    Update(UpdateStatement),
}

impl Change {
    /// Creates a change that inserts rows.
    pub(crate) fn insert<E: EntityTrait>(rows: InsertStatement) -> Self {
        Self { table: E::default().table_name(), kind: ChangeKind::Insert(rows), first: None }
    }

    /// Creates a change that updates one row.
    pub(crate) fn update<E: EntityTrait>(row: UpdateStatement) -> Self {
        Self { table: E::default().table_name(), kind: ChangeKind::Update(row), first: None }
    }

    /// Inserts other rows first, in the same statement where the database can. The change refers to the returned rows
    /// by this name.
    pub(crate) fn after(self, first: Option<(&'static str, InsertStatement)>) -> Self {
        Self { first, ..self }
    }

    /// Executes the change now.
    pub(super) async fn make(&self, on: &impl ConnectionTrait) -> Result<(), DbErr> {
        match &self.kind {
            ChangeKind::Insert(rows) => on.execute(rows).await.map(drop),
            ChangeKind::Update(row) => judge(1, on.execute(row).await?.rows_affected().try_into().unwrap_or(i64::MAX)),
        }
    }
}

/// The pending changes.
#[derive(Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the change can join these. One statement cannot change a row twice.
    pub(super) fn takes(&self, change: &Change) -> bool {
        let is_independent = |other: &Change| match (&other.kind, &change.kind) {
            (ChangeKind::Insert(_), ChangeKind::Insert(_)) => true,
            _ => other.table != change.table,
        };
        self.0.len() < MAX_CHANGES && self.0.iter().all(is_independent)
    }

    pub(super) fn push(&mut self, change: Change) {
        self.0.push(change);
    }

    /// Takes all changes as one statement, which returns how many rows it updated. Also returns how many rows it must
    /// update.
    pub(super) fn together(&mut self) -> (Statement, i64) {
        let (mut with, mut changed, mut updates) = (WithClause::new(), Expr::cust("0::bigint"), 0);
        let mut add = |name, query: SubQueryStatement| {
            with.cte(CommonTableExpression::new().table_name(name).query(query).to_owned());
        };
        for (index, Change { kind, first, .. }) in take(&mut self.0).into_iter().enumerate() {
            if let Some((name, rows)) = first {
                add(Alias::new(name), rows.into());
            }
            let name = Alias::new(format!("change_{index}"));
            let query: SubQueryStatement = match kind {
                ChangeKind::Insert(rows) => rows.into(),
                ChangeKind::Update(mut row) => {
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

/// Fails unless the statement updated as many rows as it had to.
pub(super) fn judge(updates: i64, changed: i64) -> Result<(), DbErr> {
    if changed == updates {
        return Ok(());
    }
    Err(DbErr::Custom(format!("updates changed {changed} rows instead of {updates}")))
}
