//! Compares the deliveries to one subscriber with the events that happened.

use super::{
    record::{Heard, Phase, Record},
    sight::Allowed,
    truth::{Log, Row},
};
use std::{
    collections::BTreeSet,
    fmt,
    time::{Duration, Instant},
};

/// The maximum time after the end of access in which deliveries may arrive and sockets stay open.
pub const REVOKED_WITHIN: Duration = Duration::from_secs(5);

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Lost,
    Doubled,
    Swapped,
    Foreign,
    Leaked,
    Late,
    Resync,
    Void,
}

#[derive(Clone, Debug)]
pub struct Fault {
    pub what: What,
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.what, self.text)
    }
}

/// Returns all faults of a subscriber's record.
pub fn judge(log: &Log, record: &Record) -> Vec<Fault> {
    let (last, low) = (record.start, record.start);
    let mut judge = Judge { log, record, faults: Vec::new(), told: BTreeSet::new(), last, low, read_again: 0 };
    judge.all();
    judge.faults
}

struct Judge<'a> {
    log: &'a Log,
    record: &'a Record,
    faults: Vec<Fault>,
    told: BTreeSet<i64>,
    /// The number of the last delivery.
    last: i64,
    /// The last delivery was decided when at least all events up to this number were committed.
    low: i64,
    /// The subscriber was told to read everything again up to this number.
    read_again: i64,
}

impl Judge<'_> {
    fn all(&mut self) {
        let (log, record) = (self.log, self.record);
        let numbers: Vec<_> = self.numbers();
        self.told = numbers.iter().flatten().copied().collect();
        // For each delivery in order: checks the gap before it, then the delivery itself.
        let mut repeated = BTreeSet::new();
        for (heard, number) in record.heard.iter().zip(&numbers) {
            self.timely(heard);
            if heard.kind == "RESYNC_REQUIRED" {
                self.resync(heard);
                continue;
            }
            let Some(number) = *number else {
                self.fault(What::Foreign, &format!("nothing like it has happened: {heard:?}"));
                continue;
            };
            let row = log.row(number);
            if !repeated.insert(number) {
                self.fault(What::Doubled, &format!("{row:?}"));
            } else if number <= self.last {
                self.fault(What::Swapped, &format!("told behind event {}: {row:?}", self.last));
            } else {
                self.silence(number, Some(heard.at));
                self.event(row, heard);
                self.last = number;
            }
        }
        if record.comes_back() {
            self.silence(log.last() + 1, None);
        }
        self.faults.extend(record.wrong(REVOKED_WITHIN));
    }

    /// Returns the number of each delivery. Deliveries with equal content get their numbers in order.
    fn numbers(&self) -> Vec<Option<i64>> {
        let mut used = BTreeSet::new();
        let mut number = |heard: &Heard| {
            let alike = self.log.at(heard.subject?, heard.occurred_at);
            let found = alike.iter().find(|number| !used.contains(*number)).or(alike.last()).copied();
            used.extend(found);
            found
        };
        self.record.heard.iter().map(&mut number).collect()
    }

    /// Checks a delivery.
    fn event(&mut self, row: &Row, heard: &Heard) {
        let (from, to) = self.moment(row, heard);
        let removed = heard.kind == "REMOVED";
        let phases = self.record.phases(heard.at.checked_sub(REVOKED_WITHIN), heard.at);
        let may = |allowed: Allowed| if removed { allowed.removed } else { allowed.itself };
        let allowed: Vec<_> =
            phases.into_iter().filter(|phase| may(phase.rights.allowed(self.log, row, from, to))).collect();
        let taken = removed && self.taken_by_change(row, heard, to);
        if !self.record.interest.wants(row) || (allowed.is_empty() && !taken) {
            return self.fault(What::Foreign, &format!("told as {} between {from} and {to}: {row:?}", heard.kind));
        }
        if removed && (heard.actor.is_some() || heard.client.is_some() || heard.shown) {
            self.fault(What::Leaked, &format!("more than the id of {row:?}: {heard:?}"));
        }
        if !removed && (heard.kind != row.kind || heard.actor.as_ref() != Some(&row.actor_name) || !heard.shown) {
            self.fault(What::Foreign, &format!("{row:?} was told as {heard:?}"));
        }
        if !removed && heard.client != Some(row.client) {
            self.fault(What::Foreign, &format!("{row:?} was told of another dossier: {heard:?}"));
        }
        let firsts = allowed.iter().filter_map(|phase| phase.rights.first(self.log, row, from, to, !removed));
        self.low = firsts.min().unwrap_or(from).max(self.low);
    }

    /// Returns whether a change of rights may have hidden the subject between the event and its delivery.
    fn taken_by_change(&self, row: &Row, heard: &Heard, to: i64) -> bool {
        let phases = self.record.phases(self.since(row), heard.at);
        let saw = |phase: &&Phase| phase.rights.first(self.log, row, row.number, to.max(row.number), true).is_some();
        phases.len() > 1 && phases.iter().any(saw)
    }

    /// Returns the time from which rights may count for the decision about a delivery.
    fn since(&self, row: &Row) -> Option<Instant> {
        self.log.not_before(row.number)?.checked_sub(REVOKED_WITHIN)
    }

    /// Returns the range of numbers at which the outbox stood when the delivery was decided. It is not before the
    /// event, the connection, or the previous decision, and not so early that ended rights would count.
    fn moment(&self, row: &Row, heard: &Heard) -> (i64, i64) {
        let begun = self.log.surely_by(self.record.connections[heard.connection].begun);
        let recent = heard.at.checked_sub(REVOKED_WITHIN).map_or(0, |time| self.log.surely_by(time));
        let from = row.number.max(self.low).max(begun).max(recent);
        (from, self.log.at_most_by(heard.at).max(from))
    }

    /// Checks that nothing up to this number, excluded, had to be delivered.
    fn silence(&mut self, end: i64, heard: Option<Instant>) {
        let log = self.log;
        let to = heard.map_or(log.last(), |time| log.at_most_by(time));
        for row in log.after(self.last).iter().take_while(|row| row.number < end) {
            let expected = row.number > self.read_again && self.record.interest.wants(row);
            if !expected || self.told.contains(&row.number) {
                continue;
            }
            let from = row.number.max(self.low);
            let phases = self.record.phases(self.since(row), heard.unwrap_or_else(Instant::now));
            // A person whose rights changed in between reads everything again.
            let changed = phases.len() > 1;
            if !changed && phases.iter().any(|phase| !phase.rights.allowed(log, row, from, to.max(from)).nothing) {
                self.fault(What::Lost, &format!("{row:?}"));
            }
        }
    }

    fn timely(&mut self, heard: &Heard) {
        let after = |sentence: &super::record::Sentence| {
            heard.at > sentence.from + REVOKED_WITHIN && sentence.until.is_none_or(|until| heard.at < until)
        };
        if self.record.sentences.iter().any(after) {
            self.fault(What::Late, &format!("told after access had ended: {heard:?}"));
        }
    }

    fn resync(&mut self, heard: &Heard) {
        let changed = |phase: &Phase| phase.since.is_some_and(|since| since <= heard.at);
        if !self.record.phases.iter().any(changed) {
            return self.fault(What::Resync, &format!("nobody changed its rights: {heard:?}"));
        }
        self.read_again = self.log.at_most_by(heard.at);
    }

    fn fault(&mut self, what: What, text: &str) {
        self.faults.push(Fault { what, text: format!("{}: {text}", self.record.name) });
    }
}
