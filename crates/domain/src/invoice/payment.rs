//! Payments. They are recorded and reversed, but never edited.

use super::{InvoiceUseCase, PaymentUseCase, billed_invoice, due, save, with_status};
use crate::{calendar, check, use_case::UseCase};
use chrono::NaiveDate;
use dossier_core::{
    error::{Error, UserError},
    money,
};
use dossier_data::{Allowed, WriteTx};
use entities::{
    event, invoice,
    payment::{Entity, Method, Model},
};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The maximum length of a reason.
const REASON: usize = 1_000;

/// The input for a payment.
pub struct NewPayment {
    /// The invoice.
    pub invoice: Uuid,
    /// The amount, in the invoice's currency.
    pub amount: Decimal,
    /// The method of payment.
    pub method: Method,
    /// The day of receipt. By default, it is today.
    pub received_on: Option<NaiveDate>,
    /// The reference of the bank or the payer.
    pub reference: Option<String>,
}

/// Records a payment for an invoice. It must not exceed the amount due.
pub async fn record(tx: &WriteTx, new: NewPayment) -> Result<Uuid, Error> {
    let invoice = billed_invoice(tx, new.invoice, "invoice_id").await?;
    InvoiceUseCase::RecordPayment.check_state(tx, &invoice).await?;
    let amount = payable(&invoice, new.amount)?;
    let today = calendar::today(tx).await?;
    let received_on = new.received_on.unwrap_or(today);
    if received_on > today {
        return Err(UserError::invalid("received_on", format!("must not be in the future; today is {today}")).into());
    }
    let reference = check::optional("reference", new.reference.as_deref(), check::NAME, check::line)?;
    let row = Model { method: new.method, received_on, reference, ..blank(tx, &invoice, amount, today) };
    apply_payment(tx, &invoice, row, event::Kind::PaymentRecorded).await
}

/// Reverses a payment, once, with a second payment of the opposite amount.
pub async fn reverse(tx: &WriteTx, id: Uuid, reason: &str) -> Result<Uuid, Error> {
    let payment = tx.visible::<Entity>(id, "id").await?;
    let invoice = billed_invoice(tx, payment.invoice_id, "id").await?;
    let reason = check::text("reason", reason, REASON)?;
    PaymentUseCase::Reverse.check_state(tx, &payment).await?;
    let today = calendar::today(tx).await?;
    let blank = blank(tx, &invoice, -payment.amount, today);
    let row = Model { method: payment.method, reverses_id: Some(id), reason: Some(reason), ..blank };
    apply_payment(tx, &invoice, row, event::Kind::PaymentReversed).await
}

/// Checks that an amount is positive, and not greater than the amount due.
fn payable(invoice: &invoice::Model, amount: Decimal) -> Result<i64, UserError> {
    let amount = money::amount("amount", amount, &invoice.currency)?;
    let due = due(invoice);
    if amount <= 0 {
        return Err(UserError::invalid("amount", "must be greater than 0; to take money back, reverse its payment"));
    }
    if amount > due {
        let due = money::decimal_amount(due, &invoice.currency);
        return Err(UserError::invalid(
            "amount",
            format!("must be at most the amount due, {due} {}", invoice.currency),
        ));
    }
    Ok(amount)
}

fn blank(tx: &WriteTx, invoice: &invoice::Model, amount: i64, today: NaiveDate) -> Model {
    let recorder = tx.viewer.actor();
    Model {
        id: tx.new_id(),
        organization_id: invoice.organization_id,
        client_id: invoice.client_id,
        invoice_id: invoice.id,
        amount,
        method: Method::Transfer,
        received_on: today,
        reference: None,
        reverses_id: None,
        reason: None,
        recorder_id: recorder.user,
        recorder_name: recorder.name,
        recorder_kind: recorder.kind,
        created_at: tx.now,
    }
}

/// Inserts the payment, and adds it to the paid amount of the invoice. The event is about the invoice, because the
/// payment settles or reopens it.
async fn apply_payment(
    tx: &WriteTx,
    invoice: &Allowed<invoice::Entity>,
    row: Model,
    kind: event::Kind,
) -> Result<Uuid, Error> {
    let row = tx.insert_part(invoice, row).await?;
    let paid = invoice::Model { paid_total: invoice.paid_total + row.amount, ..invoice::Model::clone(invoice) };
    save(tx, invoice, with_status(paid), kind).await?;
    Ok(row.id)
}
