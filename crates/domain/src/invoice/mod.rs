//! Quotes, invoices and credit notes. A draft has no number and may change. An issued document has a number and is
//! frozen: it can only be answered, paid or corrected.

mod credit_note;
mod draft;
mod issue;
mod lines;
mod payment;
mod quote;
mod use_case;

pub use credit_note::{NewCreditNote, create as create_credit_note, update as update_credit_note};
pub use draft::{Changes, NewDraft, create, delete, update};
pub use issue::issue;
pub use lines::{MAX_LINES, NewLine};
pub use payment::{NewPayment, record as record_payment, reverse as reverse_payment};
pub use quote::{accept, convert, refuse};
pub use use_case::{CreditNoteUseCase, InvoiceUseCase, PaymentUseCase, QuoteUseCase};

use super::{check, client::dossier_of};
use chrono::NaiveDate;
use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, DomainEvent, WriteTx};
use dossier_policy::InvoiceAction;
use entities::{
    event,
    invoice::{Entity, Kind, Model, Status},
};
use uuid::Uuid;

/// Returns the printed number, or `None` for a draft. The letters are French: devis, facture, avoir.
pub fn number(row: &Model) -> Option<String> {
    let letter = match row.kind {
        Kind::Quote => 'D',
        Kind::Invoice => 'F',
        Kind::CreditNote => 'A',
    };
    Some(format!("{letter}-{}-{:04}", row.year?, row.sequence?))
}

/// Returns the amount due of an issued invoice, in minor units.
pub fn due(row: &Model) -> i64 {
    match (row.kind, row.status) {
        (Kind::Invoice, Status::Issued | Status::PartiallyPaid) => row.total - row.paid_total - row.credited_total,
        _ => 0,
    }
}

/// Returns whether an amount is due, and the last day to pay it is over.
pub fn overdue(row: &Model, today: NaiveDate) -> bool {
    due(row) > 0 && row.due_on.is_some_and(|last| last < today)
}

/// Returns whether a quote waits for an answer, and the last day to accept it is over.
pub fn expired(row: &Model, today: NaiveDate) -> bool {
    row.status == Status::Issued && row.valid_until.is_some_and(|last| last < today)
}

/// Sets the state of an issued invoice from its sums. An invoice is also settled if credit notes cover it.
pub fn with_status(row: Model) -> Model {
    let status = if row.paid_total + row.credited_total == row.total {
        Status::Paid
    } else if row.paid_total > 0 {
        Status::PartiallyPaid
    } else {
        Status::Issued
    };
    Model { status, ..row }
}

/// Returns the row of this kind that the input field names, locked, if the viewer may do this with it.
async fn managed(
    tx: &WriteTx,
    id: Uuid,
    field: &str,
    kind: Kind,
    action: InvoiceAction,
) -> Result<Allowed<Entity>, Error> {
    let row = tx.visible::<Entity>(id, field).await?;
    if row.kind != kind {
        return Err(UserError::not_found(field).into());
    }
    tx.authorize_row(action, row)
}

/// Returns an invoice, locked, if the viewer may bill.
async fn billed_invoice(tx: &WriteTx, id: Uuid, field: &str) -> Result<Allowed<Entity>, Error> {
    managed(tx, id, field, Kind::Invoice, InvoiceAction::Bill).await
}

/// Returns the row's next revision.
fn revised(tx: &WriteTx, before: &Model, after: Model) -> Model {
    with_keys(Model { revision: before.revision + 1, updated_at: tx.now, ..after })
}

/// Sets the columns by which lists are searched and sorted. In a list by number or date, drafts come after all others.
pub fn with_keys(row: Model) -> Model {
    let number = number(&row).map_or_else(String::new, |number| format!("{number} "));
    let order = |year: i32, sequence: i32| i64::from(year) * 1_000_000_000 + i64::from(sequence);
    Model {
        search_key: check::sort_key(&format!("{number}{}", row.title)),
        due_order: row.due_on.or(row.valid_until).unwrap_or(NO_DAY),
        number_order: row.year.zip(row.sequence).map_or(i64::MAX, |(year, sequence)| order(year, sequence)),
        ..row
    }
}

/// The day after all others.
const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("it is a day");

/// Updates the row and enqueues its event.
async fn save(tx: &WriteTx, before: &Allowed<Entity>, after: Model, kind: event::Kind) -> Result<(), Error> {
    let dossier = dossier_of(tx, before.client_id).await?;
    let after = revised(tx, before, after);
    let event = DomainEvent::changed(kind, &dossier, &**before, &after);
    tx.update(before, after, event).await.map(drop)
}
