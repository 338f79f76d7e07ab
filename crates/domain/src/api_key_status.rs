//! The state of an API key, which follows from its times.

use chrono::{DateTime, Utc};
use entities::api_key::{Column, Model};
use sea_orm::{ColumnTrait, Condition};

/// The state of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It can be used.
    Active,
    /// It has expired.
    Expired,
    /// Somebody has revoked it.
    Revoked,
}

/// Returns the state of a key.
pub fn status(row: &Model, now: DateTime<Utc>) -> Status {
    match (row.revoked_at, row.expires_at) {
        (Some(_), _) => Status::Revoked,
        (None, Some(expires_at)) if expires_at <= now => Status::Expired,
        (None, _) => Status::Active,
    }
}

/// Returns the condition for keys that can be used.
pub fn is_active(now: DateTime<Utc>) -> Condition {
    in_status(Status::Active, now)
}

/// Returns the condition for keys in this state.
pub fn in_status(status: Status, now: DateTime<Utc>) -> Condition {
    let unrevoked = Condition::all().add(Column::RevokedAt.is_null());
    match status {
        Status::Active => {
            unrevoked.add(Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now)))
        }
        Status::Expired => unrevoked.add(Column::ExpiresAt.lte(now)),
        Status::Revoked => Condition::all().add(Column::RevokedAt.is_not_null()),
    }
}
