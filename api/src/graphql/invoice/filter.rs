//! The filters and orders that quotes, invoices and credit notes share.

use crate::graphql::{
    client::Client,
    connection::Rows,
    id::Id,
    lists,
    node::Node,
    request::ContextExt,
    scalar::{Date, Decimal},
};
use async_graphql::{Context, Enum, InputObject};
use dossier_core::{error::Error, money};
use dossier_data::Order;
use dossier_domain::{calendar, check};
use entities::{
    client,
    invoice::{Column, Entity, Status},
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, Query},
};

/// The statuses of an invoice with an amount due, which therefore has a last day to pay.
pub const OPEN: [Status; 2] = [Status::Issued, Status::PartiallyPaid];

/// Sort orders of quotes, invoices and credit notes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum BillingOrder {
    /// Newest draft first.
    #[default]
    CreatedAtDesc,
    /// Oldest draft first.
    CreatedAtAsc,
    /// Most recently changed first.
    UpdatedAtDesc,
    /// Earliest last day to pay or to accept first. Those without such a day come last.
    DueOnAsc,
    /// Latest last day to pay or to accept first. Those without such a day come first.
    DueOnDesc,
    /// By number, which is also the order of issue. Drafts come last.
    NumberAsc,
    /// By number, newest first. Drafts come first.
    NumberDesc,
    /// Smallest total first.
    TotalAsc,
    /// Largest total first.
    TotalDesc,
}

impl BillingOrder {
    /// Returns the order for the query.
    pub fn order(self) -> Order<Entity> {
        let (column, descending) = match self {
            Self::CreatedAtDesc => (None, true),
            Self::CreatedAtAsc => (None, false),
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
            Self::DueOnAsc => (Some(Column::DueOrder), false),
            Self::DueOnDesc => (Some(Column::DueOrder), true),
            Self::NumberAsc => (Some(Column::NumberOrder), false),
            Self::NumberDesc => (Some(Column::NumberOrder), true),
            Self::TotalAsc => (Some(Column::Total), false),
            Self::TotalDesc => (Some(Column::Total), true),
        };
        Order { column, id: Column::Id, descending }
    }
}

/// Days from one to another, both included. A bound that is not given does not limit.
#[derive(Clone, Copy, InputObject)]
pub struct DateRange {
    /// The first day.
    from: Option<Date>,
    /// The last day.
    to: Option<Date>,
}

impl DateRange {
    /// Returns the condition on a column. Rows without a day do not meet it.
    pub fn of(self, column: impl ColumnTrait) -> Condition {
        let from = self.from.map(|day| column.gte(day.0));
        Condition::all().add_option(from).add_option(self.to.map(|day| column.lte(day.0)))
    }
}

/// Amounts from one to another, both included, in the currency of the organization. A bound that is not given does not
/// limit.
#[derive(Clone, Copy, InputObject)]
pub struct AmountRange {
    /// The smallest amount.
    from: Option<Decimal>,
    /// The largest amount.
    to: Option<Decimal>,
}

impl AmountRange {
    fn of(self, column: Column, currency: &str) -> Result<Condition, Error> {
        let bound =
            |name: &str, bound: Option<Decimal>| bound.map(|it| money::amount(name, it.0, currency)).transpose();
        let (from, to) = (bound("from", self.from), bound("to", self.to));
        let bad = |error: dossier_core::error::UserError| Error::bad_input("filter.total", error.message);
        let from = from.map_err(bad)?.map(|amount| column.gte(amount));
        let to = to.map_err(bad)?.map(|amount| column.lte(amount));
        Ok(Condition::all().add_option(from).add_option(to))
    }
}

/// The conditions that quotes, invoices and credit notes share.
pub struct BillingFilter<S> {
    pub client: Option<Id<Client>>,
    pub status: Option<Vec<S>>,
    pub search: Option<String>,
    pub issued_on: Option<DateRange>,
    pub total: Option<AmountRange>,
}

impl<S: Into<Status>> BillingFilter<S> {
    /// Returns the rows that meet the conditions, and a condition that no index serves.
    pub async fn rows<N: Node<Entity = Entity>>(
        self,
        ctx: &Context<'_>,
        order: Option<BillingOrder>,
    ) -> Result<(Rows<N>, Condition), Error> {
        let condition = Condition::all().add_option(self.client.map(|client| Column::ClientId.eq(client.uuid())));
        let mut indexed = Condition::all();
        if let Some(status) = self.status {
            indexed = indexed.add(Column::Status.is_in(lists::distinct(status.into_iter().map(S::into).collect())));
        }
        let mut scan = Condition::all();
        if let Some(pattern) = check::search("filter.search", self.search.as_deref())? {
            // Whoever sees the row also sees its client. The name is read for each scanned row, so that the scan pays for
            // all that it reads.
            let name = Query::select()
                .expr(client::Column::NameKey.into_expr())
                .from(client::Entity)
                .and_where(client::Column::OrganizationId.into_expr().eq(Column::OrganizationId.into_expr()))
                .and_where(client::Column::Id.into_expr().eq(Column::ClientId.into_expr()))
                .take();
            let name = Expr::SubQuery(None, Box::new(name.into()));
            let is_found = Column::SearchKey.like(pattern.clone());
            scan = scan.add(Condition::any().add(is_found).add(name.like(pattern)));
        }
        if let Some(days) = self.issued_on {
            scan = scan.add(days.of(Column::IssuedOn));
        }
        if let Some(amounts) = self.total {
            let currency = calendar::organization(&*ctx.tx().await?).await?.currency;
            scan = scan.add(amounts.of(Column::Total, &currency)?);
        }
        Ok((Rows::all(condition, order.unwrap_or_default().order()).indexed(indexed), scan))
    }
}
