//! The steps of a request: who may take them, when, and how they are recorded.

use crate::{check, use_case::UseCase};
use chrono::NaiveDate;
use dossier_core::{
    error::{Error, UserError},
    viewer::{Actor, Member},
};
use dossier_data::{Allowed, AuditRecord, DomainEvent, ReadTx, WriteTx};
use dossier_policy::{ValidationAction, permit};
use entities::{
    audit_entry, client,
    event::Kind,
    invoice,
    validation_request::{Column, Entity, Model, Status},
    validation_step::{self as step, Action},
};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, EnumIter};
use std::borrow::Cow;
use uuid::Uuid;

/// Sorts requests without a due date behind all others.
pub(super) const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("it is a day");

/// The statuses of undecided requests.
pub(super) const UNDECIDED: [Status; 2] = [Status::Pending, Status::ChangesRequested];

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
    /// Set the day until which it should be decided.
    SetDueDate,
    /// Comment on it, for everybody who sees it.
    Comment,
    /// Comment on it among the agency.
    CommentInternally,
}

impl ValidationUseCase {
    pub(super) fn permission(self) -> ValidationAction {
        match self {
            Self::Resubmit => ValidationAction::Submit,
            Self::Cancel => ValidationAction::Cancel,
            Self::Comment => ValidationAction::Comment,
            Self::Approve
            | Self::Reject
            | Self::RequestChanges
            | Self::Assign
            | Self::Share
            | Self::SetDueDate
            | Self::CommentInternally => ValidationAction::Decide,
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
            Self::Resubmit | Self::Cancel | Self::SetDueDate | Self::Comment | Self::CommentInternally => None,
        }
    }

    /// Returns the step in the history of the request. Comments are none.
    fn step(self) -> Option<Action> {
        match self {
            Self::Approve => Some(Action::Approved),
            Self::Reject => Some(Action::Rejected),
            Self::RequestChanges => Some(Action::ChangesRequested),
            Self::Resubmit => Some(Action::Resubmitted),
            Self::Cancel => Some(Action::Cancelled),
            Self::Assign => Some(Action::Assigned),
            Self::Share => Some(Action::Shared),
            Self::SetDueDate => Some(Action::DueDateSet),
            Self::Comment | Self::CommentInternally => None,
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
        if let Some(step) = self.step() {
            status_after(row, step)?;
        }
        match self {
            Self::Approve | Self::Reject | Self::RequestChanges => four_eyes(tx, row).await,
            Self::Share if !row.internal => {
                Err(UserError::conflict("This request is already shared with the client.").into())
            }
            Self::Resubmit
            | Self::Cancel
            | Self::Assign
            | Self::Share
            | Self::SetDueDate
            | Self::Comment
            | Self::CommentInternally => Ok(()),
        }
    }
}

/// Returns the status of a request after a step.
pub(super) fn status_after(request: &Model, step: Action) -> Result<Status, UserError> {
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
        (Status::Pending, Action::VersionReplaced)
        | (Status::Pending | Status::ChangesRequested, Action::Assigned | Action::DueDateSet)
        | (_, Action::Shared) => Some(from),
        _ => None,
    }
}

/// Returns whether a request is undecided and its due date is over.
pub fn is_overdue(request: &Model, today: NaiveDate) -> bool {
    UNDECIDED.contains(&request.status) && request.due_on.is_some_and(|day| day < today)
}

/// Returns the condition of such requests.
pub fn overdue(today: NaiveDate) -> Condition {
    Condition::all().add(Column::Status.is_in(UNDECIDED)).add(Column::DueOrder.lt(today))
}

/// Returns the request and its dossier, both locked, if the viewer may do this and their state allows it.
pub(super) async fn begin_step(
    tx: &WriteTx,
    target: Target,
    use_case: ValidationUseCase,
) -> Result<(Allowed<Entity>, client::Model), Error> {
    let (before, dossier) = tx.authorize_in_dossier::<Entity>(target.id, "id", use_case.permission()).await?;
    check::revision(target.expected, before.revision)?;
    use_case.check(tx, &before, &dossier).await?;
    Ok((before, dossier))
}

