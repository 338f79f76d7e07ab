//! What the loaders of a unit load, by one statement for all who ask meanwhile.

use super::{
    Columns, Page, ReadTx, RowBudget, Slice, Transaction,
    columns::same,
    loaders::{Batched, Loaded, Loaders},
    page, scan,
    scope::Scope,
};
use ::dataloader::BatchFn;
use dossier_core::error::Error;
use dossier_policy::Rows;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, Iterable, JoinType, ModelTrait,
    PrimaryKeyToColumn, PrimaryKeyTrait, QueryFilter, QuerySelect, QueryTrait, Select, Value,
    sea_query::{
        Alias, ArrayType, Asterisk, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr,
        extension::postgres::PgFunc,
    },
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Which rows of which parents.
#[derive(Clone, Debug)]
pub(super) struct Parents<E: EntityTrait> {
    pub(super) scope: Scope,
    /// Names the parent in its rows.
    pub(super) column: E::Column,
    pub(super) condition: Condition,
    /// The part of the condition that no index serves.
    pub(super) scan: Condition,
}

impl<E: Rows> Parents<E> {
    /// The rows of which [`Self::scan`] finds some.
    fn select(&self, read_tx: &ReadTx) -> Select<E> {
        self.scope.select(read_tx, self.condition.clone())
    }
}

impl<E: EntityTrait> PartialEq for Parents<E> {
    fn eq(&self, other: &Self) -> bool {
        self.scope == other.scope
            && same(&[self.column], &[other.column])
            && (&self.condition, &self.scan) == (&other.condition, &other.scan)
    }
}

/// What to sum, and for each combination of which columns.
#[derive(Clone, Debug)]
pub(super) struct Totals<E: EntityTrait> {
    pub(super) by: Vec<E::Column>,
    pub(super) of: Vec<E::Column>,
}

impl<E: EntityTrait> PartialEq for Totals<E> {
    fn eq(&self, other: &Self) -> bool {
        same(&self.by, &other.by) && same(&self.of, &other.of)
    }
}

impl Loaders {
    /// Rows by their key.
    pub(super) fn by_id<E: Rows>(&self, read_tx: &ReadTx, columns: Columns<E>) -> Batched<Option<E::Model>, ById<E>>
    where
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.shared(columns, |columns| ById {
            tx: read_tx.tx.clone(),
            select: Scope::Seen.select(read_tx, Condition::all()),
            columns: columns.clone(),
        })
    }

    /// Pages by the parent of their rows.
    pub(super) fn pages<E: Rows>(
        &self,
        read_tx: &ReadTx,
        parents: Parents<E>,
        slice: Slice<E>,
        columns: Columns<E>,
    ) -> Batched<Page<E::Model>, Pages<E>> {
        self.shared((parents, slice, columns), |(parents, slice, columns)| Pages {
            tx: parents.scope.transaction(read_tx),
            select: parents.select(read_tx).filter(parents.scan.clone()),
            column: parents.column,
            slice: slice.clone(),
            columns: columns.clone(),
        })
    }

    /// Counts by the parent of the rows.
    pub(super) fn counts<E: Rows>(&self, read_tx: &ReadTx, parents: Parents<E>) -> Batched<u64, Counts<E>> {
        self.shared(parents, |parents| Counts {
            tx: parents.scope.transaction(read_tx),
            budget: read_tx.budget.clone(),
            select: parents.select(read_tx),
            scan: parents.scan.clone(),
            column: parents.column,
        })
    }

    /// Sums by the parent of the rows.
    pub(super) fn sums<E: Rows>(
        &self,
        read_tx: &ReadTx,
        parents: Parents<E>,
        totals: Totals<E>,
    ) -> Batched<Vec<Sum>, Sums<E>> {
        self.shared((parents, totals), |(parents, totals)| Sums {
            tx: parents.scope.transaction(read_tx),
            budget: read_tx.budget.clone(),
            select: parents.select(read_tx),
            column: parents.column,
            totals: totals.clone(),
        })
    }
}

