//! The GraphQL enums of a validation request. They mirror those of the lower crates, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// Where a request stands: `PENDING → APPROVED | REJECTED | CHANGES_REQUESTED | CANCELLED`,
/// `CHANGES_REQUESTED → PENDING | CANCELLED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::validation_request::Status")]
pub enum ValidationStatus {
    /// Waits for a decision.
    Pending,
    /// Accepted; final.
    Approved,
    /// Turned down; final.
    Rejected,
    /// Sent back to whoever submitted it; resubmitting makes it `PENDING` again.
    ChangesRequested,
    /// Withdrawn; final.
    Cancelled,
}

/// What was done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::validation_step::Action")]
pub enum ValidationAction {
    /// Put before the agency.
    Submitted,
    /// Put before it again, after changes.
    Resubmitted,
    /// Shown to the client.
    Shared,
    /// Given to a member of the agency.
    Assigned,
    /// Accepted.
    Approved,
    /// Turned down.
    Rejected,
    /// Sent back with a reason.
    ChangesRequested,
    /// Withdrawn.
    Cancelled,
}
