//! Mutations of validation requests.

use super::{ValidationComment, ValidationRequest};
use crate::graphql::{
    client::Client, conversation::Message, document::DocumentVersion, id::Id, member::Member, payload::payload,
    quote::Quote, request::ContextExt, scalar::Date,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::validation::{self, Grounds, NewComment, NewRequest, Target, Verdict, VersionIds};
use futures::FutureExt;

/// Input for submitting a validation request.
#[derive(InputObject)]
pub struct SubmitValidationRequestInput {
    /// The client whose dossier it belongs to. The dossier must not be archived.
    client_id: Id<Client>,
    /// The title of the request, one line of 1 to 200 characters.
    title: String,
    /// A description, up to 10,000 characters.
    description: Option<String>,
    /// The version to validate. It must be a complete version of a document in the dossier.
    #[graphql(deprecation = "Use `documentVersionIds`.")]
    document_version_id: Option<Id<DocumentVersion>>,
    /// The versions to validate, at most 20 and at most one of each document. They must be complete versions of documents
    /// in the dossier.
    document_version_ids: Option<Vec<Id<DocumentVersion>>>,
    /// The quote to validate.
    quote_id: Option<Id<Quote>>,
    /// The message to validate. An author who sees the request can no longer change the message.
    message_id: Option<Id<Message>>,
    /// The day until which it should be decided. Allowed for owners, operators and managers.
    due_on: Option<Date>,
}

/// Input for resubmitting a validation request.
#[derive(InputObject)]
pub struct ResubmitValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The version to validate from now on. It must be a complete version of a document in the dossier. If omitted, the
    /// version stays the same.
    #[graphql(deprecation = "Use `documentVersionIds`.")]
    document_version_id: Option<Id<DocumentVersion>>,
    /// The versions to validate from now on, at most 20 and at most one of each document. If omitted, the versions stay
    /// the same.
    document_version_ids: Option<Vec<Id<DocumentVersion>>>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for approving a validation request.
#[derive(InputObject)]
pub struct ApproveValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The reason, up to 10,000 characters. Everyone who sees the request can read it.
    reason: Option<String>,
    /// An internal note of the agency, up to 10,000 characters. It replaces the existing note.
    internal_note: Option<String>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for rejecting a validation request.
#[derive(InputObject)]
pub struct RejectValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The reason, 1 to 10,000 characters. Everyone who sees the request can read it.
    reason: String,
    /// An internal note of the agency, up to 10,000 characters. It replaces the existing note.
    internal_note: Option<String>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for requesting changes.
#[derive(InputObject)]
pub struct RequestChangesInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The requested changes, 1 to 10,000 characters. Everyone who sees the request can read them.
    reason: String,
    /// An internal note of the agency, up to 10,000 characters. It replaces the existing note.
    internal_note: Option<String>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for withdrawing a validation request.
#[derive(InputObject)]
pub struct CancelValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The reason, up to 10,000 characters. Everyone who sees the request can read it.
    reason: Option<String>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for assigning a validation request.
#[derive(InputObject)]
pub struct AssignValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// An owner, operator or manager who can see the dossier. Null removes the assignment.
    assignee_id: Option<Id<Member>>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for sharing a validation request.
#[derive(InputObject)]
pub struct ShareValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for setting the due date of a validation request.
#[derive(InputObject)]
pub struct SetValidationRequestDueDateInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The day until which it should be decided, in the organization's time zone. Null removes the due date.
    due_on: Option<Date>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for commenting on a validation request.
#[derive(InputObject)]
pub struct CommentOnValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The text, 1 to 10,000 characters.
    body: String,
    /// Whether to hide the comment from the client. Allowed for owners, operators and managers.
    #[graphql(default)]
    internal: bool,
    /// The version that the comment is about. The request must be, or have been, about it.
    document_version_id: Option<Id<DocumentVersion>>,
    /// The members to mention, at most 20. They must be able to read the comment. Each gets a mail.
    mention_ids: Option<Vec<Id<Member>>>,
}

