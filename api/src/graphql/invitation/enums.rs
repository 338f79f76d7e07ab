//! The GraphQL enums of an invitation. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// The state of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "InvitationStatus", remote = "dossier_domain::invitation_status::Status")]
pub enum InvitationStatus {
    /// It can be accepted.
    Pending,
    /// It was not accepted in time. It can be sent again.
    Expired,
    /// Somebody has accepted it.
    Accepted,
    /// Somebody has revoked it.
    Revoked,
}
