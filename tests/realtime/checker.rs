//! Compares the deliveries to one subscriber with the events that happened.

use super::{
    history::{Log, Row},
    record::{Delivery, Phase, Record},
    rules::Allowed,
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
pub enum FaultKind {
    Lost,
    Duplicated,
    Reordered,
    Forbidden,
    Leaked,
    Late,
    Resync,
    Void,
}

#[derive(Clone, Debug)]
pub struct Fault {
    pub kind: FaultKind,
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.text)
    }
}

/// Returns all faults of a subscriber's record.
pub fn check(log: &Log, record: &Record) -> Vec<Fault> {
    let (last, low) = (record.start, record.start);
    let mut checker = Checker { log, record, faults: Vec::new(), delivered: BTreeSet::new(), last, low, read_again: 0 };
    checker.check_all();
    checker.faults
}

struct Checker<'a> {
    log: &'a Log,
    record: &'a Record,
    faults: Vec<Fault>,
    delivered: BTreeSet<i64>,
    /// The number of the last delivery.
    last: i64,
    /// The last delivery was decided when at least all events up to this number were committed.
    low: i64,
    /// The subscriber was told to read everything again up to this number.
    read_again: i64,
}

impl Checker<'_> {
    fn check_all(&mut self) {
        let (log, record) = (self.log, self.record);
        let numbers: Vec<_> = self.numbers();
        self.delivered = numbers.iter().flatten().copied().collect();
        // For each delivery in order: checks the gap before it, then the delivery itself.
        let mut repeated = BTreeSet::new();
        for (delivery, number) in record.deliveries.iter().zip(&numbers) {
            self.check_access(delivery);
            if delivery.kind == "RESYNC_REQUIRED" {
                self.check_resync(delivery);
                continue;
            }
            let Some(number) = *number else {
                self.fault(FaultKind::Forbidden, &format!("nothing like it has happened: {delivery:?}"));
                continue;
            };
            let row = log.row(number);
            if !repeated.insert(number) {
                self.fault(FaultKind::Duplicated, &format!("{row:?}"));
            } else if number <= self.last {
                self.fault(FaultKind::Reordered, &format!("told behind event {}: {row:?}", self.last));
            } else {
                self.check_gap(number, Some(delivery.at));
                self.check_event(row, delivery);
                self.last = number;
            }
        }
        if record.is_complete() {
            self.check_gap(log.last() + 1, None);
        }
        self.faults.extend(record.connection_faults(REVOKED_WITHIN));
    }

    /// Returns the number of each delivery. Deliveries with equal content get their numbers in order.
    fn numbers(&self) -> Vec<Option<i64>> {
        let mut used = BTreeSet::new();
        let mut number = |delivery: &Delivery| {
            let alike = self.log.at(delivery.subject?, delivery.occurred_at);
            let found = alike.iter().find(|number| !used.contains(*number)).or(alike.last()).copied();
            used.extend(found);
            found
        };
        self.record.deliveries.iter().map(&mut number).collect()
    }

    /// Checks a delivery.
    fn check_event(&mut self, row: &Row, delivery: &Delivery) {
        let (from, to) = self.range(row, delivery);
        let removed = delivery.kind == "REMOVED";
        let phases = self.record.phases(delivery.at.checked_sub(REVOKED_WITHIN), delivery.at);
        let may = |allowed: Allowed| if removed { allowed.removed } else { allowed.itself };
        let allowed: Vec<_> =
            phases.into_iter().filter(|phase| may(phase.rights.allowed(self.log, row, from, to))).collect();
        let taken = removed && self.hidden_by_change_of_rights(row, delivery, to);
        if !self.record.event_filter.wants(row) || (allowed.is_empty() && !taken) {
            return self
                .fault(FaultKind::Forbidden, &format!("told as {} between {from} and {to}: {row:?}", delivery.kind));
        }
        if removed && (delivery.actor.is_some() || delivery.client.is_some() || delivery.shown) {
            self.fault(FaultKind::Leaked, &format!("more than the id of {row:?}: {delivery:?}"));
        }
        if !removed
            && (delivery.kind != row.kind || delivery.actor.as_ref() != Some(&row.actor_name) || !delivery.shown)
        {
            self.fault(FaultKind::Forbidden, &format!("{row:?} was told as {delivery:?}"));
        }
        if !removed && delivery.client != Some(row.client) {
            self.fault(FaultKind::Forbidden, &format!("{row:?} was told of another dossier: {delivery:?}"));
        }
        let firsts = allowed.iter().filter_map(|phase| phase.rights.first(self.log, row, from, to, !removed));
        self.low = firsts.min().unwrap_or(from).max(self.low);
    }

    /// Returns whether a change of rights may have hidden the subject between the event and its delivery.
    fn hidden_by_change_of_rights(&self, row: &Row, delivery: &Delivery, to: i64) -> bool {
        let phases = self.record.phases(self.since(row), delivery.at);
        let saw = |phase: &&Phase| phase.rights.first(self.log, row, row.number, to.max(row.number), true).is_some();
        phases.len() > 1 && phases.iter().any(saw)
    }

    /// Returns the time from which rights may count for the decision about a delivery.
    fn since(&self, row: &Row) -> Option<Instant> {
        self.log.not_before(row.number)?.checked_sub(REVOKED_WITHIN)
    }

    /// Returns the range of numbers at which the outbox stood when the delivery was decided. It is not before the
    /// event, the connection, or the previous decision, and not so early that ended rights would count.
    fn range(&self, row: &Row, delivery: &Delivery) -> (i64, i64) {
        let begun = self.log.min_committed(self.record.connections[delivery.connection].begun);
        let recent = delivery.at.checked_sub(REVOKED_WITHIN).map_or(0, |time| self.log.min_committed(time));
        let from = row.number.max(self.low).max(begun).max(recent);
        (from, self.log.max_committed(delivery.at).max(from))
    }

    /// Checks that nothing up to this number, excluded, had to be delivered.
    fn check_gap(&mut self, end: i64, delivery: Option<Instant>) {
        let log = self.log;
        let to = delivery.map_or(log.last(), |time| log.max_committed(time));
        for row in log.after(self.last).iter().take_while(|row| row.number < end) {
            let expected = row.number > self.read_again && self.record.event_filter.wants(row);
            if !expected || self.delivered.contains(&row.number) {
                continue;
            }
            let from = row.number.max(self.low);
            let phases = self.record.phases(self.since(row), delivery.unwrap_or_else(Instant::now));
            // A person whose rights changed in between reads everything again.
            let changed = phases.len() > 1;
            if !changed && phases.iter().any(|phase| !phase.rights.allowed(log, row, from, to.max(from)).nothing) {
                self.fault(FaultKind::Lost, &format!("{row:?}"));
            }
        }
    }

    fn check_access(&mut self, delivery: &Delivery) {
        let after = |gap: &super::record::AccessGap| {
            delivery.at > gap.from + REVOKED_WITHIN && gap.until.is_none_or(|until| delivery.at < until)
        };
        if self.record.access_gaps.iter().any(after) {
            self.fault(FaultKind::Late, &format!("told after access had ended: {delivery:?}"));
        }
    }

    fn check_resync(&mut self, delivery: &Delivery) {
        let changed = |phase: &Phase| phase.since.is_some_and(|since| since <= delivery.at);
        if !self.record.phases.iter().any(changed) {
            return self.fault(FaultKind::Resync, &format!("nobody changed its rights: {delivery:?}"));
        }
        self.read_again = self.log.max_committed(delivery.at);
    }

    fn fault(&mut self, kind: FaultKind, text: &str) {
        self.faults.push(Fault { kind, text: format!("{}: {text}", self.record.name) });
    }
}
