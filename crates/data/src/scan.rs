//! Lists whose condition no index supports. A scan reads their rows one after the other, within the budget of the
//! operation.
//!
//! A statement of a scan reads only rows that the viewer sees, and only as many as the budget allows. Its limit and its
//! report do not depend on any other rows.

use super::{Columns, Page, Slice, Sum, Transaction, page};
use crate::RowBudget;
use dossier_core::error::Error;
use dossier_policy::RowPolicy;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Iterable, QueryResult, QuerySelect, QueryTrait,
    Select,
    sea_query::{Alias, DynIden, Expr, ExprTrait, Func, IntoIden, Query, SelectStatement, WindowStatement},
};
use uuid::Uuid;

/// The number of rows that the first statement of a page reads. Usually, the page is among them.
const FIRST: u64 = 200;

/// The factor by which the next statement reads more rows.
const GROWTH: u64 = 10;

/// The column with the number of rows that were read.
const LOOKED_AT: &str = "rows_looked_at";

/// The column with the key of the next row, which is null for the last row.
const NEXT: &str = "row_behind";

/// The column that says whether a row belongs to the list, as a number.
const MATCHES: &str = "row_matches";

/// A scan of the rows of a list.
pub(super) struct Scan<'b, E: EntityTrait> {
    pub(super) budget: &'b RowBudget,
    pub(super) tx: Transaction,
    /// The rows to read.
    pub(super) rows: Select<E>,
    /// The condition of the rows that belong to the list.
    pub(super) condition: Condition,
    /// The number of dossiers that the database searches to find the rows.
    pub(super) dossiers: u64,
}

impl<E: RowPolicy> Scan<'_, E> {
    /// Returns the number of rows of the list.
    pub(super) async fn count(self) -> Result<u64, Error> {
        let reserved = self.budget.reserve().await;
        let statement = count_statement(self.rows.limit(reserved.limit()), &self.condition);
        let row = self.tx.query_one(&statement).await?;
        let (looked_at, count) = row.as_ref().map_or(Ok((0, 0)), |row| parse_counts(row, 0))?;
        reserved.spend(looked_at + self.dossiers)?;
        Ok(count)
    }

    /// Returns the sums of the columns `of` over the rows of the list, for each combination of the texts in `by`.
    pub(super) async fn sums(self, by: &[E::Column], of: &[E::Column]) -> Result<Vec<Sum>, Error> {
        let reserved = self.budget.reserve().await;
        let mut statement = count_statement(self.rows.limit(reserved.limit()), &self.condition);
        for column in by {
            statement.expr(column.into_expr()).add_group_by([column.into_expr()]);
        }
        for column in of {
            let value = Expr::case(self.condition.clone(), column.into_expr()).finally(Expr::cust("0"));
            // PostgreSQL's sum of 64-bit numbers is a `numeric`.
            statement.expr(Func::sum(value).cast_as("BIGINT"));
        }
        let (mut looked_at, mut sums) = (0, Vec::new());
        for row in self.tx.query_all(&statement).await? {
            let (rows, count) = parse_counts(&row, 0)?;
            looked_at += rows;
            sums.push(Sum::parse(&row, 2, by.len(), of.len(), count)?);
        }
        reserved.spend(looked_at + self.dossiers)?;
        sums.retain(|sum| sum.count > 0);
        sums.sort_by(|one, other| one.by.cmp(&other.by));
        Ok(sums)
    }

    /// Returns a page of the list. `all` is the same list for a statement that reads all rows at once. It is used where
    /// each larger statement would gather all rows again.
    pub(super) async fn page(
        self,
        slice: &Slice<E>,
        columns: &Columns<E>,
        mut all: Option<Self>,
    ) -> Result<Page<E::Model>, Error> {
        let (mut scan, mut size, mut from, mut matching) = (self, FIRST, slice.clone(), Vec::new());
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
                    matching.push(model);
                }
            }
            match last {
                Some(last) if looked_at == limit && !slice.is_filled(matching.len()) => from = from.behind(last),
                _ => return Ok(page::cut(slice, matching)),
            }
            if let Some(all) = all.take() {
                (scan, size) = (all, u64::MAX);
            } else {
                size = size.saturating_mul(GROWTH);
            }
        }
    }

    /// Reads this many rows. Returns those of the list, and the last row in any case.
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
            // All rows of the page, the row behind it, and the last row that was read.
            .limit(slice.size() + 2);
        for (column, direction) in order {
            statement.order_by((table::<E>(), column), direction);
        }
        statement
    }
}

/// Returns the name of the table. The subquery has the same name, so that conditions on the table apply to its rows.
fn table<E: EntityTrait>() -> DynIden {
    E::default().table_name().to_owned().into_iden()
}

/// Selects the number of rows, and the number of those that meet the condition.
pub(super) fn count_statement<E: EntityTrait>(rows: Select<E>, condition: &Condition) -> SelectStatement {
    let matching = Expr::case(condition.clone(), Expr::cust("1"));
    Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .expr(Func::count(matching))
        .from_subquery(rows.into_query(), table::<E>())
        .take()
}

/// Reads the result of [`count_statement`], starting at this column.
pub(super) fn parse_counts(row: &QueryResult, from: usize) -> Result<(u64, u64), DbErr> {
    let count = |index| row.try_get_by_index::<i64>(index).map(i64::unsigned_abs);
    Ok((count(from)?, count(from + 1)?))
}

fn number(row: &QueryResult, name: &str) -> Result<u64, DbErr> {
    row.try_get::<i64>("", name).map(i64::unsigned_abs)
}
