//! Issues documents: they get a number and a date, and never change again.

use super::{
    credit_note, managed,
    quote::record,
    save,
    use_case::{dated, require_issuable},
    with_status,
};
use crate::{calendar, check};
use chrono::{Datelike, NaiveDate};
use dossier_core::error::Error;
use dossier_data::WriteTx;
use dossier_policy::InvoiceAction;
use entities::{
    audit_entry::Action,
    event,
    invoice::{Column, Entity, Kind, Model, Status},
};
use sea_orm::{ActiveEnum, ColumnTrait};
use uuid::Uuid;

/// Numbers a draft and freezes it.
pub async fn issue(tx: &WriteTx, kind: Kind, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = managed(tx, id, "id", kind, InvoiceAction::Bill).await?;
    check::revision(expected, before.revision)?;
    require_issuable(tx, &before).await?;
    let today = calendar::today(tx).await?;
    let dated = dated(before.clone(), today)?;
    if kind == Kind::CreditNote {
        credit_note::apply(tx, &before).await?;
    }
    // This is the last step that can fail. Until the commit, it blocks everybody else who issues in this series.
    let after = numbered(tx, dated, today).await?;
    let (after, event) = match kind {
        Kind::Quote => (after, event::Kind::QuoteIssued),
        Kind::Invoice => (with_status(after), event::Kind::InvoiceIssued),
        Kind::CreditNote => (after, event::Kind::CreditNoteIssued),
    };
    match kind {
        // An offer binds nobody to pay.
        Kind::Quote => {}
        Kind::Invoice => tx.audit(record(Action::InvoiceIssued, &after)),
        Kind::CreditNote => tx.audit(record(Action::CreditNoteIssued, &after)),
    }
    save(tx, &before, after, event).await?;
    Ok(id)
}

/// Sets the next number of its kind and year.
async fn numbered(tx: &WriteTx, row: Model, today: NaiveDate) -> Result<Model, Error> {
    let year = today.year();
    let sequence = tx.next_number(&format!("{}-{year}", row.kind.to_value())).await?;
    let sequence = i32::try_from(sequence).map_err(Error::internal)?;
    let issued_on = today.max(previous_date(tx, &row, year, sequence).await?.unwrap_or(today));
    Ok(Model { status: Status::Issued, year: Some(year), sequence: Some(sequence), issued_on: Some(issued_on), ..row })
}

/// Returns the day of the previous number. Dates follow the order of numbers. A transaction that waits here over
/// midnight must not get an earlier date than the one for which it waited.
async fn previous_date(tx: &WriteTx, row: &Model, year: i32, sequence: i32) -> Result<Option<NaiveDate>, Error> {
    let last = tx
        .find_whole::<Entity>()?
        .filter(Column::Kind.eq(row.kind))
        .filter(Column::Year.eq(year))
        .filter(Column::Sequence.eq(sequence - 1));
    Ok(last.one().await?.and_then(|row| row.issued_on))
}
