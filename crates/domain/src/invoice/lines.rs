//! The lines of a quote, invoice or credit note. They are checked and priced, and always replaced together.

use crate::check;
use dossier_core::{
    error::{Error, UserError},
    money,
};
use dossier_data::{Allowed, WriteTx};
use entities::{
    invoice,
    invoice_line::{Column, Entity, Model},
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, sea_query::Order};

/// The maximum number of lines of one document. It is the maximum size of a page.
pub const MAX_LINES: usize = 100;

/// The maximum length of a description.
const DESCRIPTION: usize = 1_000;

/// The input for a line.
pub struct NewLine {
    /// The product or service.
    pub description: String,
    /// The quantity.
    pub quantity: Decimal,
    /// The price of one, without VAT. It is negative for a discount.
    pub unit_price: Decimal,
    /// The VAT rate, in percent.
    pub vat_rate: Decimal,
}

/// A checked and priced line.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Line {
    description: String,
    quantity: i64,
    unit_price: i64,
    vat_rate: i32,
    net_amount: i64,
}

impl From<Model> for Line {
    fn from(row: Model) -> Self {
        let Model { description, quantity, unit_price, vat_rate, net_amount, .. } = row;
        Self { description, quantity, unit_price, vat_rate, net_amount }
    }
}

/// Checks and prices the lines of an input. Errors name a field such as `lines.2.vat_rate`.
pub(super) fn priced(lines: &[NewLine], currency: &str) -> Result<Vec<Line>, UserError> {
    if lines.len() > MAX_LINES {
        return Err(UserError::invalid("lines", format!("must have at most {MAX_LINES} lines, has {}", lines.len())));
    }
    lines.iter().enumerate().map(|(index, line)| price(index, line, currency)).collect()
}

fn price(index: usize, line: &NewLine, currency: &str) -> Result<Line, UserError> {
    let field = |name: &str| format!("lines.{index}.{name}");
    let description = check::text(&field("description"), &line.description, DESCRIPTION)?;
    let quantity = money::quantity(&field("quantity"), line.quantity)?;
    let unit_price = money::amount(&field("unit_price"), line.unit_price, currency)?;
    let vat_rate = money::vat_rate(&field("vat_rate"), line.vat_rate)?;
    let net_amount = money::net_amount(quantity, unit_price).ok_or_else(|| {
        UserError::invalid(&field("unit_price"), format!("quantity × unit price must be at most {}", most(currency)))
    })?;
    Ok(Line { description, quantity, unit_price, vat_rate, net_amount })
}

fn most(currency: &str) -> String {
    format!("{} {currency}", money::decimal_amount(money::MAX_AMOUNT, currency).normalize())
}

/// Sets the totals of the document, which must not be negative, because an invoice is never a debt to its receiver.
pub(super) fn with_totals(row: invoice::Model, lines: &[Line]) -> Result<invoice::Model, UserError> {
    let invalid = |message: String| UserError::invalid("lines", message);
    let totals = money::Totals::of(lines.iter().map(|line| (line.vat_rate, line.net_amount)))
        .ok_or_else(|| invalid(format!("the totals must be at most {}", most(&row.currency))))?;
    if totals.total < 0 {
        let total = money::decimal_amount(totals.total, &row.currency);
        return Err(invalid(format!("the total must not be negative, but would be {total} {}", row.currency)));
    }
    Ok(invoice::Model { net_total: totals.net, vat_total: totals.vat, total: totals.total, ..row })
}

/// Returns the lines of a document that the viewer sees, in their order.
pub(super) async fn of(tx: &WriteTx, row: &invoice::Model) -> Result<Vec<Line>, Error> {
    let rows = tx.find::<Entity>().filter(Column::InvoiceId.eq(row.id)).order_by(Column::Position, Order::Asc);
    Ok(rows.all().await?.into_iter().map(Line::from).collect())
}

/// Replaces the lines of a document.
pub(super) async fn replace(tx: &WriteTx, row: &Allowed<invoice::Entity>, lines: Vec<Line>) -> Result<(), Error> {
    tx.delete_parts::<_, Entity>(row, Column::InvoiceId.eq(row.id)).await?;
    add(tx, row, lines).await
}

/// Inserts the lines of a new document.
pub(super) async fn add(tx: &WriteTx, row: &Allowed<invoice::Entity>, lines: Vec<Line>) -> Result<(), Error> {
    for (position, line) in (1..).zip(lines) {
        let Line { description, quantity, unit_price, vat_rate, net_amount } = line;
        let part = Model {
            id: tx.new_id(),
            organization_id: row.organization_id,
            client_id: row.client_id,
            invoice_id: row.id,
            position,
            description,
            quantity,
            unit_price,
            vat_rate,
            net_amount,
        };
        tx.insert_part(row, part).await?;
    }
    Ok(())
}
