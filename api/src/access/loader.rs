//! Loaders: what many resolvers of one unit ask for meanwhile is read by one statement.
//!
//! Built on the `dataloader` crate, which runs inline: no task outlives the unit's transaction.

use super::{Page, Slice, Transaction, Unit, page};
use crate::{failure::Failure, policy::Rows};
use ::dataloader::{BatchFn, non_cached::Loader};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Iterable, ModelTrait, PrimaryKeyToColumn,
    PrimaryKeyTrait, QueryFilter, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Alias, Expr, ExprTrait, Query, WindowStatement},
};
use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// The `dataloader` crate knows no errors: a value is what was read, or why nothing was, for every key alike.
type Loaded<V> = Result<V, Arc<DbErr>>;

/// The loaders of one unit, by what they load.
#[derive(Default)]
pub(super) struct Loaders {
    by_shape: Mutex<HashMap<String, Box<dyn Any + Send + Sync>>>,
}

impl Loaders {
    /// Rows by their key.
    pub(super) fn by_id<E: Rows>(&self, unit: &Unit) -> Batched<Option<E::Model>, ById<E>>
    where
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.shared(format!("row {}", E::default().table_name()), || ById {
            tx: unit.tx.clone(),
            select: unit.find::<E>().into_select(),
        })
    }

    /// Pages by the parent of their rows.
    pub(super) fn pages<E: Rows>(&self, tx: Transaction, shape: Shape<E>) -> Batched<Page<E::Model>, Pages<E>> {
        let key = format!("page {:?} {}", shape.slice, shape.select.build(tx.get_database_backend()));
        self.shared(key, || Pages { tx, shape })
    }

    /// Counts by the parent of the rows.
    pub(super) fn counts<E: Rows>(
        &self,
        tx: Transaction,
        select: Select<E>,
        column: E::Column,
    ) -> Batched<u64, Counts<E>> {
        let key = format!("count {}", select.build(tx.get_database_backend()));
        self.shared(key, || Counts { tx, select, column })
    }

    /// Sums by the parent of the rows.
    pub(super) fn sums<E: Rows>(&self, tx: Transaction, totals: Totals<E>) -> Batched<Vec<Sum>, Sums<E>> {
        let Totals { select, column, by, of } = &totals;
        let key = format!("sum {column:?} {by:?} {of:?} {}", select.build(tx.get_database_backend()));
        self.shared(key, || Sums { tx, totals })
    }

    fn shared<V, F>(&self, shape: String, make: impl FnOnce() -> F) -> Batched<V, F>
    where
        V: Clone + Send + Sync + 'static,
        F: BatchFn<Uuid, Loaded<V>> + Send + Sync + 'static,
    {
        let mut by_shape = self.by_shape.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loader) = by_shape.get(&shape).and_then(|any| any.downcast_ref::<Loader<Uuid, Loaded<V>, F>>()) {
            return Batched(loader.clone());
        }
        let loader = Loader::new(make()).with_max_batch_size(usize::MAX);
        by_shape.insert(shape, Box::new(loader.clone()));
        Batched(loader)
    }
}

/// A loader whose answers are ours.
pub(super) struct Batched<V: Clone, F: BatchFn<Uuid, Loaded<V>>>(Loader<Uuid, Loaded<V>, F>);

impl<V: Clone, F: BatchFn<Uuid, Loaded<V>>> Batched<V, F> {
    pub(super) async fn load(&self, key: Uuid) -> Result<V, Failure> {
        self.0.try_load(key).await.map_err(Failure::internal)?.map_err(Failure::from)
    }
}

/// Gives every key an answer: the `dataloader` crate takes a missing one for a fault.
fn answer<V: Clone + Default>(keys: &[Uuid], read: Result<HashMap<Uuid, V>, DbErr>) -> HashMap<Uuid, Loaded<V>> {
    match read {
        Ok(mut found) => keys.iter().map(|key| (*key, Ok(found.remove(key).unwrap_or_default()))).collect(),
        Err(error) => {
            let error = Arc::new(error);
            keys.iter().map(|key| (*key, Err(error.clone()))).collect()
        }
    }
}

pub(super) struct ById<E: EntityTrait> {
    tx: Transaction,
    select: Select<E>,
}

impl<E: Rows> BatchFn<Uuid, Loaded<Option<E::Model>>> for ById<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Option<E::Model>>> {
        let read = match E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) {
            Some(id) => self
                .select
                .clone()
                .filter(id.is_in(keys.iter().copied()))
                .all(&self.tx)
                .await
                .map(|rows| rows.into_iter().filter_map(|row| Some((uuid(&row.get(id))?, Some(row)))).collect()),
            None => Ok(HashMap::new()),
        };
        answer(keys, read)
    }
}

