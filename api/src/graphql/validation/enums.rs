//! The GraphQL enums of a validation request. They mirror the enums of the lower crates. `remote` makes the compiler
//! compare the values.

use async_graphql::Enum;

/// The status of a validation request. Possible changes: `PENDING → APPROVED | REJECTED | CHANGES_REQUESTED |
/// CANCELLED`, `CHANGES_REQUESTED → PENDING | CANCELLED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::validation_request::Status")]
pub enum ValidationStatus {
    /// The request waits for a decision.
    Pending,
    /// The request was approved. This status is final.
    Approved,
    /// The request was rejected. This status is final.
    Rejected,
    /// Changes were requested. Resubmitting the request makes it `PENDING` again.
    ChangesRequested,
    /// The request was withdrawn. This status is final.
    Cancelled,
}

/// An action on a validation request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::validation_step::Action")]
pub enum ValidationAction {
    /// The request was submitted.
    Submitted,
    /// The request was submitted again after changes.
    Resubmitted,
    /// The request was shared with the client.
    Shared,
    /// The request was assigned to a member, or to nobody.
    Assigned,
    /// The due date was set or removed.
    DueDateSet,
    /// A document of the request got a new version, which replaced the earlier one.
    VersionReplaced,
    /// The request was approved.
    Approved,
    /// The request was rejected.
    Rejected,
    /// Changes were requested, with a reason.
    ChangesRequested,
    /// The request was withdrawn.
    Cancelled,
}

/// An action on a validation request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::validation::ValidationUseCase")]
pub enum ValidationRequestAction {
    /// Approve it with `approveValidationRequest`.
    Approve,
    /// Reject it with `rejectValidationRequest`.
    Reject,
    /// Request changes with `requestChanges`.
    RequestChanges,
    /// Submit it again with `resubmitValidationRequest`.
    Resubmit,
    /// Withdraw it with `cancelValidationRequest`.
    Cancel,
    /// Assign it with `assignValidationRequest`.
    Assign,
    /// Show it to the client with `shareValidationRequest`.
    Share,
    /// Set the due date with `setValidationRequestDueDate`.
    SetDueDate,
    /// Comment on it with `commentOnValidationRequest`.
    Comment,
    /// Comment on it among the agency with `commentOnValidationRequest(input: { internal: true })`.
    CommentInternally,
}