payload! {
    /// The result of submitting a validation request.
    SubmitValidationRequestPayload {
        /// The new validation request. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of resubmitting a validation request.
    ResubmitValidationRequestPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of approving a validation request.
    ApproveValidationRequestPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of rejecting a validation request.
    RejectValidationRequestPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of requesting changes.
    RequestChangesPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of withdrawing a validation request.
    CancelValidationRequestPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of assigning a validation request.
    AssignValidationRequestPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of sharing a validation request.
    ShareValidationRequestPayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of setting a due date.
    SetValidationRequestDueDatePayload {
        /// The validation request after the change. Null if there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// The result of commenting on a validation request.
    CommentOnValidationRequestPayload {
        /// The new comment. Null if there are `userErrors`.
        comment: ValidationComment
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ValidationMutation;

#[Object]
impl ValidationMutation {
    /// Submits a validation request, which becomes `PENDING`. Allowed for everyone who can see the dossier. A request
    /// of the agency is internal until `shareValidationRequest`. A request of the client is never internal.
    async fn submit_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request to submit.")] input: SubmitValidationRequestInput,
    ) -> Result<SubmitValidationRequestPayload, Error> {
        let new = NewRequest {
            client: input.client_id.uuid(),
            title: input.title,
            description: input.description,
            versions: versions(input.document_version_id, input.document_version_ids).unwrap_or_default(),
            quote: input.quote_id.map(Id::uuid),
            message: input.message_id.map(Id::uuid),
            due_on: input.due_on.map(|day| day.0),
        };
        ctx.mutate(|tx| validation::submit(tx, new).boxed()).await
    }

    /// Submits a validation request again after changes: `CHANGES_REQUESTED` becomes `PENDING`. Allowed for everyone
    /// who can see the request.
    async fn resubmit_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request to resubmit.")] input: ResubmitValidationRequestInput,
    ) -> Result<ResubmitValidationRequestPayload, Error> {
        let versions = versions(input.document_version_id, input.document_version_ids);
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::resubmit(tx, target, versions).boxed()).await
    }

    /// Approves a `PENDING` validation request. This is final. Allowed for owners, operators and managers. If the
    /// organization requires four eyes, the submitter may not decide.
    async fn approve_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request to approve.")] input: ApproveValidationRequestInput,
    ) -> Result<ApproveValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        let grounds = Grounds { reason: input.reason, internal_note: input.internal_note };
        ctx.mutate(|tx| validation::decide(tx, target, Verdict::Approve, grounds).boxed()).await
    }

    /// Rejects a `PENDING` validation request. This is final. Allowed for owners, operators and managers. If the
    /// organization requires four eyes, the submitter may not decide.
    async fn reject_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request to reject, and the reason.")] input: RejectValidationRequestInput,
    ) -> Result<RejectValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        let grounds = Grounds { reason: Some(input.reason), internal_note: input.internal_note };
        ctx.mutate(|tx| validation::decide(tx, target, Verdict::Reject, grounds).boxed()).await
    }

    /// Requests changes to a `PENDING` validation request. It then waits for `resubmitValidationRequest`. Allowed for
    /// owners, operators and managers. If the organization requires four eyes, the submitter may not decide.
    async fn request_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request, and the changes to make.")] input: RequestChangesInput,
    ) -> Result<RequestChangesPayload, Error> {
        let target = target(input.id, input.expected_revision);
        let grounds = Grounds { reason: Some(input.reason), internal_note: input.internal_note };
        ctx.mutate(|tx| validation::decide(tx, target, Verdict::RequestChanges, grounds).boxed()).await
    }

    /// Withdraws a validation request that is `PENDING` or `CHANGES_REQUESTED`. This is final. Owners, operators and
    /// managers may withdraw any request that they see. Staff and clients may withdraw only requests that they
    /// submitted.
    async fn cancel_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request to withdraw.")] input: CancelValidationRequestInput,
    ) -> Result<CancelValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::cancel(tx, target, input.reason).boxed()).await
    }

    /// Assigns an undecided validation request to a member, or removes the assignment. Allowed for owners, operators
    /// and managers.
    async fn assign_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request, and the member to assign it to.")] input: AssignValidationRequestInput,
    ) -> Result<AssignValidationRequestPayload, Error> {
        let assignee = input.assignee_id.map(Id::uuid);
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::assign(tx, target, assignee).boxed()).await
    }

    /// Shows an internal validation request and its complete history to the client. The document is not published by
    /// this. Sharing cannot be undone. Allowed for owners, operators and managers.
    async fn share_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request to share.")] input: ShareValidationRequestInput,
    ) -> Result<ShareValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::share(tx, target).boxed()).await
    }

    /// Sets or removes the due date of an undecided validation request. Allowed for owners, operators and managers.
    async fn set_validation_request_due_date(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request, and its due date.")] input: SetValidationRequestDueDateInput,
    ) -> Result<SetValidationRequestDueDatePayload, Error> {
        let due_on = input.due_on.map(|day| day.0);
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::set_due_date(tx, target, due_on).boxed()).await
    }

    /// Comments on a validation request in any status. Everyone who sees the request reads the comment. Internal comments
    /// are hidden from the client.
    async fn comment_on_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request, and the comment.")] input: CommentOnValidationRequestInput,
    ) -> Result<CommentOnValidationRequestPayload, Error> {
        let new = NewComment {
            request: input.id.uuid(),
            body: input.body,
            internal: input.internal,
            version: input.document_version_id.map(Id::uuid),
            mentions: input.mention_ids.unwrap_or_default().into_iter().map(Id::uuid).collect(),
        };
        ctx.mutate(|tx| validation::comment(tx, new).boxed()).await
    }
}

/// Returns the versions of an input, which may name one or several.
fn versions(one: Option<Id<DocumentVersion>>, several: Option<Vec<Id<DocumentVersion>>>) -> Option<VersionIds> {
    match (several, one) {
        (Some(several), _) => Some(VersionIds::several(several.into_iter().map(Id::uuid).collect())),
        (None, Some(one)) => Some(VersionIds { ids: vec![one.uuid()], field: "document_version_id" }),
        (None, None) => None,
    }
}

fn target(id: Id<ValidationRequest>, expected: Option<i32>) -> Target {
    Target { id: id.uuid(), expected }
}
