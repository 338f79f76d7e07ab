//! Relay's cursor connections over keyset pages.

use super::{
    inline::{Inline, InlineList},
    node::Node,
    request::ContextExt,
    selection,
};
use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use dossier_core::error::Error;
use dossier_data::{Arguments, Columns, Order, Page, PageCursor, Purpose, ReadTx, ScopedQuery, Slice, Sum};
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

/// The object behind [`Connection`].
pub struct Paged<N: Node> {
    page: Page<N>,
    slice: Slice<N::Entity>,
    rows: Rows<N>,
}

/// The rows of a list.
pub struct Rows<N: Node> {
    condition: Condition,
    indexed: Condition,
    scan: Condition,
    parent: Option<(<N::Entity as EntityTrait>::Column, Uuid)>,
    order: Order<N::Entity>,
    in_trash: bool,
}

impl<N: Node> Rows<N> {
    /// Returns all rows that meet the condition.
    pub fn all(condition: Condition, order: Order<N::Entity>) -> Self {
        Self { condition, indexed: Condition::all(), scan: Condition::all(), parent: None, order, in_trash: false }
    }

    /// Returns the deleted rows that can be restored instead.
    #[must_use]
    pub fn in_trash(self) -> Self {
        Self { in_trash: true, ..self }
    }

    /// Adds a condition that an index of the organization serves.
    #[must_use]
    pub fn indexed(self, condition: Condition) -> Self {
        if condition.is_empty() { self } else { Self { indexed: self.indexed.add(condition), ..self } }
    }

    /// Adds a condition that no index serves. The operation pays for each scanned row, and its cost limit bounds the
    /// scan.
    #[must_use]
    pub fn scan(self, condition: Condition) -> Self {
        Self { scan: condition, ..self }
    }

    /// Returns those of the rows that also meet a condition that no index serves.
    #[must_use]
    pub fn and_scan(&self, condition: Condition) -> Self {
        let (scan, indexed) = (self.scan.clone().add(condition), self.indexed.clone());
        Self { condition: self.condition.clone(), indexed, scan, ..*self }
    }

    /// Returns the sums of columns over all rows, for each combination of the texts in `by`.
    pub async fn sums(
        self,
        ctx: &Context<'_>,
        by: &[<N::Entity as EntityTrait>::Column],
        of: &[<N::Entity as EntityTrait>::Column],
    ) -> Result<Vec<Sum>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        Box::pin(self.found(&tx).sums(by, of)).await
    }

    /// Limits the rows to those of a parent. The lists of several parents are read together.
    #[must_use]
    pub fn of(mut self, column: <N::Entity as EntityTrait>::Column, parent: Uuid) -> Self {
        self.parent = Some((column, parent));
        self
    }

    /// Reads the page that the arguments select.
    pub fn page<'c>(self, ctx: &'c Context<'_>, paging: Paging) -> BoxFuture<'c, Result<Connection<N>, Error>> {
        // Boxed, because every field of the parent would otherwise reserve memory for this future.
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
                            "this is not a cursor of this list; use a value of `edges.cursor` or `pageInfo`",
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

    /// Reads the first row with all of its columns, for a field that is not an object of this type.
    pub async fn one_whole(self, ctx: &Context<'_>) -> Result<Option<N>, Error> {
        let slice = Slice::new(self.order, Arguments { first: Some(1), ..Arguments::default() })?;
        Ok(self.read(ctx, slice, Columns::ALL).await?.rows.pop())
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
        let found = if self.in_trash { tx.find_in_trash() } else { tx.find::<N::Entity>() };
        let found = found.filter(N::only()).filter(self.condition.clone());
        found.indexed(self.indexed.clone()).scan(self.scan.clone())
    }
}

/// Returns the purpose of the list's cursors. It contains the access scope: a cursor of another scope can be neither
/// used nor compared.
async fn purpose(ctx: &Context<'_>) -> Result<Purpose, Error> {
    let access_scope = ctx.tx().await?.member()?.access_scope();
    Ok(Purpose { kind: "page", organization: access_scope.organization, scope: Some(access_scope.fingerprint()) })
}

/// The position of a page in its list.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether there are rows after this page. With `last`: whether `before` was given.
    has_next_page: bool,
    /// Whether there are rows before this page. With `first`: whether `after` was given.
    has_previous_page: bool,
    /// The cursor of the first row. Null if the page is empty.
    start_cursor: Option<String>,
    /// The cursor of the last row. Null if the page is empty.
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

/// A page of a list.
#[Object(name_type)]
impl<N: Node> Paged<N> {
    /// The rows of the page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Result<InlineList<Edge<'_, N>>, Error> {
        let purpose = purpose(ctx).await?;
        let edge = |node| Ok(Edge { node, cursor: self.cursor(ctx, &purpose, node)? });
        self.page.rows.iter().map(edge).collect::<Result<_, _>>().map(InlineList)
    }

    /// The rows of the page without their cursors.
    async fn nodes(&self) -> InlineList<&N> {
        InlineList(self.page.rows.iter().collect())
    }

    /// The position of the page in its list.
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

    /// The number of rows in the whole list that the viewer can see. Counting costs one point for every 100 scanned
    /// rows, and fails with `COST_EXCEEDED` if the operation would exceed its cost limit.
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

/// A row with its cursor.
#[Object(name_type)]
impl<N: Node> Edge<'_, N> {
    /// The opaque position of the row. Send it as `after` or `before` to continue from here. The cursor is the same for
    /// the same row, order and access scope.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row.
    async fn node(&self) -> Inline<&N> {
        Inline(self.node)
    }
}
