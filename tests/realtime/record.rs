//! What one subscriber lived through.

use super::{
    judge::{Fault, What},
    sight::Rights,
    truth::Row,
};
use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// An event as it was told.
#[derive(Clone, Debug)]
pub struct Heard {
    pub kind: String,
    pub subject: Option<Uuid>,
    pub occurred_at: DateTime<Utc>,
    pub actor: Option<String>,
    pub client: Option<Uuid>,
    /// Whether the subject came with it.
    pub shown: bool,
    pub at: Instant,
    /// On which of its connections.
    pub connection: usize,
}

#[derive(Clone, Debug)]
pub struct Connection {
    pub begun: Instant,
    pub acknowledged: Option<Instant>,
    pub ended: Option<Instant>,
    /// What the server closed it with; none: it broke.
    pub code: Option<(u16, String)>,
}

/// A time during which a person has no access.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// It may have begun by then,
    pub asked: Instant,
    /// and surely had by then.
    pub from: Instant,
    /// Access was given back; never: not at all.
    pub until: Option<Instant>,
}

/// A time during which a person had certain rights; two of them overlap by the time that the change took.
#[derive(Clone, Debug)]
pub struct Phase {
    pub rights: Rights,
    pub since: Option<Instant>,
    pub until: Option<Instant>,
}

/// What a subscriber asked for.
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
    /// The number behind which it began.
    pub start: i64,
    pub phases: Vec<Phase>,
    pub sentences: Vec<Sentence>,
    pub heard: Vec<Heard>,
    pub connections: Vec<Connection>,
    /// What happened that makes the run void.
    pub void: Vec<String>,
}

impl Record {
    /// The rights that it had at some time between these.
    pub fn phases(&self, from: Option<Instant>, to: Instant) -> Vec<&Phase> {
        let overlaps = |phase: &&Phase| {
            phase.since.is_none_or(|since| since <= to)
                && phase.until.is_none_or(|until| from.is_none_or(|from| from <= until))
        };
        self.phases.iter().filter(overlaps).collect()
    }

    /// Whether it gets everything in the end.
    pub fn comes_back(&self) -> bool {
        self.sentences.iter().all(|sentence| sentence.until.is_some())
    }

    /// What is wrong with its connections.
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

    /// Whether it ended as connections may.
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

/// Whether a connection was open when access had ended for so long.
fn outlives(connection: &Connection, sentence: &Sentence, within: Duration) -> bool {
    let too_late = sentence.from + within;
    let judged = sentence.until.is_none_or(|until| until > too_late);
    let open = connection.acknowledged.is_some_and(|begun| sentence.until.is_none_or(|until| begun < until))
        && connection.ended.is_none_or(|ended| ended > too_late);
    judged && open
}
