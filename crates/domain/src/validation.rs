//! Validation requests. Each is submitted and decided once, and all its steps are recorded.

use super::{
    assignee, check,
    client::open_dossier,
    use_case::{UseCase, require_open},
};
use dossier_core::{
    error::{Error, UserError},
    viewer::{Actor, Member},
};
use dossier_data::{Allowed, AuditRecord, DomainEvent, ReadTx, WriteTx};
use dossier_policy::{ValidationAction, permit};
use entities::{
    audit_entry, client, document, document_version as version,
    event::{ActorKind, Kind},
    validation_request::{Column, Entity, Model, Status},
    validation_step::{self as step, Action},
};
use sea_orm::{ActiveEnum, ColumnTrait, EnumIter};
use std::borrow::Cow;
use uuid::Uuid;

/// The input for a new validation request.
pub struct NewRequest {
    /// The dossier.
    pub client: Uuid,
    /// The title.
    pub title: String,
    /// The description.
    pub description: Option<String>,
    /// The document version that it is about.
    pub version: Option<Uuid>,
}

/// The request of a step.
#[derive(Clone, Copy)]
pub struct Target {
    /// The request's key.
    pub id: Uuid,
    /// The revision that the caller has read.
    pub expected: Option<i32>,
}

/// The decision of the agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted. This is final.
    Approve,
    /// Rejected. This is final. It needs a reason.
    Reject,
    /// Sent back for changes. It needs a reason.
    RequestChanges,
}

/// The texts of a decision.
#[derive(Default)]
pub struct Grounds {
    /// The reason, for everybody who sees the request.
    pub reason: Option<String>,
    /// A note for the agency alone. `None` leaves the existing note.
    pub internal_note: Option<String>,
}

/// The use cases of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum ValidationUseCase {
    /// Accept it.
    Approve,
    /// Reject it.
    Reject,
    /// Send it back for changes.
    RequestChanges,
    /// Submit it again after changes.
    Resubmit,
    /// Withdraw it.
    Cancel,
    /// Assign it to a member, or to nobody.
    Assign,
    /// Show it to the client.
    Share,
}

impl ValidationUseCase {
    fn permission(self) -> ValidationAction {
        match self {
            Self::Resubmit => ValidationAction::Submit,
            Self::Cancel => ValidationAction::Cancel,
            Self::Approve | Self::Reject | Self::RequestChanges | Self::Assign | Self::Share => {
                ValidationAction::Decide
            }
        }
    }

    /// Returns the action in the audit log, which records decisions of the agency.
    fn audit_action(self) -> Option<audit_entry::Action> {
        match self {
            Self::Approve => Some(audit_entry::Action::ValidationApproved),
            Self::Reject => Some(audit_entry::Action::ValidationRejected),
            Self::RequestChanges => Some(audit_entry::Action::ValidationChangesRequested),
            Self::Assign => Some(audit_entry::Action::ValidationAssigned),
            Self::Share => Some(audit_entry::Action::ValidationShared),
            Self::Resubmit | Self::Cancel => None,
        }
    }

    fn step(self) -> Action {
        match self {
            Self::Approve => Action::Approved,
            Self::Reject => Action::Rejected,
            Self::RequestChanges => Action::ChangesRequested,
            Self::Resubmit => Action::Resubmitted,
            Self::Cancel => Action::Cancelled,
            Self::Assign => Action::Assigned,
            Self::Share => Action::Shared,
        }
    }
}

impl UseCase for ValidationUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        permit::<Entity>(member, self.permission(), row)
    }

    /// An archived dossier takes no new content, but open work can end.
    fn adds_to(self, row: &Model) -> Option<Uuid> {
        (self != Self::Cancel).then_some(row.client_id)
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        status_after(row, self.step())?;
        match self {
            Self::Approve | Self::Reject | Self::RequestChanges => four_eyes(tx, row).await,
            Self::Share if !row.internal => {
                Err(UserError::conflict("This request is already shared with the client.").into())
            }
            Self::Resubmit | Self::Cancel | Self::Assign | Self::Share => Ok(()),
        }
    }
}

/// Returns the status of a request after a step.
fn status_after(request: &Model, step: Action) -> Result<Status, UserError> {
    let refused = || {
        let (is, step) = (request.status.to_value(), step.to_value());
        UserError::conflict(format!("This request is {is}, which does not allow {step}. Read it again."))
    };
    next(request.status, step).ok_or_else(refused)
}

