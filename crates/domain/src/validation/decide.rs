//! Decisions and other steps of the agency.

use super::step::{Grounds, Target, UNDECIDED, ValidationUseCase, Verdict, begin_step, save_step};
use crate::{assignee, check, use_case::require_open};
use chrono::NaiveDate;
use dossier_core::error::Error;
use dossier_data::WriteTx;
use entities::{
    client,
    validation_request::{Column, Entity, Model},
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// Approves, rejects or asks for changes. If two people decide at once, the second sees the status that the first has
/// set.
pub async fn decide(tx: &WriteTx, target: Target, verdict: Verdict, grounds: Grounds) -> Result<Uuid, Error> {
    let given = grounds.reason.as_deref();
    let required = || check::text("reason", given.unwrap_or_default(), check::TEXT).map(Some);
    let (use_case, reason) = match verdict {
        Verdict::Approve => (ValidationUseCase::Approve, check::optional("reason", given, check::TEXT, check::text)?),
        Verdict::Reject => (ValidationUseCase::Reject, required()?),
        Verdict::RequestChanges => (ValidationUseCase::RequestChanges, required()?),
    };
    let note = check::optional("internal_note", grounds.internal_note.as_deref(), check::TEXT, check::text)?;
    let (before, dossier) = begin_step(tx, target, use_case).await?;
    let after = Model {
        decision_reason: reason.clone(),
        internal_note: note.or_else(|| before.internal_note.clone()),
        decided_at: (verdict != Verdict::RequestChanges).then_some(tx.now),
        ..before.clone()
    };
    save_step(tx, &dossier, &before, after, use_case, reason).await
}

/// Withdraws a request.
pub async fn cancel(tx: &WriteTx, target: Target, reason: Option<String>) -> Result<Uuid, Error> {
    let reason = check::optional("reason", reason.as_deref(), check::TEXT, check::text)?;
    let (before, dossier) = begin_step(tx, target, ValidationUseCase::Cancel).await?;
    let after = Model { decision_reason: reason.clone(), ..before.clone() };
    save_step(tx, &dossier, &before, after, ValidationUseCase::Cancel, reason).await
}

/// Assigns a request to a member who can decide it, or to nobody.
pub async fn assign(tx: &WriteTx, target: Target, assignee: Option<Uuid>) -> Result<Uuid, Error> {
    let (before, dossier) = begin_step(tx, target, ValidationUseCase::Assign).await?;
    if let Some(assignee) = assignee {
        assignee::check(tx, assignee, &dossier).await?;
    }
    if assignee == before.assignee_id {
        return Ok(before.id);
    }
    let after = Model { assignee_id: assignee, ..before.clone() };
    save_step(tx, &dossier, &before, after, ValidationUseCase::Assign, None).await
}

/// Takes back the open requests that are assigned to a member, who leaves. Those of archived dossiers stay.
pub async fn release(tx: &WriteTx, member: Uuid) -> Result<(), Error> {
    let assigned = tx.find::<Entity>().filter(Column::AssigneeId.eq(member)).filter(Column::Status.is_in(UNDECIDED));
    for request in assigned.all().await? {
        let dossier = tx.get::<client::Entity>(request.client_id).await?;
        if dossier.is_some_and(|dossier| require_open(&dossier).is_ok()) {
            assign(tx, Target { id: request.id, expected: None }, None).await?;
        }
    }
    Ok(())
}

/// Sets or removes the day until which a request should be decided.
pub async fn set_due_date(tx: &WriteTx, target: Target, due_on: Option<NaiveDate>) -> Result<Uuid, Error> {
    let (before, dossier) = begin_step(tx, target, ValidationUseCase::SetDueDate).await?;
    if due_on == before.due_on {
        return Ok(before.id);
    }
    let after = Model { due_on, ..before.clone() };
    save_step(tx, &dossier, &before, after, ValidationUseCase::SetDueDate, None).await
}

/// Shows a request with its whole history to the client. Its document is published separately.
pub async fn share(tx: &WriteTx, target: Target) -> Result<Uuid, Error> {
    let (before, dossier) = begin_step(tx, target, ValidationUseCase::Share).await?;
    let after = Model { internal: false, ..before.clone() };
    save_step(tx, &dossier, &before, after, ValidationUseCase::Share, None).await
}
