//! The record of one subscriber.

use super::{
    checker::{Fault, FaultKind},
    history::Row,
    rules::Rights,
};
use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A delivered event.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub kind: String,
    pub subject: Option<Uuid>,
    pub occurred_at: DateTime<Utc>,
    pub actor: Option<String>,
    pub client: Option<Uuid>,
    /// Whether the event contained the subject.
    pub shown: bool,
    pub at: Instant,
    /// The index of the connection.
    pub connection: usize,
}

#[derive(Clone, Debug)]
pub struct Connection {
    pub begun: Instant,
    pub acknowledged: Option<Instant>,
    pub ended: Option<Instant>,
    /// The close code of the server, or `None` after a failure.
    pub code: Option<(u16, String)>,
}

/// A time in which a person has no access.
#[derive(Clone, Debug)]
pub struct AccessGap {
    /// Access may have ended from this time,
    pub asked: Instant,
    /// and must have ended by this time.
    pub from: Instant,
    /// The time at which access was restored, if it was.
    pub until: Option<Instant>,
}

/// A time in which a person had certain rights. Two phases overlap by the duration of the change.
#[derive(Clone, Debug)]
pub struct Phase {
    pub rights: Rights,
    pub since: Option<Instant>,
    pub until: Option<Instant>,
}

/// The filter of a subscriber.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    pub about: Option<&'static str>,
    pub client: Option<Uuid>,
}

impl EventFilter {
    pub fn wants(&self, row: &Row) -> bool {
        self.about.is_none_or(|about| row.about == about) && self.client.is_none_or(|client| row.client == client)
    }
}

#[derive(Clone, Debug)]
pub struct Record {
    pub name: String,
    pub event_filter: EventFilter,
    /// The number after which it began.
    pub start: i64,
    pub phases: Vec<Phase>,
    pub access_gaps: Vec<AccessGap>,
    pub deliveries: Vec<Delivery>,
    pub connections: Vec<Connection>,
    /// Errors that make the run void.
    pub void: Vec<String>,
}

impl Record {
    /// Returns the rights that the person had at some time between these.
    pub fn phases(&self, from: Option<Instant>, to: Instant) -> Vec<&Phase> {
        let overlaps = |phase: &&Phase| {
            phase.since.is_none_or(|since| since <= to)
                && phase.until.is_none_or(|until| from.is_none_or(|from| from <= until))
        };
        self.phases.iter().filter(overlaps).collect()
    }

    /// Returns whether all deliveries must have arrived at the end.
    pub fn is_complete(&self) -> bool {
        self.access_gaps.iter().all(|gap| gap.until.is_some())
    }

    /// Returns the faults of its connections.
    pub fn connection_faults(&self, within: Duration) -> Vec<Fault> {
        let fault = |kind, text: String| Fault { kind, text: format!("{}: {text}", self.name) };
        let mut faults: Vec<_> = self.void.iter().map(|text| fault(FaultKind::Void, text.clone())).collect();
        for connection in &self.connections {
            if self.access_gaps.iter().any(|gap| outlives(connection, gap, within)) {
                faults.push(fault(FaultKind::Late, format!("a socket after access had ended: {connection:?}")));
            }
            if !self.is_explained(connection, within) {
                faults.push(fault(FaultKind::Void, format!("closed without a reason: {connection:?}")));
            }
        }
        faults
    }

    /// Returns whether the connection ended for a permitted reason.
    fn is_explained(&self, connection: &Connection, within: Duration) -> bool {
        let (Some(ended), Some((code, reason))) = (connection.ended, &connection.code) else { return true };
        let within_gap = |gap: &AccessGap| gap.asked <= ended && gap.until.is_none_or(|until| ended <= until + within);
        match code {
            1012 | 1013 => true,
            4403 => reason == "session-ended" && self.access_gaps.iter().any(within_gap),
            _ => false,
        }
    }
}

/// Returns whether a connection was open for too long after access had ended.
fn outlives(connection: &Connection, gap: &AccessGap, within: Duration) -> bool {
    let too_late = gap.from + within;
    let is_checked = gap.until.is_none_or(|until| until > too_late);
    let open = connection.acknowledged.is_some_and(|begun| gap.until.is_none_or(|until| begun < until))
        && connection.ended.is_none_or(|ended| ended > too_late);
    is_checked && open
}
