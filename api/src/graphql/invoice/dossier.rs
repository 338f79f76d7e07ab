//! The billing fields of a dossier.

use super::{Invoice, Money, filter::BillingOrder, query::InvoiceFilter};
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

/// The sums of a dossier in one currency. They include VAT and exclude drafts.
#[derive(SimpleObject)]
pub struct ClientFigures {
    /// The ISO 4217 code of the currency.
    currency: String,
    /// The sum of the quotes that are issued or accepted.
    quoted: Money,
    /// The sum of the issued invoices.
    invoiced: Money,
    /// Payments minus reversals.
    paid: Money,
    /// The sum of the issued credit notes.
    credited: Money,
    /// The amount still to be paid: invoiced minus paid and credited.
    due: Money,
}

/// Sums in minor units.
#[derive(Default)]
struct Sums {
    quoted: i64,
    invoiced: i64,
    paid: i64,
    credited: i64,
}

impl Sums {
    fn to_figures(&self, currency: &str) -> ClientFigures {
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

/// The billing fields of a dossier.
pub struct Billing<'r>(pub &'r client::Model);

/// The billing fields of a dossier.
#[Object]
impl Billing<'_> {
    /// The quotes in the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn quotes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<QuoteFilter>,
        #[graphql(desc = "The sort order. The default is newest draft first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Quote>, Error> {
        let rows = Quote::rows(ctx, filter, order_by).await?.of(Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The invoices in the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<InvoiceFilter>,
        #[graphql(desc = "The sort order. The default is newest draft first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Invoice>, Error> {
        let rows = Invoice::rows(ctx, filter, order_by).await?.of(Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The credit notes in the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn credit_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<CreditNoteFilter>,
        #[graphql(desc = "The sort order. The default is newest draft first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<CreditNote>, Error> {
        let rows = CreditNote::rows(ctx, filter, order_by).await?.of(Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The sums of the dossier, one entry for each billed currency. Usually there is one currency. Empty if nothing is
    /// issued.
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
        Ok(Some(figures.iter().map(|(currency, sums)| sums.to_figures(currency)).collect()))
    }
}
