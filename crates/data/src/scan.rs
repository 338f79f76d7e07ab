//! Lists of which no index finds the rows: they are looked at one after the other, within the budget of the operation.
//!
//! A statement here looks at rows that the viewer sees, and at no more of them than it may: what bounds it, and what it
//! reports, is the same whatever else there is.

use super::{Columns, Page, Slice, Transaction, page};
use crate::RowBudget;
use dossier_core::error::Error;
use dossier_policy::Rows;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Iterable, QueryResult, QuerySelect, QueryTrait,
    Select,
    sea_query::{Alias, DynIden, Expr, ExprTrait, Func, IntoIden, Query, SelectStatement, WindowStatement},
};
use uuid::Uuid;

/// How many rows the first statement of a page looks at: as a rule, the page is found among them.
const FIRST: u64 = 200;

/// How many times more the next statement looks at.
const GROWTH: u64 = 10;

/// How many rows were looked at.
const LOOKED_AT: &str = "rows_looked_at";

/// The key of the row behind; null for the last one.
const NEXT: &str = "row_behind";

/// Whether a row is of the list, as a number.
const MATCHES: &str = "row_matches";

/// The rows of a list.
pub(super) struct Scan<'b, E: EntityTrait> {
    pub(super) budget: &'b RowBudget,
    pub(super) tx: Transaction,
    /// The rows to look at.
    pub(super) rows: Select<E>,
    /// Which of them are of the list.
    pub(super) condition: Condition,
    /// How many dossiers the database goes through to find the rows.
    pub(super) dossiers: u64,
}

impl<E: Rows> Scan<'_, E> {
    /// How many rows the list has.
    pub(super) async fn count(self) -> Result<u64, Error> {
        let reserved = self.budget.reserve().await;
        let statement = counting(self.rows.limit(reserved.limit()), &self.condition);
        let found = self.tx.query_one(&statement).await?;
        let (looked_at, count) = found.as_ref().map_or(Ok((0, 0)), |row| counted(row, 0))?;
        reserved.spend(looked_at + self.dossiers)?;
        Ok(count)
    }

    /// One page of the list. `all`: the same list, for a statement that looks at all rows at once, where looking at more
    /// and more of them in their order would gather all of them each time.
    pub(super) async fn page(
        self,
        slice: &Slice<E>,
        columns: &Columns<E>,
        mut all: Option<Self>,
    ) -> Result<Page<E::Model>, Error> {
        let (mut scan, mut size, mut from, mut found) = (self, FIRST, slice.clone(), Vec::new());
        loop {
            let reserved = scan.budget.reserve().await;
            let limit = Ord::min(reserved.limit(), size);
            let answer = scan.tx.query_all(&scan.statement(&from, columns, limit)).await?;
            let looked_at = answer.first().map_or(Ok(0), |row| number(row, LOOKED_AT))?;
            reserved.spend(looked_at + scan.dossiers)?;
            let mut last = None;
            for row in &answer {
                let model = columns.row(row)?;
                let is_last = row.try_get::<Option<Uuid>>("", NEXT)?.is_none();
                last = is_last.then(|| slice.position(&model)).or(last);
                if row.try_get::<i32>("", MATCHES)? > 0 {
                    found.push(model);
                }
            }
            match last {
                Some(last) if looked_at == limit && !slice.is_filled(found.len()) => from = from.behind(last),
                _ => return Ok(page::cut(slice, found)),
            }
            if let Some(all) = all.take() {
                (scan, size) = (all, u64::MAX);
            } else {
                size = size.saturating_mul(GROWTH);
            }
        }
    }

    /// Looks at so many rows; answers with those of the list, and with the last one in any case.
    fn statement(&self, slice: &Slice<E>, columns: &Columns<E>, limit: u64) -> SelectStatement {
        let mut looked_at = Query::select();
        let order = slice.order_by();
        let mut window = WindowStatement::new();
        for (column, direction) in order.clone() {
            window.order_by((table::<E>(), column), direction);
        }
        looked_at
            .columns(E::Column::iter().map(|column| (table::<E>(), column)))
            .expr_as(Expr::cust("COUNT(*) OVER ()"), LOOKED_AT)
            .expr_window_as(Func::cust("LEAD").arg(slice.key().into_expr()), window, NEXT)
            .from_subquery(slice.arrange(self.rows.clone()).limit(limit).into_query(), table::<E>());
        let last = || Expr::col((table::<E>(), Alias::new(NEXT))).is_null();
        let mut statement = Query::select();
        let columns = columns.names().into_iter().map(|column| (table::<E>(), column));
        statement
            .columns(columns)
            .column((table::<E>(), Alias::new(LOOKED_AT)))
            .column((table::<E>(), Alias::new(NEXT)))
            .expr_as(Expr::case(self.condition.clone(), Expr::cust("1")).finally(Expr::cust("0")), MATCHES)
            .from_subquery(looked_at, table::<E>())
            .cond_where(Condition::any().add(self.condition.clone()).add(last()))
            // All rows of the page, the one behind it, and the last that was looked at.
            .limit(slice.size() + 2);
        for (column, direction) in order {
            statement.order_by((table::<E>(), column), direction);
        }
        statement
    }
}

/// The name of the table: rows that were looked at are called as the rows of the table, so that conditions hold of them.
fn table<E: EntityTrait>() -> DynIden {
    E::default().table_name().to_owned().into_iden()
}

/// How many rows these are, and of how many of them the condition holds.
pub(super) fn counting<E: EntityTrait>(rows: Select<E>, condition: &Condition) -> SelectStatement {
    let matching = Expr::case(condition.clone(), Expr::cust("1"));
    Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .expr(Func::count(matching))
        .from_subquery(rows.into_query(), table::<E>())
        .take()
}

/// What [`counting`] found, from this column on.
pub(super) fn counted(row: &QueryResult, from: usize) -> Result<(u64, u64), DbErr> {
    let count = |index| row.try_get_by_index::<i64>(index).map(i64::unsigned_abs);
    Ok((count(from)?, count(from + 1)?))
}

fn number(row: &QueryResult, name: &str) -> Result<u64, DbErr> {
    row.try_get::<i64>("", name).map(i64::unsigned_abs)
}
