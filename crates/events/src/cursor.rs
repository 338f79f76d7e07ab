//! Cursors of events: where somebody stands, and whether it still leads on from there.

use crate::{feed, sequence::Sequence};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{error::Error, viewer::AccessScope};
use dossier_data::outbox::Ends;
use dossier_data::{Purpose, ReadTx, Sealer};
use entities::{event, organization};
use serde::{Deserialize, Serialize};

/// Why what is shown must be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resync {
    /// The cursor is none that this server gave to this organization.
    Malformed,
    /// Events behind the cursor are kept no longer.
    TooOld,
    /// The database was put back to an earlier state, and numbers are given anew.
    OtherEpoch,
    /// The viewer's role or sites are not what they were at the cursor: some things came into sight, or left it,
    /// without an event of their own.
    AccessChanged,
}

impl Resync {
    /// For metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooOld => "too-old",
            Self::OtherEpoch => "other-epoch",
            Self::AccessChanged => "access-changed",
        }
    }
}

/// Where somebody stands in an organization's events, and with which eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventCursor {
    /// What they see.
    pub access_scope: AccessScope,
    /// Up to where they have heard.
    pub sequence: Sequence,
    epoch: i64,
}

/// What a cursor says.
#[derive(Serialize, Deserialize)]
struct Cursor {
    #[serde(rename = "n")]
    sequence: Sequence,
    #[serde(rename = "e")]
    epoch: i64,
    #[serde(rename = "o")]
    access_scope: u64,
    /// The viewer may see nothing that happened between the mark and this moment, in seconds since 1970: events may be
    /// cleared up to there.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    quiet_until: Option<i64>,
}

impl EventCursor {
    /// Where the viewer's events end, as a cursor.
    pub async fn cursor_of_end(tx: &ReadTx, sealer: &Sealer) -> Result<String, Error> {
        let (access_scope, ends, newest) = (tx.member()?.access_scope(), tx.ends().await?, feed::newest(tx).await?);
        Self::at_end(access_scope, &ends).seal_end(tx, sealer, newest).await
    }

    /// Where the events end now.
    pub fn at_end(access_scope: AccessScope, ends: &Ends) -> Self {
        Self { access_scope, sequence: Sequence(ends.last), epoch: ends.epoch }
    }

    /// Before the oldest event that is kept.
    pub fn at_beginning(access_scope: AccessScope, ends: &Ends) -> Self {
        Self { sequence: Sequence(ends.cleared), ..Self::at_end(access_scope, ends) }
    }

    /// The same at another mark.
    #[must_use]
    pub fn moved(&self, sequence: Sequence) -> Self {
        Self { sequence, ..self.clone() }
    }

    /// Where a cursor leads, if it still leads anywhere for this viewer.
    pub fn open(sealer: &Sealer, access_scope: AccessScope, ends: &Ends, cursor: &str) -> Result<Self, Resync> {
        let cursor: Cursor = sealer.open(&purpose(&access_scope), cursor).ok_or(Resync::Malformed)?;
        let same = cursor.access_scope == access_scope.print();
        let nothing_cleared = cursor.quiet_until.is_some_and(|until| until >= ends.cleared_before);
        let sequence = if nothing_cleared { cursor.sequence.max(Sequence(ends.cleared)) } else { cursor.sequence };
        let position = Self { access_scope, sequence, epoch: cursor.epoch };
        position.leads_on(ends)?;
        if same { Ok(position) } else { Err(Resync::AccessChanged) }
    }

    /// Whether nothing that came after this position is missing.
    pub fn leads_on(&self, ends: &Ends) -> Result<(), Resync> {
        if self.epoch != ends.epoch || self.sequence.0 > ends.last {
            return Err(Resync::OtherEpoch);
        }
        if self.sequence.0 < ends.cleared { Err(Resync::TooOld) } else { Ok(()) }
    }

    /// Seals the position into a cursor that only the same organization can use.
    pub fn seal(&self, sealer: &Sealer) -> Result<String, Error> {
        self.seal_quiet(sealer, None)
    }

    /// Seals where the events end that the viewer may see, of which this is the newest. Events that they may not see
    /// change nothing in the cursor; neither does time, until the newest event is old: a cursor must lead on for some
    /// time after it was given.
    pub async fn seal_end(self, tx: &ReadTx, sealer: &Sealer, newest: Option<event::Model>) -> Result<String, Error> {
        let organization = tx.get::<organization::Entity>(self.access_scope.organization).await?;
        let organization = organization.ok_or_else(|| Error::internal("a member's organization is missing"))?;
        let quiet_until = period(tx.now, organization.event_days);
        let sequence = Sequence(newest.as_ref().map_or(0, |event| event.number));
        let is_old = newest.is_none_or(|event| event.occurred_at.timestamp() < quiet_until);
        Self { sequence, ..self }.seal_quiet(sealer, is_old.then_some(quiet_until))
    }

    fn seal_quiet(&self, sealer: &Sealer, quiet_until: Option<i64>) -> Result<String, Error> {
        let cursor =
            Cursor { sequence: self.sequence, epoch: self.epoch, access_scope: self.access_scope.print(), quiet_until };
        sealer.seal(&purpose(&self.access_scope), &cursor)
    }
}

/// The beginning of the current period, in seconds since 1970: a period is half of the time for which events are kept.
/// An hour late, because an event that happened before may still be committed.
fn period(now: DateTime<Utc>, event_days: i32) -> i64 {
    let half = TimeDelta::days(event_days.into()).num_seconds() / 2;
    let now = (now - TimeDelta::hours(1)).timestamp();
    now - now.rem_euclid(half.max(1))
}

/// A cursor names the access scope itself: one from another scope is told from one of another organization.
fn purpose(access_scope: &AccessScope) -> Purpose {
    Purpose { kind: "event", organization: access_scope.organization, scope: None }
}
