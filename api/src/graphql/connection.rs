//! Relay's cursor connections over keyset pages.

use super::{
    inline::{Inline, InlineList},
    node::Node,
    request::ContextExt,
    selection,
};
use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use dossier_core::error::Error;
use dossier_data::{Arguments, Columns, Order, Page, PageCursor, Purpose, ReadTx, ScopedQuery, Slice};
use futures::future::BoxFuture;
use sea_orm::{Condition, EntityTrait};
use std::borrow::Cow;
use uuid::Uuid;

/// The paging arguments of a field.
#[derive(Default)]
pub struct Paging {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// A page of a list.
pub type Connection<N> = Inline<Paged<N>>;

/// See [`Connection`].
pub struct Paged<N: Node> {
    page: Page<N>,
    slice: Slice<N::Entity>,
    rows: Rows<N>,
}

/// Which rows the list has.
pub struct Rows<N: Node> {
    condition: Condition,
    indexed: Condition,
    scan: Condition,
    parent: Option<(<N::Entity as EntityTrait>::Column, Uuid)>,
    order: Order<N::Entity>,
}

impl<N: Node> Rows<N> {
    /// All that meet the condition.
    pub fn all(condition: Condition, order: Order<N::Entity>) -> Self {
        Self { condition, indexed: Condition::all(), scan: Condition::all(), parent: None, order }
    }

    /// Those of them that also meet this condition, which an index of the organization serves.
    #[must_use]
    pub fn indexed(self, condition: Condition) -> Self {
        if condition.is_empty() { self } else { Self { indexed: self.indexed.add(condition), ..self } }
    }

    /// Those of them that also meet this condition, which no index serves: what has to be looked at to find them is
    /// charged, and bounded by what the operation may cost.
    #[must_use]
    pub fn scan(self, condition: Condition) -> Self {
        Self { scan: condition, ..self }
    }

    /// Those of a parent: lists of many parents are read together.
    #[must_use]
    pub fn of(mut self, column: <N::Entity as EntityTrait>::Column, parent: Uuid) -> Self {
        self.parent = Some((column, parent));
        self
    }

    /// Reads the page that the arguments ask for.
    pub fn page<'c>(self, ctx: &'c Context<'_>, paging: Paging) -> BoxFuture<'c, Result<Connection<N>, Error>> {
        // Boxed, for every field of the parent, however simple, holds room for this.
        Box::pin(self.paged(ctx, paging))
    }

    async fn paged(self, ctx: &Context<'_>, paging: Paging) -> Result<Connection<N>, Error> {
        let purpose = purpose(ctx).await?;
        let open = |name: &str, cursor: Option<String>| -> Result<Option<PageCursor>, Error> {
            cursor
                .map(|cursor| {
                    let position = ctx.app()?.sealer.open(&purpose, &cursor);
                    position.ok_or_else(|| {
                        Error::bad_input(
                            name,
                            "this is not a cursor of this list; take one from `edges.cursor` or `pageInfo`",
                        )
                    })
                })
                .transpose()
        };
        let arguments = Arguments {
            first: paging.first,
            after: open("after", paging.after)?,
            last: paging.last,
            before: open("before", paging.before)?,
        };
        let slice = Slice::new(self.order, arguments)?;
        let page = if selection::reads_page(ctx) {
            self.read(ctx, slice.clone(), selection::of_connection::<N>(ctx)).await?
        } else {
            Page::default()
        };
        Ok(Inline(Paged { page, slice, rows: self }))
    }

    /// Reads the first row.
    pub async fn one(self, ctx: &Context<'_>) -> Result<Option<N>, Error> {
        let slice = Slice::new(self.order, Arguments { first: Some(1), ..Arguments::default() })?;
        Ok(self.read(ctx, slice, selection::of_object::<N>(ctx)).await?.rows.pop())
    }

    async fn read(
        &self,
        ctx: &Context<'_>,
        slice: Slice<N::Entity>,
        mut columns: Columns<N::Entity>,
    ) -> Result<Page<N>, Error> {
        columns.add(slice.columns());
        columns.add(self.parent.map(|(column, _)| column));
        let tx = ctx.tx().await?;
        let found = self.found(&tx).columns(columns);
        let page = match self.parent {
            Some((column, parent)) => found.page_of(column, parent, slice).await?,
            None => found.page(&slice).await?,
        };
        Ok(page.filter_map(N::of))
    }

    fn found<'u>(&self, tx: &'u ReadTx) -> ScopedQuery<'u, N::Entity> {
        let found = tx.find::<N::Entity>().filter(N::only()).filter(self.condition.clone());
        found.indexed(self.indexed.clone()).scan(self.scan.clone())
    }
}

/// Nobody can use, or compare with their own, a cursor of those who see something else.
async fn purpose(ctx: &Context<'_>) -> Result<Purpose, Error> {
    let access_scope = ctx.tx().await?.member()?.access_scope();
    Ok(Purpose { kind: "page", organization: access_scope.organization, scope: Some(access_scope.print()) })
}

/// Where a page stands in its list.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether there are rows after this page. Going backward: whether a `before` was given.
    has_next_page: bool,
    /// Whether there are rows before this page. Going forward: whether an `after` was given.
    has_previous_page: bool,
    /// The cursor of the first row; null when the page is empty.
    start_cursor: Option<String>,
    /// The cursor of the last row; null when the page is empty.
    end_cursor: Option<String>,
}

impl<N: Node> Paged<N> {
    fn cursor(&self, ctx: &Context<'_>, purpose: &Purpose, node: &N) -> Result<String, Error> {
        ctx.app()?.sealer.seal(purpose, &self.slice.position(node.row()))
    }
}

impl<N: Node> TypeName for Paged<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", <N as OutputType>::type_name()).into()
    }
}

/// One page of a list, in the list's order.
#[Object(name_type)]
impl<N: Node> Paged<N> {
    /// The rows, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<InlineList<Edge<'_, N>>, Error> {
        let purpose = purpose(ctx).await?;
        let edge = |node| Ok(Edge { node, cursor: self.cursor(ctx, &purpose, node)? });
        self.page.rows.iter().map(edge).collect::<Result<_, _>>().map(InlineList)
    }

    /// The rows alone.
    async fn nodes(&self) -> InlineList<&N> {
        InlineList(self.page.rows.iter().collect())
    }

    /// Where the page stands, and how to go on.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, Error> {
        let purpose = purpose(ctx).await?;
        let cursor = |node: Option<&N>| node.map(|node| self.cursor(ctx, &purpose, node)).transpose();
        Ok(PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: cursor(self.page.rows.first())?,
            end_cursor: cursor(self.page.rows.last())?,
        })
    }

    /// How many rows the whole list has within the viewer's reach. Counted only when asked for; 100 rows that are
    /// looked at cost a point, and more than the operation may still cost are refused with `COST_EXCEEDED`.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        let tx = ctx.tx().await?;
        let found = self.rows.found(&tx);
        match self.rows.parent {
            Some((column, parent)) => found.count_of(column, parent).await,
            None => Box::pin(found.count()).await,
        }
    }
}

/// A row of a page.
pub struct Edge<'a, N> {
    node: &'a N,
    cursor: String,
}

impl<N: Node> TypeName for Edge<'_, N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", <N as OutputType>::type_name()).into()
    }
}

/// A row with its place in the list.
#[Object(name_type)]
impl<N: Node> Edge<'_, N> {
    /// Opaque: give it as `after` or `before` to go on from here. The same row in the same order has the same cursor for
    /// all who have the same access.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row.
    async fn node(&self) -> Inline<&N> {
        Inline(self.node)
    }
}
