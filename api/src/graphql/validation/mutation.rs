//! Mutations of validation requests.

use super::ValidationRequest;
use crate::graphql::{
    client::Client, document::DocumentVersion, id::Id, member::Member, payload::payload, request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::validation::{self, Grounds, NewRequest, Target, Verdict};
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
    document_version_id: Option<Id<DocumentVersion>>,
}

/// Input for resubmitting a validation request.
#[derive(InputObject)]
pub struct ResubmitValidationRequestInput {
    /// The validation request.
    id: Id<ValidationRequest>,
    /// The version to validate from now on. It must be a complete version of a document in the dossier. If omitted, the
    /// version stays the same.
    document_version_id: Option<Id<DocumentVersion>>,
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
            version: input.document_version_id.map(Id::uuid),
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
        let version = input.document_version_id.map(Id::uuid);
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::resubmit(tx, target, version).boxed()).await
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
}

fn target(id: Id<ValidationRequest>, expected: Option<i32>) -> Target {
    Target { id: id.uuid(), expected }
}
