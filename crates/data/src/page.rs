//! Keyset pages. A page continues after the sort key and id of a row, so that rows added in between shift nothing.
//!
//! The arguments follow Relay's cursor connections (<https://relay.dev/graphql/connections.htm>): `first`/`after`
//! forward, `last`/`before` backward. Rows have the same order both ways.

use super::{Key, PageCursor};
use dossier_core::error::Error;
use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Order as Direction, SimpleExpr},
};

/// The maximum number of rows of a page.
pub const MAX_PAGE: u32 = 100;

/// The number of rows of a page if the caller does not give one.
pub const DEFAULT_PAGE: u32 = 20;

/// An order by a column and then by id, or by id alone, which is the order of creation.
#[derive(Clone, Copy, Debug)]
pub struct Order<E: EntityTrait> {
    /// The column to sort by, or `None` for the order of creation. It must never be null.
    pub column: Option<E::Column>,
    /// The column of the key.
    pub id: E::Column,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

impl<E: EntityTrait> Order<E> {
    /// Returns the name of the order for cursors. A cursor of another order is refused.
    fn tag(&self) -> String {
        let (sign, column) = self.session_settings();
        format!("{sign}{column}")
    }

    fn session_settings(&self) -> (&'static str, &'static str) {
        let column = self.column.map_or("", |column| column.as_str());
        (if self.descending { "-" } else { "+" }, column)
    }
}

/// A slice of an ordered list.
#[derive(Debug)]
pub struct Slice<E: EntityTrait> {
    order: Order<E>,
    limit: u64,
    from: Option<PageCursor>,
    until: Option<PageCursor>,
    backward: bool,
}

impl<E: EntityTrait> Clone for Slice<E> {
    fn clone(&self) -> Self {
        Self { from: self.from.clone(), until: self.until.clone(), ..*self }
    }
}

impl<E: EntityTrait> PartialEq for Slice<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order.session_settings() == other.order.session_settings()
            && (self.limit, self.backward) == (other.limit, other.backward)
            && (&self.from, &self.until) == (&other.from, &other.until)
    }
}

/// The paging arguments of a connection, not yet checked.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The maximum number of rows from the start.
    pub first: Option<i32>,
    /// The position after which the page starts.
    pub after: Option<PageCursor>,
    /// The maximum number of rows from the end.
    pub last: Option<i32>,
    /// The position before which the page ends.
    pub before: Option<PageCursor>,
}

impl<E: EntityTrait> Slice<E> {
    /// Checks the paging arguments.
    pub fn new(order: Order<E>, arguments: Arguments) -> Result<Self, Error> {
        let Arguments { first, after, last, before } = arguments;
        let (limit, backward) = match (first, last) {
            (Some(_), Some(_)) => return Err(Error::bad_input("last", "give either `first` or `last`, not both")),
            (Some(first), None) => (bounded("first", first)?, false),
            (None, Some(last)) => (bounded("last", last)?, true),
            (None, None) => (DEFAULT_PAGE, false),
        };
        for (name, position) in [("after", &after), ("before", &before)] {
            if position.as_ref().is_some_and(|position| position.order != order.tag()) {
                return Err(Error::bad_input(
                    name,
                    "this cursor is of another list or another order; take one from this list",
                ));
            }
        }
        let (from, until) = if backward { (before, after) } else { (after, before) };
        Ok(Self { order, limit: limit.into(), from, until, backward })
    }

    /// Adds conditions, order and limit. The limit is one row more than the page, which shows whether there is a next
    /// page.
    pub(super) fn apply(&self, select: Select<E>) -> Select<E> {
        self.arrange(select).limit(self.limit + 1)
    }

    /// Adds conditions and order.
    pub(super) fn arrange(&self, mut select: Select<E>) -> Select<E> {
        let ascending = self.order.descending == self.backward;
        if let Some(from) = &self.from {
            select = select.filter(self.beyond(from, ascending));
        }
        if let Some(until) = &self.until {
            select = select.filter(self.beyond(until, !ascending));
        }
        for (column, direction) in self.order_by() {
            select = select.order_by(column, direction);
        }
        select
    }

    /// Returns the maximum number of rows of the page.
    pub(super) fn size(&self) -> u64 {
        self.limit
    }

    /// Returns whether this many rows fill the page and show whether there is a next one.
    pub(super) fn is_filled(&self, rows: usize) -> bool {
        u64::try_from(rows).is_ok_and(|rows| rows > self.limit)
    }

    /// Returns the same slice, starting behind this position.
    pub(super) fn behind(self, position: PageCursor) -> Self {
        Self { from: Some(position), ..self }
    }

    /// Returns the columns and directions in which the rows are to be read.
    pub(super) fn order_by(&self) -> Vec<(E::Column, Direction)> {
        let direction = if self.order.descending == self.backward { Direction::Asc } else { Direction::Desc };
        self.columns().map(|column| (column, direction.clone())).collect()
    }

    /// Returns the column of the key.
    pub(super) fn key(&self) -> E::Column {
        self.order.id
    }

    fn beyond(&self, position: &PageCursor, greater: bool) -> SimpleExpr {
        let id = self.order.id.into_expr();
        match (self.order.column, &position.key) {
            (Some(column), Some(key)) => {
                let here = Expr::tuple([column.into_expr(), id]);
                let there = Expr::tuple([Expr::value(key.clone()), Expr::value(position.id)]);
                if greater { here.gt(there) } else { here.lt(there) }
            }
            _ if greater => id.gt(position.id),
            _ => id.lt(position.id),
        }
    }

    /// Returns the columns that determine the position of a row.
    pub fn columns(&self) -> impl Iterator<Item = E::Column> {
        self.order.column.into_iter().chain([self.order.id])
    }

    /// Returns the position of a row in this order.
    pub fn position<M: ModelTrait<Entity = E>>(&self, row: &M) -> PageCursor {
        PageCursor {
            order: self.order.tag(),
            key: self.order.column.and_then(|column| Key::of(row.get(column))),
            id: Key::id(&row.get(self.order.id)),
        }
    }
}

fn bounded(name: &str, count: i32) -> Result<u32, Error> {
    match u32::try_from(count) {
        Ok(count) if count <= MAX_PAGE => Ok(count),
        _ => Err(Error::bad_input(name, format!("{count} is out of range; give 0 to {MAX_PAGE}"))),
    }
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Page<M> {
    /// The rows, in the order of the list.
    pub rows: Vec<M>,
    /// Whether there are rows after these.
    pub has_next: bool,
    /// Whether there are rows before these.
    pub has_previous: bool,
}

impl<M> Page<M> {
    /// Converts the rows. Rows for which `of` returns `None` are left out.
    pub fn filter_map<N>(self, of: impl FnMut(M) -> Option<N>) -> Page<N> {
        let Self { rows, has_next, has_previous } = self;
        Page { rows: rows.into_iter().filter_map(of).collect(), has_next, has_previous }
    }
}

impl<M> Default for Page<M> {
    fn default() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false }
    }
}

/// Removes the extra row that was read beyond the page, and reverses a page that was read backward.
pub(super) fn cut<E: EntityTrait, M>(slice: &Slice<E>, mut rows: Vec<M>) -> Page<M> {
    let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    if slice.backward {
        rows.reverse();
        Page { rows, has_next: slice.from.is_some(), has_previous: more }
    } else {
        Page { rows, has_next: more, has_previous: slice.from.is_some() }
    }
}