/// Where the organization requires four eyes, nobody decides a request that they submitted or resubmitted themselves, or
/// to which they uploaded a version, in any membership.
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
        .filter(step::Column::Action.is_in([Action::Submitted, Action::Resubmitted, Action::VersionReplaced]))
        .filter(step::Column::ActorId.eq(member.user));
    if request.submitter_id == Some(member.user) || submitted.exists_of(step::Column::RequestId, request.id).await? {
        return Err(UserError::forbidden(
            "Your organization requires four eyes. You submitted this request, so another member must decide it.",
        )
        .into());
    }
    Ok(())
}

/// Updates the request and its status, inserts its step, and enqueues the event. Returns the request and the step.
pub(super) async fn save_step(
    tx: &WriteTx,
    dossier: &client::Model,
    before: &Allowed<Entity>,
    after: Model,
    use_case: ValidationUseCase,
    reason: Option<String>,
) -> Result<Uuid, Error> {
    let action = use_case.step().ok_or_else(|| Error::internal("a comment is no step"))?;
    let step = history(tx, &after, action, reason.clone()).await?;
    let after = save(tx, dossier, before, after, step).await?;
    if let Some(action) = use_case.audit_action() {
        let assignee = |row: &Model| row.assignee_id.map(|id| dossier_core::id::encode("membership", id));
        let record = AuditRecord::new(action, after.id).of_client(Some(after.client_id)).named(&after.title);
        tx.audit(record.note(reason.as_deref()).change("assignee", assignee(before), assignee(&after)));
    }
    Ok(after.id)
}

/// Updates the request, inserts the step, and enqueues its event.
pub(super) async fn save(
    tx: &WriteTx,
    dossier: &client::Model,
    before: &Allowed<Entity>,
    after: Model,
    step: step::Model,
) -> Result<Allowed<Entity>, Error> {
    let status = status_after(before, step.action)?;
    let due_order = after.due_on.unwrap_or(NO_DAY);
    let after = Model { status, due_order, revision: before.revision + 1, updated_at: tx.now, ..after };
    let event = DomainEvent::changed(kind_of(step.action), dossier, &**before, &after);
    let after = tx.update(before, after, event).await?;
    tx.insert_part(&after, step).await?;
    Ok(after)
}

/// Returns the next step of a request, as it is after the step.
pub(super) async fn history(
    tx: &WriteTx,
    request: &Model,
    action: Action,
    reason: Option<String>,
) -> Result<step::Model, Error> {
    let quote = match request.quote_id {
        Some(quote) => tx.get::<invoice::Entity>(quote).await?,
        None => None,
    };
    let Actor { kind, user, name } = tx.viewer.actor();
    Ok(step::Model {
        id: tx.new_id(),
        organization_id: request.organization_id,
        client_id: request.client_id,
        request_id: request.id,
        action,
        reason,
        document_version_id: request.document_version_id,
        round_id: request.round_id,
        quote_revision: quote.map(|quote| quote.revision),
        actor_kind: kind,
        actor_id: user,
        actor_name: name,
        created_at: tx.now,
    })
}

pub(super) fn kind_of(action: Action) -> Kind {
    match action {
        Action::Submitted => Kind::ValidationSubmitted,
        Action::Resubmitted => Kind::ValidationResubmitted,
        Action::Shared => Kind::ValidationShared,
        Action::Assigned => Kind::ValidationAssigned,
        Action::DueDateSet => Kind::ValidationDueDateSet,
        Action::VersionReplaced => Kind::ValidationVersionReplaced,
        Action::Approved => Kind::ValidationApproved,
        Action::Rejected => Kind::ValidationRejected,
        Action::ChangesRequested => Kind::ValidationChangesRequested,
        Action::Cancelled => Kind::ValidationCancelled,
    }
}