/// Returns the status after a step, or `None` if the status does not allow the step.
pub fn next(from: Status, step: Action) -> Option<Status> {
    match (from, step) {
        (Status::Pending, Action::Approved) => Some(Status::Approved),
        (Status::Pending, Action::Rejected) => Some(Status::Rejected),
        (Status::Pending, Action::ChangesRequested) => Some(Status::ChangesRequested),
        (Status::ChangesRequested, Action::Resubmitted) => Some(Status::Pending),
        (Status::Pending | Status::ChangesRequested, Action::Cancelled) => Some(Status::Cancelled),
        (Status::Pending | Status::ChangesRequested, Action::Assigned) | (_, Action::Shared) => Some(from),
        _ => None,
    }
}

/// Submits a request to the agency. The client sees what the client submits. A request of the agency is internal until
/// it is shared.
pub async fn submit(tx: &WriteTx, new: NewRequest) -> Result<Uuid, Error> {
    let title = check::line("title", &new.title, check::NAME)?;
    let description = check::optional("description", new.description.as_deref(), check::TEXT, check::text)?;
    let version = complete_version(tx, new.version).await?;
    let dossier = open_dossier(tx, new.client, "client_id").await?;
    let document_version_id = of_dossier(version, &dossier)?;
    let Actor { kind, user, name } = tx.viewer.actor();
    let row = Model {
        id: tx.new_id(),
        organization_id: dossier.organization_id,
        client_id: dossier.id,
        document_version_id,
        title,
        description,
        status: Status::Pending,
        internal: kind != ActorKind::Client,
        internal_note: None,
        decision_reason: None,
        submitter_id: user,
        submitter_name: name,
        submitter_kind: kind,
        assignee_id: None,
        decided_at: None,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let event = DomainEvent::added(kind_of(Action::Submitted), &dossier, &row);
    let row = tx.insert(tx.authorize_row::<Entity>(ValidationAction::Submit, row)?, event).await?;
    tx.insert_part(&row, history(tx, &row, Action::Submitted, None)).await?;
    Ok(row.id)
}

/// Submits a request again after changes, perhaps with another version.
pub async fn resubmit(tx: &WriteTx, target: Target, version: Option<Uuid>) -> Result<Uuid, Error> {
    let use_case = ValidationUseCase::Resubmit;
    let before = tx.authorize::<Entity>(target.id, "id", use_case.permission()).await?;
    check::revision(target.expected, before.revision)?;
    // The document is locked before the dossier, as everywhere. Otherwise, two transactions could wait for each other
    // forever.
    let version = complete_version(tx, version).await?;
    let dossier = tx.visible::<client::Entity>(before.client_id, "id").await?;
    use_case.check(tx, &before, &dossier).await?;
    let document_version_id = of_dossier(version, &dossier)?.or(before.document_version_id);
    let after = Model { document_version_id, decision_reason: None, ..before.clone() };
    save_step(tx, &dossier, &before, after, use_case, None).await
}

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
    let assigned = tx
        .find::<Entity>()
        .filter(Column::AssigneeId.eq(member))
        .filter(Column::Status.is_in([Status::Pending, Status::ChangesRequested]));
    for request in assigned.all().await? {
        let dossier = tx.get::<client::Entity>(request.client_id).await?;
        if dossier.is_some_and(|dossier| require_open(&dossier).is_ok()) {
            assign(tx, Target { id: request.id, expected: None }, None).await?;
        }
    }
    Ok(())
}

/// Shows a request with its whole history to the client. Its document is published separately.
pub async fn share(tx: &WriteTx, target: Target) -> Result<Uuid, Error> {
    let (before, dossier) = begin_step(tx, target, ValidationUseCase::Share).await?;
    let after = Model { internal: false, ..before.clone() };
    save_step(tx, &dossier, &before, after, ValidationUseCase::Share, None).await
}

/// Returns the request and its dossier, both locked, if the viewer may do this and their state allows it.
async fn begin_step(
    tx: &WriteTx,
    target: Target,
    use_case: ValidationUseCase,
) -> Result<(Allowed<Entity>, client::Model), Error> {
    let (before, dossier) = tx.authorize_in_dossier::<Entity>(target.id, "id", use_case.permission()).await?;
    check::revision(target.expected, before.revision)?;
    use_case.check(tx, &before, &dossier).await?;
    Ok((before, dossier))
}