/// One page for each of many parents.
pub(super) struct Shape<E: EntityTrait> {
    pub(super) select: Select<E>,
    pub(super) column: E::Column,
    pub(super) slice: Slice<E>,
}

pub(super) struct Pages<E: EntityTrait> {
    tx: Transaction,
    shape: Shape<E>,
}

impl<E: Rows> Pages<E> {
    /// Numbers the rows of each parent in the order of the page, and keeps as many as the page needs.
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, Page<E::Model>>, DbErr> {
        let Shape { select, column, slice } = &self.shape;
        let rank = Alias::new("rank");
        let mut window = WindowStatement::partition_by(column.as_column_ref());
        for (by, direction) in slice.order_by() {
            window.order_by(by.as_column_ref(), direction);
        }
        let mut ranked = slice.bound(select.clone().filter(column.is_in(parents.iter().copied()))).into_query();
        ranked.expr_window_as(Expr::cust("ROW_NUMBER()"), window, rank.clone());
        let statement = Query::select()
            .expr(Expr::cust("*"))
            .from_subquery(ranked, Alias::new("ranked"))
            .and_where(Expr::col(rank.clone()).lte(slice.rows_to_read()))
            .order_by(rank, sea_orm::sea_query::Order::Asc)
            .to_owned();
        let rows = E::Model::find_by_statement(self.tx.get_database_backend().build(&statement)).all(&self.tx).await?;
        let mut by_parent: HashMap<Uuid, Vec<E::Model>> = parents.iter().map(|parent| (*parent, Vec::new())).collect();
        for row in rows {
            if let Some(group) = uuid(&row.get(*column)).and_then(|parent| by_parent.get_mut(&parent)) {
                group.push(row);
            }
        }
        Ok(by_parent.into_iter().map(|(parent, rows)| (parent, page::cut(slice, rows))).collect())
    }
}

impl<E: Rows> BatchFn<Uuid, Loaded<Page<E::Model>>> for Pages<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Page<E::Model>>> {
        answer(keys, self.read(keys).await)
    }
}

pub(super) struct Counts<E: EntityTrait> {
    tx: Transaction,
    select: Select<E>,
    column: E::Column,
}

impl<E: Rows> BatchFn<Uuid, Loaded<u64>> for Counts<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<u64>> {
        let read = self
            .select
            .clone()
            .filter(self.column.is_in(keys.iter().copied()))
            .select_only()
            .column_as(self.column, "parent")
            .column_as(Expr::cust("COUNT(*)"), "rows")
            .group_by(self.column)
            .into_tuple::<(Uuid, i64)>()
            .all(&self.tx)
            .await
            .map(|rows| rows.into_iter().map(|(parent, count)| (parent, count.unsigned_abs())).collect());
        answer(keys, read)
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

/// What to sum for each of many parents.
pub(super) struct Totals<E: EntityTrait> {
    pub(super) select: Select<E>,
    pub(super) column: E::Column,
    pub(super) by: Vec<E::Column>,
    pub(super) of: Vec<E::Column>,
}

pub(super) struct Sums<E: EntityTrait> {
    tx: Transaction,
    totals: Totals<E>,
}

impl<E: Rows> Sums<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, Vec<Sum>>, DbErr> {
        let Totals { select, column, by, of } = &self.totals;
        let select = select.clone().filter(column.is_in(parents.iter().copied())).select_only();
        let mut select = select.expr(column.into_expr()).group_by(*column);
        for by in by {
            select = select.expr(by.into_expr()).group_by(*by);
        }
        for of in of {
            // PostgreSQL sums 64 bits into a numeric.
            select = select.expr(of.sum().cast_as("BIGINT"));
        }
        let mut by_parent = HashMap::<Uuid, Vec<Sum>>::new();
        for row in self.tx.query_all(&select.into_query()).await? {
            let sum = Sum {
                by: (1..=by.len()).map(|index| row.try_get_by_index(index)).collect::<Result<_, _>>()?,
                of: (1..=of.len()).map(|index| row.try_get_by_index(by.len() + index)).collect::<Result<_, _>>()?,
            };
            by_parent.entry(row.try_get_by_index(0)?).or_default().push(sum);
        }
        Ok(by_parent)
    }
}

impl<E: Rows> BatchFn<Uuid, Loaded<Vec<Sum>>> for Sums<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Vec<Sum>>> {
        answer(keys, self.read(keys).await)
    }
}

fn uuid(value: &Value) -> Option<Uuid> {
    match value {
        Value::Uuid(id) => *id,
        _ => None,
    }
}
