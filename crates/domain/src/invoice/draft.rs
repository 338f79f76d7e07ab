//! Drafts quotes and invoices.

use super::{
    lines::{self, Line, NewLine},
    managed, save,
    use_case::require_draft,
};
use crate::{calendar, check, client::open_dossier};
use chrono::NaiveDate;
use dossier_core::error::{Error, UserError};
use dossier_data::{DomainEvent, WriteTx};
use dossier_policy::InvoiceAction;
use entities::{
    client, event,
    invoice::{Entity, Kind, Model, Status},
};
use uuid::Uuid;

/// The input for a new quote or invoice.
pub struct NewDraft {
    /// The dossier.
    pub client: Uuid,
    /// Its title.
    pub title: String,
    /// The text below the lines.
    pub note: Option<String>,
    /// The last day to accept the quote, or to pay the invoice.
    pub until: Option<NaiveDate>,
    /// Its lines.
    pub lines: Vec<NewLine>,
}

/// Changes to a draft. `None` leaves a field as it is. `Some(None)` empties a field that may be empty.
#[derive(Default)]
pub struct Changes {
    /// The new title.
    pub title: Option<String>,
    /// The new note.
    pub note: Option<Option<String>>,
    /// The new last day.
    pub until: Option<Option<NaiveDate>>,
    /// The new lines, which replace all lines.
    pub lines: Option<Vec<NewLine>>,
}

/// Drafts a quote or an invoice, in the organization's currency.
pub async fn create(tx: &WriteTx, kind: Kind, new: NewDraft) -> Result<Uuid, Error> {
    let dossier = open_dossier(tx, new.client, "client_id").await?;
    let row = blank(tx, kind, &dossier, calendar::organization(tx).await?.currency)?;
    let row = Model { title: title(&new.title)?, note: note(new.note.as_deref())?, ..until(row, new.until) };
    let lines = lines::priced(&new.lines, &row.currency)?;
    insert(tx, &dossier, row, lines).await
}

/// Changes a draft.
pub async fn update(
    tx: &WriteTx,
    kind: Kind,
    id: Uuid,
    changes: Changes,
    expected: Option<i32>,
) -> Result<Uuid, Error> {
    let before = managed(tx, id, "id", kind, InvoiceAction::Bill).await?;
    check::revision(expected, before.revision)?;
    require_draft(&before)?;
    let mut after = before.clone();
    if let Some(new) = changes.title {
        after.title = title(&new)?;
    }
    if let Some(new) = changes.note {
        after.note = note(new.as_deref())?;
    }
    if let Some(new) = changes.until {
        after = until(after, new);
    }
    let lines = changes.lines.map(|lines| lines::priced(&lines, &before.currency)).transpose()?;
    let replaced = match lines {
        Some(lines) if lines != lines::of(tx, &before).await? => {
            after = lines::with_totals(after, &lines)?;
            lines::replace(tx, &before, lines).await?;
            true
        }
        _ => false,
    };
    if replaced || after != *before {
        save(tx, &before, after, events(kind).1).await?;
    }
    Ok(id)
}

/// Returns a draft without content, if the viewer may create it.
pub(super) fn blank(tx: &WriteTx, kind: Kind, dossier: &client::Model, currency: String) -> Result<Model, Error> {
    let row = Model {
        id: tx.new_id(),
        organization_id: dossier.organization_id,
        client_id: dossier.id,
        kind,
        status: Status::Draft,
        year: None,
        sequence: None,
        title: String::new(),
        note: None,
        currency,
        issued_on: None,
        due_on: None,
        valid_until: None,
        origin_id: None,
        net_total: 0,
        vat_total: 0,
        total: 0,
        paid_total: 0,
        credited_total: 0,
        refusal_reason: None,
        decided_at: None,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    Ok(tx.authorize_row::<Entity>(InvoiceAction::Bill, row)?.into_row())
}

/// Inserts a new draft with its lines and its event.
pub(super) async fn insert(tx: &WriteTx, dossier: &client::Model, row: Model, lines: Vec<Line>) -> Result<Uuid, Error> {
    let row = tx.authorize_row::<Entity>(InvoiceAction::Bill, lines::with_totals(row, &lines)?)?;
    let event = DomainEvent::added(events(row.kind).0, dossier, &*row);
    let row = tx.insert(row, event).await?;
    lines::add(tx, &row, lines).await?;
    Ok(row.id)
}

pub(super) fn title(title: &str) -> Result<String, UserError> {
    check::line("title", title, check::NAME)
}

pub(super) fn note(note: Option<&str>) -> Result<Option<String>, UserError> {
    check::optional("note", note, check::TEXT, check::text)
}

fn until(row: Model, until: Option<NaiveDate>) -> Model {
    match row.kind {
        Kind::Quote => Model { valid_until: until, ..row },
        Kind::Invoice | Kind::CreditNote => Model { due_on: until, ..row },
    }
}

/// Returns the events of creating and of changing a draft. A draft of a credit note cannot be changed, so it has no
/// second event of its own.
fn events(kind: Kind) -> (event::Kind, event::Kind) {
    match kind {
        Kind::Quote => (event::Kind::QuoteCreated, event::Kind::QuoteUpdated),
        Kind::Invoice => (event::Kind::InvoiceCreated, event::Kind::InvoiceUpdated),
        Kind::CreditNote => (event::Kind::CreditNoteCreated, event::Kind::CreditNoteCreated),
    }
}
