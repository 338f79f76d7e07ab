//! What a dossier shows of its billing.

use super::{
    Invoice, Money,
    query::{BillingOrder, InvoiceFilter},
};
use crate::graphql::{
    connection::{Connection, Paging},
    credit_note::{CreditNote, CreditNoteFilter},
    guard::{allows, roles, visibleTo},
    inline::InlineList,
    quote::{Quote, QuoteFilter},
    request::ContextExt,
};
use async_graphql::{Context, Object, SimpleObject};
use dossier_core::error::Error;
use dossier_policy::fields;
use entities::{
    client,
    invoice::{Column, Entity, Kind, Status},
};
use sea_orm::{ActiveEnum, ColumnTrait};
use std::collections::BTreeMap;

/// Sums of money over a dossier, in one currency; all with VAT, drafts left out.
#[derive(SimpleObject)]
pub struct ClientFigures {
    /// ISO 4217 code.
    currency: String,
    /// Quotes that were not refused: issued or accepted.
    quoted: Money,
    /// Issued invoices.
    invoiced: Money,
    /// Payments less reversals.
    paid: Money,
    /// Issued credit notes.
    credited: Money,
    /// What is still to be paid: invoiced, less paid and credited.
    due: Money,
}

/// Minor units.
#[derive(Default)]
struct Sums {
    quoted: i64,
    invoiced: i64,
    paid: i64,
    credited: i64,
}

impl Sums {
    fn spoken(&self, currency: &str) -> ClientFigures {
        let money = |amount| Money::new(amount, currency);
        ClientFigures {
            currency: currency.to_owned(),
            quoted: money(self.quoted),
            invoiced: money(self.invoiced),
            paid: money(self.paid),
            credited: money(self.credited),
            due: money(self.invoiced - self.paid - self.credited),
        }
    }
}

/// What a dossier shows of its billing.
pub struct Billing<'r>(pub &'r client::Model);

/// What a dossier shows of its billing.
#[Object]
impl Billing<'_> {
    /// The quotes of the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn quotes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<QuoteFilter>,
        #[graphql(desc = "The order; by default the last drafted first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Quote>, Error> {
        let rows = Quote::rows(filter, order_by).of(Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The invoices of the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<InvoiceFilter>,
        #[graphql(desc = "The order; by default the last drafted first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Invoice>, Error> {
        let rows = Invoice::rows(ctx, filter, order_by).await?.of(Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The credit notes of the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn credit_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<CreditNoteFilter>,
        #[graphql(desc = "The order; by default the last drafted first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<CreditNote>, Error> {
        let rows = CreditNote::rows(filter, order_by).of(Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// Sums of money over the dossier, one entry for each currency it was billed in: as a rule, one. Empty while nothing
    /// is issued.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_FIGURES)))]
    async fn figures(&self, ctx: &Context<'_>) -> Result<Option<InlineList<ClientFigures>>, Error> {
        if !allows(ctx, fields::CLIENT_FIGURES).await? {
            return Ok(None);
        }
        let tx = ctx.tx().await?;
        let counted = tx.find::<Entity>().filter(Column::Status.is_not_in([Status::Draft, Status::Refused]));
        let (by, of) =
            (vec![Column::Currency, Column::Kind], vec![Column::Total, Column::PaidTotal, Column::CreditedTotal]);
        let mut figures = BTreeMap::<String, Sums>::new();
        for sum in counted.sums_of(Column::ClientId, self.0.id, by, of).await? {
            let ([currency, kind], [total, paid, credited]) = (sum.by.as_slice(), sum.of.as_slice()) else { continue };
            let sums = figures.entry(currency.clone()).or_default();
            if *kind == Kind::Quote.to_value() {
                sums.quoted = *total;
            } else if *kind == Kind::Invoice.to_value() {
                (sums.invoiced, sums.paid, sums.credited) = (*total, *paid, *credited);
            }
        }
        Ok(Some(figures.iter().map(|(currency, sums)| sums.spoken(currency)).collect()))
    }
}
