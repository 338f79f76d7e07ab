//! The fields that quotes, invoices and credit notes share.

use crate::graphql::{
    client::Client,
    inline::InlineList,
    lookup,
    node::Reads,
    request::ContextExt,
    scalar::{Date, Decimal},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::Error,
    money::{Totals, decimal_amount, decimal_quantity, decimal_rate},
};
use dossier_data::{Arguments, Order, Slice};
use dossier_domain::invoice::{MAX_LINES, NewLine, number};
use entities::{
    invoice::{self, Model},
    invoice_line::{self as line, Column},
};

/// An amount of money.
#[derive(SimpleObject)]
pub struct Money {
    /// The amount, with all decimal places of the currency, such as `"1234.50"`.
    amount: Decimal,
    /// The ISO 4217 code of the currency, such as `EUR`.
    currency: String,
}

impl Money {
    /// Creates an amount from minor units.
    pub fn new(amount: i64, currency: &str) -> Self {
        Self { amount: Decimal(decimal_amount(amount, currency)), currency: currency.to_owned() }
    }
}

/// A line of a quote, an invoice or a credit note.
#[derive(SimpleObject)]
pub struct LineItem {
    /// The number, counted from 1.
    position: i32,
    /// The description. It may have several lines.
    description: String,
    /// The quantity, with up to 3 decimal places.
    quantity: Decimal,
    /// The price of one unit without VAT. It is negative for a discount.
    unit_price: Money,
    /// The VAT rate in percent, such as `"20"` or `"5.5"`.
    vat_rate: Decimal,
    /// Quantity × unit price without VAT, rounded half up.
    net_amount: Money,
}

/// The VAT of one rate.
#[derive(SimpleObject)]
pub struct VatBreakdown {
    /// The VAT rate in percent.
    rate: Decimal,
    /// The sum of the lines with this rate, without VAT.
    net: Money,
    /// The VAT on this sum, rounded half up.
    vat: Money,
}

/// A line of a draft.
#[derive(InputObject)]
pub struct LineItemInput {
    /// The description, 1 to 1,000 characters.
    description: String,
    /// The quantity: greater than 0, up to 1,000,000, with up to 3 decimal places.
    #[graphql(default_with = "Decimal(rust_decimal::Decimal::ONE)")]
    quantity: Decimal,
    /// The price of one unit without VAT, in the currency of the draft and with no more decimal places than the
    /// currency has. A discount is negative.
    unit_price: Decimal,
    /// The VAT rate in percent: 0 to 100, with up to 2 decimal places.
    vat_rate: Decimal,
}

impl From<LineItemInput> for NewLine {
    fn from(input: LineItemInput) -> Self {
        Self {
            description: input.description,
            quantity: input.quantity.0,
            unit_price: input.unit_price.0,
            vat_rate: input.vat_rate.0,
        }
    }
}

/// The fields that quotes, invoices and credit notes share.
pub struct BillingDocument<'r>(pub &'r Model);

impl BillingDocument<'_> {
    /// The columns that all three types need.
    pub const BASICS: &'static [invoice::Column] =
        &[invoice::Column::Id, invoice::Column::Kind, invoice::Column::Currency];

    /// Returns the further columns that a field reads.
    pub fn reads(field: &str) -> Reads<invoice::Column> {
        match field {
            "number" => Reads::Only(&[invoice::Column::Year, invoice::Column::Sequence]),
            "client" => Reads::Only(&[invoice::Column::ClientId]),
            "viewerCan" => Reads::Only(&[
                invoice::Column::ClientId,
                invoice::Column::Status,
                invoice::Column::DueOn,
                invoice::Column::ValidUntil,
                invoice::Column::OriginId,
                invoice::Column::Total,
                invoice::Column::PaidTotal,
                invoice::Column::CreditedTotal,
            ]),
            "lines" | "vatBreakdown" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }

    fn money(&self, amount: i64) -> Money {
        Money::new(amount, &self.0.currency)
    }

    /// Returns the lines in order. The lines of several documents are read together.
    async fn rows(&self, ctx: &Context<'_>) -> Result<Vec<line::Model>, Error> {
        let order = Order { column: Some(Column::Position), id: Column::Id, descending: false };
        let all = Arguments { first: i32::try_from(MAX_LINES).ok(), ..Arguments::default() };
        let tx = ctx.tx().await?;
        let lines = tx.find::<line::Entity>();
        Ok(lines.page_of(Column::InvoiceId, self.0.id, Slice::new(order, all)?).await?.rows)
    }
}

/// The fields that quotes, invoices and credit notes share.
#[Object]
impl BillingDocument<'_> {
    /// The printed number, such as `F-2026-0001`. It consists of a letter for the type (`D` quote, `F` invoice, `A`
    /// credit note), the year, and a count without gaps in that year. Null for a draft.
    async fn number(&self) -> Option<String> {
        number(self.0)
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// A text printed below the lines.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The ISO 4217 code of the organization's currency at the time of drafting.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// All lines in their order, at most 100.
    async fn lines(&self, ctx: &Context<'_>) -> Result<InlineList<LineItem>, Error> {
        let item = |line: line::Model| LineItem {
            position: line.position,
            description: line.description,
            quantity: Decimal(decimal_quantity(line.quantity)),
            unit_price: self.money(line.unit_price),
            vat_rate: Decimal(decimal_rate(line.vat_rate)),
            net_amount: self.money(line.net_amount),
        };
        Ok(self.rows(ctx).await?.into_iter().map(item).collect())
    }

    /// The sum of the lines without VAT.
    async fn net_total(&self) -> Money {
        self.money(self.0.net_total)
    }

    /// The sum of the VAT of all rates.
    async fn vat_total(&self) -> Money {
        self.money(self.0.vat_total)
    }

    /// The total with VAT.
    async fn total(&self) -> Money {
        self.money(self.0.total)
    }

    /// The VAT by rate, lowest rate first. As EN 16931 requires, it is rounded once per rate and not per line.
    async fn vat_breakdown(&self, ctx: &Context<'_>) -> Result<InlineList<VatBreakdown>, Error> {
        let lines = self.rows(ctx).await?;
        let totals = Totals::of(lines.iter().map(|line| (line.vat_rate, line.net_amount)))
            .ok_or_else(|| Error::internal("stored lines have no valid total"))?;
        let part = |part: &dossier_core::money::VatOfRate| VatBreakdown {
            rate: Decimal(decimal_rate(part.rate)),
            net: self.money(part.net),
            vat: self.money(part.vat),
        };
        Ok(totals.breakdown.iter().map(part).collect())
    }

    /// The day of issue in the organization's time zone. Null for a draft.
    async fn issued_on(&self) -> Option<Date> {
        self.0.issued_on.map(Date)
    }

    /// The client whose dossier it belongs to.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// The number of the current revision. Send it as `expectedRevision` to detect changes by other people.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When the draft was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed. Payments, credit notes and the client's answer also count as changes.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