/// Where the organization requires four eyes, nobody decides a request that they submitted or resubmitted themselves,
/// in any membership.
async fn four_eyes(tx: &ReadTx, request: &Model) -> Result<(), Error> {
    let Some(member) = tx.viewer.member() else { return Ok(()) };
    if !member.four_eyes {
        return Ok(());
    }
    if member.is_api_key {
        return Err(
            UserError::forbidden("Your organization requires four eyes. An API key cannot decide requests.").into()
        );
    }
    let submitted = tx
        .find::<step::Entity>()
        .filter(step::Column::Action.is_in([Action::Submitted, Action::Resubmitted]))
        .filter(step::Column::ActorId.eq(member.user));
    if request.submitter_id == Some(member.user) || submitted.exists_of(step::Column::RequestId, request.id).await? {
        return Err(UserError::forbidden(
            "Your organization requires four eyes. You submitted this request, so another member must decide it.",
        )
        .into());
    }
    Ok(())
}

/// Returns the version of a request. The viewer must see it, and it must be complete. Its document is locked against
/// deletion.
async fn complete_version(tx: &WriteTx, id: Option<Uuid>) -> Result<Option<version::Model>, Error> {
    let Some(id) = id else { return Ok(None) };
    let missing = || UserError::not_found("document_version_id");
    let row = tx.get::<version::Entity>(id).await?.ok_or_else(missing)?;
    tx.visible::<document::Entity>(row.document_id, "document_version_id").await?;
    if row.status == document::Status::Ready {
        Ok(Some(row))
    } else {
        Err(UserError::conflict("The upload of this version is not complete. Complete it first.").into())
    }
}

fn of_dossier(version: Option<version::Model>, dossier: &client::Model) -> Result<Option<Uuid>, UserError> {
    match version {
        Some(version) if version.client_id != dossier.id => {
            Err(UserError::invalid("document_version_id", "must be a version of a document in the same dossier"))
        }
        other => Ok(other.map(|version| version.id)),
    }
}

/// Updates the request and its status, inserts its step, and enqueues the event.
async fn save_step(
    tx: &WriteTx,
    dossier: &client::Model,
    before: &Allowed<Entity>,
    after: Model,
    use_case: ValidationUseCase,
    reason: Option<String>,
) -> Result<Uuid, Error> {
    let action = use_case.step();
    let status = status_after(before, action)?;
    let after = Model { status, revision: before.revision + 1, updated_at: tx.now, ..after };
    let event = DomainEvent::changed(kind_of(action), dossier, &**before, &after);
    let after = tx.update(before, after, event).await?;
    if let Some(action) = use_case.audit_action() {
        let assignee = |row: &Model| row.assignee_id.map(|id| dossier_core::id::encode("membership", id));
        let record = AuditRecord::new(action, after.id).of_client(Some(after.client_id)).named(&after.title);
        tx.audit(record.note(reason.as_deref()).change("assignee", assignee(before), assignee(&after)));
    }
    tx.insert_part(&after, history(tx, &after, action, reason)).await?;
    Ok(after.id)
}

fn history(tx: &WriteTx, request: &Model, action: Action, reason: Option<String>) -> step::Model {
    let actor = tx.viewer.actor();
    step::Model {
        id: tx.new_id(),
        organization_id: request.organization_id,
        client_id: request.client_id,
        request_id: request.id,
        action,
        reason,
        document_version_id: request.document_version_id,
        actor_kind: actor.kind,
        actor_id: actor.user,
        actor_name: actor.name,
        created_at: tx.now,
    }
}

fn kind_of(action: Action) -> Kind {
    match action {
        Action::Submitted => Kind::ValidationSubmitted,
        Action::Resubmitted => Kind::ValidationResubmitted,
        Action::Shared => Kind::ValidationShared,
        Action::Assigned => Kind::ValidationAssigned,
        Action::Approved => Kind::ValidationApproved,
        Action::Rejected => Kind::ValidationRejected,
        Action::ChangesRequested => Kind::ValidationChangesRequested,
        Action::Cancelled => Kind::ValidationCancelled,
    }
}
