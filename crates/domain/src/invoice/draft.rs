//! Drafts quotes and invoices.

use super::{
    lines::{self, Line, NewLine},
    managed, revised, save,
    use_case::require_draft,
    with_keys,
};
use crate::{
    calendar, check,
    client::{dossier_of, open_dossier},
};
use chrono::NaiveDate;
use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, DomainEvent, WriteTx};
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
    store(tx, &before, after, lines).await?;
    Ok(id)
}

/// Stores the changes of a draft, and its new lines, unless everything stays as it is.
pub(super) async fn store(
    tx: &WriteTx,
    before: &Allowed<Entity>,
    mut after: Model,
    lines: Option<Vec<Line>>,
) -> Result<(), Error> {
    let replaced = match lines {
        Some(lines) if lines != lines::of(tx, before).await? => {
            after = lines::with_totals(after, &lines)?;
            lines::replace(tx, before, lines).await?;
            true
        }
        _ => false,
    };
    if replaced || after != **before {
        save(tx, before, after, Events::of(before.kind).updated).await?;
    }
    Ok(())
}

/// Deletes a draft. Its content is erased, and its row stays for the events about it.
pub async fn delete(tx: &WriteTx, kind: Kind, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = managed(tx, id, "id", kind, InvoiceAction::Bill).await?;
    check::revision(expected, before.revision)?;
    require_draft(&before)?;
    let dossier = dossier_of(tx, before.client_id).await?;
    lines::replace(tx, &before, Vec::new()).await?;
    // Another invoice can be made from its quote. A credit note always names its invoice.
    let origin_id = before.origin_id.filter(|_| kind == Kind::CreditNote);
    let erased = Model { title: String::new(), note: None, origin_id, ..before.clone() };
    let after = Model { deleted_at: Some(tx.now), ..revised(tx, &before, lines::with_totals(erased, &[])?) };
    let event = DomainEvent::removed(Events::of(kind).deleted, &dossier, &*before);
    tx.update(&before, after, event).await?;
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
        currency,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
        ..Model::default()
    };
    Ok(tx.authorize_row::<Entity>(InvoiceAction::Bill, row)?.into_row())
}

/// Inserts a new draft with its lines and its event.
pub(super) async fn insert(tx: &WriteTx, dossier: &client::Model, row: Model, lines: Vec<Line>) -> Result<Uuid, Error> {
    let row = with_keys(lines::with_totals(row, &lines)?);
    let row = tx.authorize_row::<Entity>(InvoiceAction::Bill, row)?;
    let event = DomainEvent::added(Events::of(row.kind).created, dossier, &*row);
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

/// The events of a draft.
struct Events {
    created: event::Kind,
    updated: event::Kind,
    deleted: event::Kind,
}

impl Events {
    fn of(kind: Kind) -> Self {
        let (created, updated, deleted) = match kind {
            Kind::Quote => (event::Kind::QuoteCreated, event::Kind::QuoteUpdated, event::Kind::QuoteDeleted),
            Kind::Invoice => (event::Kind::InvoiceCreated, event::Kind::InvoiceUpdated, event::Kind::InvoiceDeleted),
            Kind::CreditNote => {
                (event::Kind::CreditNoteCreated, event::Kind::CreditNoteUpdated, event::Kind::CreditNoteDeleted)
            }
        };
        Self { created, updated, deleted }
    }
}
