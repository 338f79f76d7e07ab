//! The state of an invitation, which follows from its times.

use chrono::{DateTime, Utc};
use entities::invitation::{Column, Model};
use sea_orm::{ColumnTrait, Condition};

/// The state of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It can be accepted.
    Pending,
    /// It was not accepted in time. It can be sent again.
    Expired,
    /// Somebody has accepted it.
    Accepted,
    /// Somebody has revoked it.
    Revoked,
}

/// Returns the state of an invitation.
pub fn status(row: &Model, now: DateTime<Utc>) -> Status {
    match (row.accepted_at, row.revoked_at) {
        (Some(_), _) => Status::Accepted,
        (None, Some(_)) => Status::Revoked,
        (None, None) if row.expires_at <= now => Status::Expired,
        (None, None) => Status::Pending,
    }
}

/// Returns the condition for invitations in this state.
pub fn in_status(status: Status, now: DateTime<Utc>) -> Condition {
    let open = Condition::all().add(Column::AcceptedAt.is_null()).add(Column::RevokedAt.is_null());
    match status {
        Status::Pending => open.add(Column::ExpiresAt.gt(now)),
        Status::Expired => open.add(Column::ExpiresAt.lte(now)),
        Status::Accepted => Condition::all().add(Column::AcceptedAt.is_not_null()),
        Status::Revoked => Condition::all().add(Column::RevokedAt.is_not_null()),
    }
}
