//! Submitting, deciding, assigning and sharing validation requests.

use super::ValidationRequest;
use crate::graphql::{
    client::Client, document::DocumentVersion, id::Id, member::Member, payload::payload, request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::validation::{self, Grounds, NewRequest, Target, Verdict};
use futures::FutureExt;

/// What to put before the agency.
#[derive(InputObject)]
pub struct SubmitValidationRequestInput {
    /// The dossier; not an archived one.
    client_id: Id<Client>,
    /// What is to be validated; one line of 1 to 200 characters.
    title: String,
    /// More about it; up to 10,000 characters.
    description: Option<String>,
    /// What it is about: a complete version of a document of the dossier.
    document_version_id: Option<Id<DocumentVersion>>,
}

/// What to put before the agency again.
#[derive(InputObject)]
pub struct ResubmitValidationRequestInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// What it is about from now on: a complete version of a document of the dossier. Left out: what it was about.
    document_version_id: Option<Id<DocumentVersion>>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to approve.
#[derive(InputObject)]
pub struct ApproveValidationRequestInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// Why, for everybody who sees the request; up to 10,000 characters.
    reason: Option<String>,
    /// For the agency alone: replaces the note that is there; up to 10,000 characters.
    internal_note: Option<String>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to reject.
#[derive(InputObject)]
pub struct RejectValidationRequestInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// Why, for everybody who sees the request; 1 to 10,000 characters.
    reason: String,
    /// For the agency alone: replaces the note that is there; up to 10,000 characters.
    internal_note: Option<String>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to send back.
#[derive(InputObject)]
pub struct RequestChangesInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// What is to be changed, for everybody who sees the request; 1 to 10,000 characters.
    reason: String,
    /// For the agency alone: replaces the note that is there; up to 10,000 characters.
    internal_note: Option<String>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to withdraw.
#[derive(InputObject)]
pub struct CancelValidationRequestInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// Why, for everybody who sees the request; up to 10,000 characters.
    reason: Option<String>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// Who is to decide.
#[derive(InputObject)]
pub struct AssignValidationRequestInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// An owner, an operator or a manager who reaches the dossier; null for nobody.
    assignee_id: Option<Id<Member>>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to show to the client.
#[derive(InputObject)]
pub struct ShareValidationRequestInput {
    /// The request.
    id: Id<ValidationRequest>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

payload! {
    /// What came of submitting a request.
    SubmitValidationRequestPayload {
        /// The new request; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of resubmitting a request.
    ResubmitValidationRequestPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of approving a request.
    ApproveValidationRequestPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of rejecting a request.
    RejectValidationRequestPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of sending a request back.
    RequestChangesPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of withdrawing a request.
    CancelValidationRequestPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of assigning a request.
    AssignValidationRequestPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

payload! {
    /// What came of sharing a request.
    ShareValidationRequestPayload {
        /// The request as it is now; null when there are `userErrors`.
        validation_request: ValidationRequest
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ValidationMutation;

#[Object]
impl ValidationMutation {
    /// Puts something before the agency, `PENDING`. For everybody who sees the dossier. What the agency submits is
    /// internal until `shareValidationRequest`; what the client submits is not.
    async fn submit_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request.")] input: SubmitValidationRequestInput,
    ) -> Result<SubmitValidationRequestPayload, Error> {
        let new = NewRequest {
            client: input.client_id.uuid(),
            title: input.title,
            description: input.description,
            version: input.document_version_id.map(Id::uuid),
        };
        ctx.mutate(|tx| validation::submit(tx, new).boxed()).await
    }

    /// Puts a request for which changes were requested before the agency again: `CHANGES_REQUESTED` becomes `PENDING`.
    /// For everybody who sees it.
    async fn resubmit_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ResubmitValidationRequestInput,
    ) -> Result<ResubmitValidationRequestPayload, Error> {
        let version = input.document_version_id.map(Id::uuid);
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::resubmit(tx, target, version).boxed()).await
    }

    /// Accepts a `PENDING` request, for ever. For owners, operators and managers; where the organization wants four
    /// eyes, not for who submitted it.
    async fn approve_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ApproveValidationRequestInput,
    ) -> Result<ApproveValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        let grounds = Grounds { reason: input.reason, internal_note: input.internal_note };
        ctx.mutate(|tx| validation::decide(tx, target, Verdict::Approve, grounds).boxed()).await
    }

    /// Turns a `PENDING` request down, for ever. For owners, operators and managers; where the organization wants four
    /// eyes, not for who submitted it.
    async fn reject_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: RejectValidationRequestInput,
    ) -> Result<RejectValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        let grounds = Grounds { reason: Some(input.reason), internal_note: input.internal_note };
        ctx.mutate(|tx| validation::decide(tx, target, Verdict::Reject, grounds).boxed()).await
    }

    /// Sends a `PENDING` request back: it waits for `resubmitValidationRequest`. For owners, operators and managers;
    /// where the organization wants four eyes, not for who submitted it.
    async fn request_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and what is to be changed.")] input: RequestChangesInput,
    ) -> Result<RequestChangesPayload, Error> {
        let target = target(input.id, input.expected_revision);
        let grounds = Grounds { reason: Some(input.reason), internal_note: input.internal_note };
        ctx.mutate(|tx| validation::decide(tx, target, Verdict::RequestChanges, grounds).boxed()).await
    }

    /// Withdraws a request that is `PENDING` or `CHANGES_REQUESTED`, forever. Owners, operators and managers cancel any
    /// request that they see; staff and clients only the requests that they submitted.
    async fn cancel_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CancelValidationRequestInput,
    ) -> Result<CancelValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::cancel(tx, target, input.reason).boxed()).await
    }

    /// Gives a request that is not decided to a member, or to nobody. For owners, operators and managers.
    async fn assign_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and to whom.")] input: AssignValidationRequestInput,
    ) -> Result<AssignValidationRequestPayload, Error> {
        let assignee = input.assignee_id.map(Id::uuid);
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::assign(tx, target, assignee).boxed()).await
    }

    /// Shows an internal request to the client, with its whole history; what it is about is published apart. There is
    /// no way back. For owners, operators and managers.
    async fn share_validation_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ShareValidationRequestInput,
    ) -> Result<ShareValidationRequestPayload, Error> {
        let target = target(input.id, input.expected_revision);
        ctx.mutate(|tx| validation::share(tx, target).boxed()).await
    }
}

fn target(id: Id<ValidationRequest>, expected: Option<i32>) -> Target {
    Target { id: id.uuid(), expected }
}