/// Gives every key an answer: the `dataloader` crate takes a missing one for a fault.
fn answer<V: Clone + Default>(
    keys: &[Uuid],
    read: Result<HashMap<Uuid, V>, impl Into<Error>>,
) -> HashMap<Uuid, Loaded<V>> {
    match read {
        Ok(mut found) => keys.iter().map(|key| (*key, Ok(found.remove(key).unwrap_or_default().into()))).collect(),
        Err(error) => {
            let failure = error.into();
            keys.iter().map(|key| (*key, Err(failure.clone()))).collect()
        }
    }
}

pub(super) struct ById<E: EntityTrait> {
    tx: Transaction,
    select: Select<E>,
    columns: Columns<E>,
}

impl<E: Rows> BatchFn<Uuid, Loaded<Option<E::Model>>> for ById<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Option<E::Model>>> {
        let read = match E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) {
            Some(id) => {
                let select = self.select.clone().filter(among(&self.tx, id, keys));
                self.columns
                    .read(&self.tx, &self.columns.of(select))
                    .await
                    .map(|rows| rows.into_iter().filter_map(|row| Some((uuid(&row.get(id))?, Some(row)))).collect())
            }
            None => Ok(HashMap::<_, _>::new()),
        };
        answer(keys, read)
    }
}

/// One page for each of many parents.
pub(super) struct Pages<E: EntityTrait> {
    tx: Transaction,
    select: Select<E>,
    column: E::Column,
    slice: Slice<E>,
    columns: Columns<E>,
}

impl<E: Rows> Pages<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, Page<E::Model>>, DbErr> {
        let statement = match self.tx.get_database_backend() {
            DbBackend::Postgres => self.lateral(parents),
            _ => self.keyed(parents),
        };
        let mut by_parent: HashMap<Uuid, Vec<E::Model>> = HashMap::with_capacity(parents.len());
        for row in self.columns.read(&self.tx, &statement).await? {
            if let Some(parent) = uuid(&row.get(self.column)) {
                by_parent.entry(parent).or_default().push(row);
            }
        }
        Ok(by_parent.into_iter().map(|(parent, rows)| (parent, page::cut(&self.slice, rows))).collect())
    }

    /// Looks into the index once for each parent, and reads no more rows than the page needs. A lateral join with a limit
    /// is always a loop over the parents, so each parent's rows come in their order.
    fn lateral(&self, parents: &[Uuid]) -> SelectStatement {
        let (parent, page) = (Alias::new("parent"), Alias::new("page"));
        let of_parent = self.column.into_expr().eq(Expr::col((parent.clone(), parent.clone())));
        let rows = self.columns.of(self.slice.apply(self.select.clone().filter(of_parent)));
        Query::select()
            .column((page.clone(), Asterisk))
            .from_function(Func::cust("unnest").arg(array(parents)), parent)
            .join_lateral(JoinType::InnerJoin, rows, page, Condition::all())
            .to_owned()
    }

    /// The same where there are no lateral joins: the keys of each parent's rows are looked up, and by them the rows.
    fn keyed(&self, parents: &[Uuid]) -> SelectStatement {
        let parent = Alias::new("parent");
        // So `SQLite` calls what has no name of its own.
        let of_parent = self.column.into_expr().eq(Expr::col((parent.clone(), Alias::new("column1"))));
        let keys = self.slice.apply(self.select.clone().filter(of_parent));
        let keys = keys.select_only().column(self.slice.key()).into_query();
        let mut rows = Query::select();
        rows.columns(self.columns.names().into_iter().map(|column| column.as_column_ref()))
            .from_values(parents.iter().copied(), parent)
            // `SQLite` never changes the order of a cross join. Of another one it may begin with all rows of the table, and
            // look up the keys of each parent for each of them.
            .cross_join(E::default().table_ref())
            .and_where(self.slice.key().in_subquery(keys));
        for (by, direction) in self.slice.order_by() {
            rows.order_by(by.as_column_ref(), direction);
        }
        rows
    }
}

impl<E: Rows> BatchFn<Uuid, Loaded<Page<E::Model>>> for Pages<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Page<E::Model>>> {
        // Boxed, for each of those who ask holds room for this, and only one of them reads.
        answer(keys, Box::pin(self.read(keys)).await)
    }
}

