//! The answer to a quote, and the invoice that follows from it.

use super::{QuoteUseCase, draft, lines, managed, save};
use crate::{check, use_case::UseCase};
use dossier_core::error::Error;
use dossier_data::{Allowed, AuditRecord, WriteTx};
use dossier_policy::InvoiceAction;
use entities::{
    audit_entry::Action,
    client, event,
    invoice::{Entity, Kind, Model, Status},
};
use uuid::Uuid;

/// The maximum length of a reason.
const REASON: usize = 1_000;

/// Accepts a quote for the client. It fails after the last day.
pub async fn accept(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin_answer(tx, id, QuoteUseCase::Accept, expected).await?;
    let after = Model { status: Status::Accepted, decided_at: Some(tx.now), ..before.clone() };
    tx.audit(record(Action::QuoteAccepted, &after));
    save(tx, &before, after, event::Kind::QuoteAccepted).await?;
    Ok(id)
}

/// Refuses a quote for the client.
pub async fn refuse(tx: &WriteTx, id: Uuid, reason: Option<String>, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin_answer(tx, id, QuoteUseCase::Refuse, expected).await?;
    let refusal_reason = check::optional("reason", reason.as_deref(), REASON, check::text)?;
    let after = Model { status: Status::Refused, decided_at: Some(tx.now), refusal_reason, ..before.clone() };
    tx.audit(record(Action::QuoteRefused, &after).note(after.refusal_reason.as_deref()));
    save(tx, &before, after, event::Kind::QuoteRefused).await?;
    Ok(id)
}

/// Returns the record of an action about a quote, an invoice or a credit note.
pub(super) fn record(action: Action, row: &Model) -> AuditRecord {
    AuditRecord::new(action, row.id).of_client(Some(row.client_id)).named(&row.title)
}

/// Drafts the invoice of an accepted quote, once. The quote itself does not change, so that its client does not notice.
pub async fn convert(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let quote = managed(tx, id, "id", Kind::Quote, InvoiceAction::Bill).await?.into_row();
    let dossier = tx.visible::<client::Entity>(quote.client_id, "id").await?;
    QuoteUseCase::ConvertToInvoice.check(tx, &quote, &dossier).await?;
    let lines = lines::of(tx, &quote).await?;
    let blank = draft::blank(tx, Kind::Invoice, &dossier, quote.currency)?;
    let row = Model { title: quote.title, note: quote.note, origin_id: Some(id), ..blank };
    draft::insert(tx, &dossier, row, lines).await
}

/// Returns the quote, locked, if the viewer may answer it and its state allows this answer.
async fn begin_answer(
    tx: &WriteTx,
    id: Uuid,
    use_case: QuoteUseCase,
    expected: Option<i32>,
) -> Result<Allowed<Entity>, Error> {
    let row = managed(tx, id, "id", Kind::Quote, InvoiceAction::Answer).await?;
    check::revision(expected, row.revision)?;
    use_case.check_state(tx, &row).await?;
    Ok(row)
}
