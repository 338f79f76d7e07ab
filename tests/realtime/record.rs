//! The record of one subscriber.

use super::{
    judge::{Fault, What},
    sight::Rights,
    truth::Row,
};
use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A delivered event.
#[derive(Clone, Debug)]
pub struct Heard {
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
pub struct Sentence {
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
pub struct Interest {
    pub about: Option<&'static str>,
    pub client: Option<Uuid>,
}

impl Interest {
    pub fn wants(&self, row: &Row) -> bool {
        self.about.is_none_or(|about| row.about == about) && self.client.is_none_or(|client| row.client == client)
    }
}

#[derive(Clone, Debug)]
pub struct Record {
    pub name: String,
    pub interest: Interest,
    /// The number after which it began.
    pub start: i64,
    pub phases: Vec<Phase>,
    pub sentences: Vec<Sentence>,
    pub heard: Vec<Heard>,
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
    pub fn comes_back(&self) -> bool {
        self.sentences.iter().all(|sentence| sentence.until.is_some())
    }

    /// Returns the faults of its connections.
    pub fn wrong(&self, within: Duration) -> Vec<Fault> {
        let fault = |what, text: String| Fault { what, text: format!("{}: {text}", self.name) };
        let mut faults: Vec<_> = self.void.iter().map(|text| fault(What::Void, text.clone())).collect();
        for connection in &self.connections {
            if self.sentences.iter().any(|sentence| outlives(connection, sentence, within)) {
                faults.push(fault(What::Late, format!("a socket after access had ended: {connection:?}")));
            }
            if !self.explained(connection, within) {
                faults.push(fault(What::Void, format!("closed without a reason: {connection:?}")));
            }
        }
        faults
    }

    /// Returns whether the connection ended for a permitted reason.
    fn explained(&self, connection: &Connection, within: Duration) -> bool {
        let (Some(ended), Some((code, reason))) = (connection.ended, &connection.code) else { return true };
        let sentenced =
            |sentence: &Sentence| sentence.asked <= ended && sentence.until.is_none_or(|until| ended <= until + within);
        match code {
            1012 | 1013 => true,
            4403 => reason == "session-ended" && self.sentences.iter().any(sentenced),
            _ => false,
        }
    }
}

/// Returns whether a connection was open for too long after access had ended.
fn outlives(connection: &Connection, sentence: &Sentence, within: Duration) -> bool {
    let too_late = sentence.from + within;
    let judged = sentence.until.is_none_or(|until| until > too_late);
    let open = connection.acknowledged.is_some_and(|begun| sentence.until.is_none_or(|until| begun < until))
        && connection.ended.is_none_or(|ended| ended > too_late);
    judged && open
}
