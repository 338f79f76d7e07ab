//! Legal holds: while a dossier has one, nothing of it is purged.

use super::{check, client::ClientUseCase, session, use_case::UseCase};
use dossier_core::error::Error;
use dossier_data::{Allowed, AuditRecord, DomainEvent, WriteTx};
use dossier_policy::ClientAction;
use entities::{
    audit_entry::Action,
    client::{Entity, Model},
    event::Kind,
};
use uuid::Uuid;

/// The maximum length of a reason.
const REASON: usize = 1_000;

/// Sets the legal hold of a dossier, or replaces its reason.
pub async fn set(tx: &WriteTx, id: Uuid, reason: &str) -> Result<Uuid, Error> {
    let before = begin(tx, id, ClientUseCase::SetLegalHold).await?;
    let reason = check::text("reason", reason, REASON)?;
    let actor = tx.viewer.actor();
    let after = Model {
        held_at: Some(tx.now),
        hold_reason: Some(reason.clone()),
        holder_id: actor.user,
        holder_name: Some(actor.name),
        holder_kind: Some(actor.kind),
        ..before.clone()
    };
    let record = AuditRecord::new(Action::LegalHoldSet, id).note(Some(&reason));
    save(tx, &before, after, record).await
}

/// Lifts the legal hold of a dossier.
pub async fn lift(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = begin(tx, id, ClientUseCase::LiftLegalHold).await?;
    let after = Model {
        held_at: None,
        hold_reason: None,
        holder_id: None,
        holder_name: None,
        holder_kind: None,
        ..before.clone()
    };
    let record = AuditRecord::new(Action::LegalHoldLifted, id).note(before.hold_reason.as_deref());
    save(tx, &before, after, record).await
}

async fn begin(tx: &WriteTx, id: Uuid, use_case: ClientUseCase) -> Result<Allowed<Entity>, Error> {
    let before = tx.authorize::<Entity>(id, "id", ClientAction::Hold).await?;
    session::require_recent_proof(tx).await?;
    use_case.check_state(tx, &before).await?;
    Ok(before)
}

/// Keeps a change. The revision and the time of the dossier stay the same, because the client would notice a change of
/// them.
async fn save(tx: &WriteTx, before: &Allowed<Entity>, after: Model, record: AuditRecord) -> Result<Uuid, Error> {
    tx.audit(record.of_client(Some(before.id)).named(&before.name));
    let event = DomainEvent::changed(Kind::ClientUpdated, &after, &**before, &after).agency_only();
    Ok(tx.update(before, after, event).await?.id)
}
