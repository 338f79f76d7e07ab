//! Cursors of events: positions in the outbox, and whether reading can continue there.

use crate::{feed, sequence::Sequence};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{error::Error, viewer::AccessScope};
use dossier_data::outbox::Ends;
use dossier_data::{Purpose, ReadTx, Sealer};
use entities::{event, organization};
use serde::{Deserialize, Serialize};

/// The reason why a subscriber must read its data again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resync {
    /// This server did not give the cursor to this organization.
    Malformed,
    /// Events after the cursor were deleted.
    TooOld,
    /// The database was put back to an earlier state, and sequences are given anew.
    OtherEpoch,
    /// The viewer's role or sites changed since the cursor. Some rows became visible or hidden without an event of
    /// their own.
    AccessChanged,
}

impl Resync {
    /// Returns the name of the reason for metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooOld => "too-old",
            Self::OtherEpoch => "other-epoch",
            Self::AccessChanged => "access-changed",
        }
    }
}

/// A position in an organization's events, as one access scope sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventCursor {
    /// The access scope.
    pub access_scope: AccessScope,
    /// The sequence up to which events were read.
    pub sequence: Sequence,
    epoch: i64,
}

/// The content of a cursor.
#[derive(Serialize, Deserialize)]
struct Cursor {
    #[serde(rename = "n")]
    sequence: Sequence,
    #[serde(rename = "e")]
    epoch: i64,
    #[serde(rename = "o")]
    access_scope: u64,
    /// A time in seconds since 1970. Between the sequence and this time, nothing happened that the viewer may see.
    /// Events may be deleted up to this time.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    quiet_until: Option<i64>,
}

impl EventCursor {
    /// Returns a cursor for the end of the viewer's events.
    pub async fn cursor_of_end(tx: &ReadTx, sealer: &Sealer) -> Result<String, Error> {
        let (access_scope, ends, newest) = (tx.member()?.access_scope(), tx.ends().await?, feed::newest(tx).await?);
        Self::at_end(access_scope, &ends).seal_end(tx, sealer, newest).await
    }

    /// Returns the position at the end of the events.
    pub fn at_end(access_scope: AccessScope, ends: &Ends) -> Self {
        Self { access_scope, sequence: Sequence(ends.last), epoch: ends.epoch }
    }

    /// Returns the position before the oldest stored event.
    pub fn at_beginning(access_scope: AccessScope, ends: &Ends) -> Self {
        Self { sequence: Sequence(ends.cleared), ..Self::at_end(access_scope, ends) }
    }

    /// Returns the position with another sequence.
    #[must_use]
    pub fn moved(&self, sequence: Sequence) -> Self {
        Self { sequence, ..self.clone() }
    }

    /// Decrypts a cursor. Fails if this viewer cannot continue from it.
    pub fn open(sealer: &Sealer, access_scope: AccessScope, ends: &Ends, cursor: &str) -> Result<Self, Resync> {
        let cursor: Cursor = sealer.open(&purpose(&access_scope), cursor).ok_or(Resync::Malformed)?;
        let same = cursor.access_scope == access_scope.fingerprint();
        let nothing_cleared = cursor.quiet_until.is_some_and(|until| until >= ends.cleared_before);
        let sequence = if nothing_cleared { cursor.sequence.max(Sequence(ends.cleared)) } else { cursor.sequence };
        let position = Self { access_scope, sequence, epoch: cursor.epoch };
        position.leads_on(ends)?;
        if same { Ok(position) } else { Err(Resync::AccessChanged) }
    }

    /// Fails if events after this position are missing.
    pub fn leads_on(&self, ends: &Ends) -> Result<(), Resync> {
        if self.epoch != ends.epoch || self.sequence.0 > ends.last {
            return Err(Resync::OtherEpoch);
        }
        if self.sequence.0 < ends.cleared { Err(Resync::TooOld) } else { Ok(()) }
    }

    /// Encrypts the position into a cursor that only the same organization can use.
    pub fn seal(&self, sealer: &Sealer) -> Result<String, Error> {
        self.seal_quiet(sealer, None)
    }

    /// Encrypts the end of the events that the viewer may see. `newest` is the newest of these. Hidden events do not
    /// change the cursor. Time does not change it either, until the newest event is old, because a cursor must stay
    /// usable for some time.
    pub async fn seal_end(self, tx: &ReadTx, sealer: &Sealer, newest: Option<event::Model>) -> Result<String, Error> {
        let organization = tx.get::<organization::Entity>(self.access_scope.organization).await?;
        let organization = organization.ok_or_else(|| Error::internal("a member's organization is missing"))?;
        let quiet_until = period(tx.now, organization.event_days);
        let sequence = Sequence(newest.as_ref().map_or(0, |event| event.number));
        let is_old = newest.is_none_or(|event| event.occurred_at.timestamp() < quiet_until);
        Self { sequence, ..self }.seal_quiet(sealer, is_old.then_some(quiet_until))
    }

    fn seal_quiet(&self, sealer: &Sealer, quiet_until: Option<i64>) -> Result<String, Error> {
        let cursor = Cursor {
            sequence: self.sequence,
            epoch: self.epoch,
            access_scope: self.access_scope.fingerprint(),
            quiet_until,
        };
        sealer.seal(&purpose(&self.access_scope), &cursor)
    }
}

/// Returns the start of the current period, in seconds since 1970. A period is half of the time for which events are
/// kept. It starts an hour late, because an earlier event may still be committed.
fn period(now: DateTime<Utc>, event_days: i32) -> i64 {
    let half = TimeDelta::days(event_days.into()).num_seconds() / 2;
    let now = (now - TimeDelta::hours(1)).timestamp();
    now - now.rem_euclid(half.max(1))
}

/// Returns the purpose of an organization's cursors. The cursor contains the access scope, so that a changed scope and
/// another organization give different errors.
fn purpose(access_scope: &AccessScope) -> Purpose {
    Purpose { kind: "event", organization: access_scope.organization, scope: None }
}