pub(super) struct Counts<E: EntityTrait> {
    tx: Transaction,
    budget: Arc<RowBudget>,
    select: Select<E>,
    scan: Condition,
    column: E::Column,
}

impl<E: Rows> Counts<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, u64>, Error> {
        let reserved = self.budget.reserve().await;
        let rows = self.select.clone().filter(among(&self.tx, self.column, parents)).limit(reserved.limit());
        let mut statement = scan::counting(rows, &self.scan);
        statement.expr(self.column.into_expr()).add_group_by([self.column.into_expr()]);
        let (mut looked_at, mut by_parent) = (0, HashMap::with_capacity(parents.len()));
        for row in self.tx.query_all(&statement).await? {
            let (rows, count) = scan::counted(&row, 0)?;
            looked_at += rows;
            by_parent.insert(row.try_get_by_index(2)?, count);
        }
        reserved.spend(looked_at)?;
        Ok(by_parent)
    }
}

impl<E: Rows> BatchFn<Uuid, Loaded<u64>> for Counts<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<u64>> {
        answer(keys, Box::pin(self.read(keys)).await)
    }
}

/// The sums of some columns over the rows that have others in common.
#[derive(Clone, Debug)]
pub struct Sum {
    /// What the rows have in common: texts, or enums as they are stored.
    pub by: Vec<String>,
    /// The sums, in the order in which they were asked for.
    pub of: Vec<i64>,
}

pub(super) struct Sums<E: EntityTrait> {
    tx: Transaction,
    budget: Arc<RowBudget>,
    select: Select<E>,
    column: E::Column,
    totals: Totals<E>,
}

impl<E: Rows> Sums<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, Vec<Sum>>, Error> {
        let Self { tx, budget, select, column, totals: Totals { by, of } } = self;
        let reserved = budget.reserve().await;
        let rows = select.clone().filter(among(tx, *column, parents)).limit(reserved.limit());
        let mut statement = scan::counting(rows, &Condition::all());
        for column in [column].into_iter().chain(by) {
            statement.expr(column.into_expr()).add_group_by([column.into_expr()]);
        }
        for of in of {
            // PostgreSQL sums 64 bits into a numeric.
            statement.expr(of.sum().cast_as("BIGINT"));
        }
        let (mut looked_at, mut by_parent) = (0, HashMap::<Uuid, Vec<Sum>>::new());
        for row in tx.query_all(&statement).await? {
            looked_at += scan::counted(&row, 0)?.0;
            let (first_by, first_of) = (3, 3 + by.len());
            let sum = Sum {
                by: (first_by..first_of).map(|index| row.try_get_by_index(index)).collect::<Result<_, _>>()?,
                of: (first_of..first_of + of.len())
                    .map(|index| row.try_get_by_index(index))
                    .collect::<Result<_, _>>()?,
            };
            by_parent.entry(row.try_get_by_index(2)?).or_default().push(sum);
        }
        reserved.spend(looked_at)?;
        Ok(by_parent)
    }
}

impl<E: Rows> BatchFn<Uuid, Loaded<Vec<Sum>>> for Sums<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Vec<Sum>>> {
        answer(keys, Box::pin(self.read(keys)).await)
    }
}

/// Whether the column holds one of these. On `PostgreSQL` several come in one parameter, so that however many there are,
/// it is the same statement; one comes as itself, for a statement with an array is planned anew each time.
fn among<C: ColumnTrait>(tx: &Transaction, column: C, ids: &[Uuid]) -> SimpleExpr {
    match (tx.get_database_backend(), ids) {
        (_, [id]) => column.eq(*id),
        (DbBackend::Postgres, ids) => column.into_expr().eq(PgFunc::any(array(ids))),
        (_, ids) => column.is_in(ids.iter().copied()),
    }
}

fn array(ids: &[Uuid]) -> Value {
    Value::Array(ArrayType::Uuid, Some(Box::new(ids.iter().copied().map(Value::from).collect())))
}

fn uuid(value: &Value) -> Option<Uuid> {
    match value {
        Value::Uuid(id) => *id,
        _ => None,
    }
}
