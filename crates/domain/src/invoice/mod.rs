//! Quotes, invoices and credit notes. A draft has no number and may change; what is issued is numbered and frozen, and
//! only answered, settled or corrected.

mod credit_note;
mod draft;
mod issue;
mod lines;
mod payment;
mod quote;

pub use credit_note::{NewCreditNote, create as create_credit_note};
pub use draft::{Changes, NewDraft, create, update};
pub use issue::issue;
pub use lines::{MAX_LINES, NewLine};
pub use payment::{NewPayment, record as record_payment, reverse as reverse_payment};
pub use quote::{accept, convert, refuse};

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

/// The number as it is printed; none for a draft. The letters are the agency's: devis, facture, avoir.
pub fn number(row: &Model) -> Option<String> {
    let letter = match row.kind {
        Kind::Quote => 'D',
        Kind::Invoice => 'F',
        Kind::CreditNote => 'A',
    };
    Some(format!("{letter}-{}-{:04}", row.year?, row.sequence?))
}

/// What is still to be paid for an issued invoice, in minor units.
pub fn due(row: &Model) -> i64 {
    match (row.kind, row.status) {
        (Kind::Invoice, Status::Issued | Status::PartiallyPaid) => row.total - row.paid_total - row.credited_total,
        _ => 0,
    }
}

/// Whether something is due, and the last day to pay it is over.
pub fn overdue(row: &Model, today: NaiveDate) -> bool {
    due(row) > 0 && row.due_on.is_some_and(|last| last < today)
}

/// Whether a quote waits for an answer, and the last day to accept it is over.
pub fn expired(row: &Model, today: NaiveDate) -> bool {
    row.status == Status::Issued && row.valid_until.is_some_and(|last| last < today)
}

/// An issued invoice with the state that its sums give it: what a credit note took away in full is settled, too.
pub fn settled(row: Model) -> Model {
    let status = if row.paid_total + row.credited_total == row.total {
        Status::Paid
    } else if row.paid_total > 0 {
        Status::PartiallyPaid
    } else {
        Status::Issued
    };
    Model { status, ..row }
}

/// The row of this kind that the input field names, locked, with the action allowed on it.
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

/// As [`managed`], a draft that nobody changed since it was read.
async fn drafted(tx: &WriteTx, id: Uuid, kind: Kind, expected: Option<i32>) -> Result<Allowed<Entity>, Error> {
    let row = managed(tx, id, "id", kind, InvoiceAction::Bill).await?;
    check::revision(expected, row.revision)?;
    if row.status == Status::Draft {
        return Ok(row);
    }
    Err(UserError::conflict(match kind {
        Kind::Quote => "An issued quote cannot be changed. Create a new one instead.",
        Kind::Invoice => "An issued invoice cannot be changed. Correct it with a credit note.",
        Kind::CreditNote => "An issued credit note cannot be changed.",
    })
    .into())
}

/// An invoice that money or credit can be set against.
async fn issued_invoice(tx: &WriteTx, id: Uuid, field: &str) -> Result<Allowed<Entity>, Error> {
    let row = managed(tx, id, field, Kind::Invoice, InvoiceAction::Bill).await?;
    if row.status == Status::Draft {
        return Err(UserError::conflict("This invoice is a draft. Issue it first.").into());
    }
    Ok(row)
}

/// Returns the row's next revision.
fn revised(tx: &WriteTx, before: &Model, after: Model) -> Model {
    Model { revision: before.revision + 1, updated_at: tx.now, ..after }
}

/// Keeps a change and announces it.
async fn save(tx: &WriteTx, before: &Allowed<Entity>, after: Model, kind: event::Kind) -> Result<(), Error> {
    let dossier = dossier_of(tx, before.client_id).await?;
    let after = revised(tx, before, after);
    let event = DomainEvent::changed(kind, &dossier, &**before, &after);
    tx.update(before, after, event).await.map(drop)
}
