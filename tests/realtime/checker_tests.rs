//! Tests of the checker: a record with one wrong entry must not pass.

use super::{
    checker::{FaultKind, REVOKED_WITHIN, check},
    history::{Log, Row, Sample, Side},
    record::{AccessGap, Connection, Delivery, EventFilter, Phase, Record},
    rules::Rights,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::{Duration, Instant};
use uuid::Uuid;

const DOSSIER: Uuid = Uuid::from_u128(1);
const OTHER_DOSSIER: Uuid = Uuid::from_u128(2);
const DOCUMENT: Uuid = Uuid::from_u128(3);
const NOTE: Uuid = Uuid::from_u128(4);
const PARIS: Uuid = Uuid::from_u128(5);
const LYON: Uuid = Uuid::from_u128(6);
const USER: Uuid = Uuid::from_u128(7);

/// The numbers of the events in the sample.
const CREATED: i64 = 1;
const UPLOADED: i64 = 3;
const PUBLISHED: i64 = 4;
const RENAMED: i64 = 5;
const CHANGED: i64 = 6;
const NOTED: i64 = 7;
const HIDDEN: i64 = 8;
const RENAMED_HIDDEN: i64 = 9;
const MOVED: i64 = 10;
const UPDATED: i64 = 11;

/// Returns the time of an event's commit, in a run that begins at this time.
fn time(begun: Instant, number: i64) -> Instant {
    begun + Duration::from_secs(10) * u32::try_from(number).unwrap()
}

fn card(site: Uuid) -> Side {
    Side { site: Some(site), ..Side::default() }
}

fn document(visible: bool) -> Side {
    Side { zone: Some("DOCUMENTS".to_owned()), visible: Some(visible), ..card(PARIS) }
}

fn history(begun: Instant) -> Log {
    let paris = || Some(card(PARIS));
    let internal = Side { internal: Some(true), ..card(PARIS) };
    let all = [
        ("CLIENT_CREATED", "CLIENT", DOSSIER, None, paris()),
        ("CLIENT_CREATED", "CLIENT", OTHER_DOSSIER, None, Some(card(LYON))),
        ("DOCUMENT_UPLOADED", "DOCUMENT", DOCUMENT, None, Some(document(false))),
        ("DOCUMENT_PUBLISHED", "DOCUMENT", DOCUMENT, Some(document(false)), Some(document(true))),
        ("DOCUMENT_RENAMED", "DOCUMENT", DOCUMENT, Some(document(true)), Some(document(true))),
        ("CLIENT_UPDATED", "CLIENT", DOSSIER, paris(), paris()),
        ("MESSAGE_POSTED", "MESSAGE", NOTE, None, Some(internal)),
        ("DOCUMENT_UNPUBLISHED", "DOCUMENT", DOCUMENT, Some(document(true)), Some(document(false))),
        ("DOCUMENT_RENAMED", "DOCUMENT", DOCUMENT, Some(document(false)), Some(document(false))),
        ("CLIENT_MOVED", "CLIENT", DOSSIER, paris(), Some(card(LYON))),
        ("CLIENT_UPDATED", "CLIENT", DOSSIER, Some(card(LYON)), Some(card(LYON))),
    ];
    let rows = all.into_iter().zip(1..).map(|((kind, about, subject, before, after), number)| Row {
        number,
        client: if subject == OTHER_DOSSIER { OTHER_DOSSIER } else { DOSSIER },
        kind: kind.to_owned(),
        about: about.to_owned(),
        subject,
        actor: None,
        actor_name: "Olga".to_owned(),
        occurred_at: DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(number),
        before,
        after,
    });
    let samples = (0..=UPDATED).flat_map(|last| {
        let just_after = |later| time(begun, last) + Duration::from_millis(later);
        [1, 9_000].map(just_after).map(|at| Sample { asked: at, answered: at, last })
    });
    Log::new(rows.collect(), samples.collect())
}

/// Returns the record of somebody with these rights, to whom each event is delivered at once.
fn record_of(begun: Instant, rights: Rights, events: &[(i64, bool)]) -> Record {
    let log = history(begun);
    let deliveries = events.iter().map(|(number, removed)| {
        let row = log.row(*number);
        Delivery {
            kind: if *removed { "REMOVED".to_owned() } else { row.kind.clone() },
            subject: Some(row.subject),
            occurred_at: row.occurred_at,
            actor: (!removed).then(|| row.actor_name.clone()),
            client: (!removed).then_some(row.client),
            shown: !removed,
            at: time(begun, *number) + Duration::from_millis(20),
            connection: 0,
        }
    });
    Record {
        name: "somebody".to_owned(),
        event_filter: EventFilter::default(),
        start: 0,
        phases: vec![Phase { rights, since: None, until: None }],
        access_gaps: Vec::new(),
        deliveries: deliveries.collect(),
        connections: vec![Connection { begun, acknowledged: Some(begun), ended: None, code: None }],
        void: Vec::new(),
    }
}

fn portal(begun: Instant) -> Record {
    let rights = Rights::Client { client: DOSSIER, user: USER };
    let seen = [CREATED, PUBLISHED, RENAMED, CHANGED].map(|number| (number, false));
    record_of(begun, rights, &[&seen[..], &[(HIDDEN, true), (MOVED, false), (UPDATED, false)]].concat())
}

fn in_paris(begun: Instant) -> Record {
    let seen =
        [CREATED, UPLOADED, PUBLISHED, RENAMED, CHANGED, NOTED, HIDDEN, RENAMED_HIDDEN].map(|number| (number, false));
    record_of(begun, Rights::Manager { sites: vec![PARIS] }, &[&seen[..], &[(MOVED, true)]].concat())
}

#[test]
fn a_correct_record_passes() {
    let begun = Instant::now();
    let all: Vec<_> = (1..=UPDATED).map(|number| (number, false)).collect();
    for record in [portal(begun), in_paris(begun), record_of(begun, Rights::Agency, &all)] {
        let faults = check(&history(begun), &record);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

/// Returns the faults of a modified record.
fn faults_of(record: fn(Instant) -> Record, modify: impl FnOnce(&mut Record, Instant)) -> Vec<FaultKind> {
    let begun = Instant::now();
    let mut record = record(begun);
    modify(&mut record, begun);
    check(&history(begun), &record).into_iter().map(|fault| fault.kind).collect()
}

/// Inserts an event of the other dossier after the first one of a record.
fn insert_foreign(record: &mut Record, begun: Instant, number: i64) {
    let mut other = record_of(begun, Rights::Agency, &[(number, false)]).deliveries.remove(0);
    other.at = record.deliveries[1].at;
    record.deliveries.insert(1, other);
}

#[test]
fn a_lost_event_is_found() {
    for place in 0..7 {
        let faults_of = faults_of(portal, |record, _| drop(record.deliveries.remove(place)));
        assert_eq!(faults_of, [FaultKind::Lost], "the event at {place}");
    }
    assert_eq!(faults_of(in_paris, |record, _| drop(record.deliveries.pop())), [FaultKind::Lost], "a loss of sight");
}

#[test]
fn a_doubled_event_is_found() {
    let again = |record: &mut Record, _| {
        let twice = record.deliveries[2].clone();
        record.deliveries.insert(4, Delivery { at: record.deliveries[4].at, ..twice });
    };
    assert_eq!(faults_of(portal, again), [FaultKind::Duplicated]);
}

#[test]
fn swapped_events_are_found() {
    let swap = |record: &mut Record, _| {
        record.deliveries.swap(0, 1);
        let at = record.deliveries[0].at;
        record.deliveries[1].at = at;
    };
    assert_eq!(faults_of(portal, swap), [FaultKind::Reordered]);
}

#[test]
fn forbidden_events_are_found() {
    for (whose, number) in
        [("of another dossier", 2), ("of what is hidden", RENAMED_HIDDEN), ("of what is internal", NOTED)]
    {
        let faults_of = faults_of(portal, |record, begun| insert_foreign(record, begun, number));
        assert!(faults_of.contains(&FaultKind::Forbidden), "{whose}: {faults_of:?}");
    }
    let invented = |record: &mut Record, _| record.deliveries[1].subject = Some(USER);
    assert_eq!(faults_of(portal, invented), [FaultKind::Forbidden, FaultKind::Lost]);
    let disguised = |record: &mut Record, _| "DOCUMENT_DELETED".clone_into(&mut record.deliveries[1].kind);
    assert_eq!(faults_of(portal, disguised), [FaultKind::Forbidden]);
}

#[test]
fn a_removal_with_more_than_the_id_is_found() {
    assert_eq!(faults_of(portal, |record, _| record.deliveries[4].client = Some(DOSSIER)), [FaultKind::Leaked]);
    assert_eq!(faults_of(portal, |record, _| record.deliveries[4].shown = true), [FaultKind::Leaked]);
}

#[test]
fn a_delivery_with_ended_rights_is_found() {
    // The document was delivered by its name after it had been hidden for too long.
    let late = |record: &mut Record, begun| record.deliveries[2].at = time(begun, HIDDEN) + REVOKED_WITHIN * 2;
    assert!(faults_of(portal, late).contains(&FaultKind::Forbidden));
    let instead_of_removed = |record: &mut Record, begun| {
        let row = record_of(begun, Rights::Agency, &[(HIDDEN, false)]).deliveries.remove(0);
        record.deliveries[4] = row;
    };
    assert_eq!(faults_of(portal, instead_of_removed), [FaultKind::Forbidden]);
    // On a connection that began after the document was hidden.
    let replayed = |record: &mut Record, begun| {
        let since = time(begun, HIDDEN) + Duration::from_secs(1);
        let connection = Connection { begun: since, ..record.connections[0].clone() };
        record.connections.push(connection);
        let at = since + Duration::from_millis(10);
        (record.deliveries[2].connection, record.deliveries[2].at) = (1, at);
        (record.deliveries[3].at, record.deliveries[4].at) = (at, at);
    };
    assert_eq!(faults_of(portal, replayed), [FaultKind::Forbidden]);
}

fn end_access(record: &mut Record, from: Instant) {
    record.access_gaps.push(AccessGap { asked: from, from, until: None });
}

#[test]
fn a_delivery_after_the_end_of_access_is_found() {
    let late = |record: &mut Record, begun| {
        let from = time(begun, MOVED);
        end_access(record, from);
        record.connections[0].ended = Some(from + Duration::from_secs(1));
    };
    assert_eq!(faults_of(portal, late), [FaultKind::Late]);
}

#[test]
fn a_socket_that_outlives_access_is_found() {
    let open = |record: &mut Record, begun| end_access(record, time(begun, UPDATED + 1));
    assert_eq!(faults_of(portal, open), [FaultKind::Late]);
    let closed = |record: &mut Record, begun| {
        let from = time(begun, UPDATED + 1);
        end_access(record, from);
        record.connections[0].ended = Some(from + REVOKED_WITHIN / 2);
        record.connections[0].code = Some((4403, "session-ended".to_owned()));
    };
    assert_eq!(faults_of(portal, closed), []);
    let too_late = |record: &mut Record, begun| {
        closed(record, begun);
        record.connections[0].ended = Some(time(begun, UPDATED + 1) + REVOKED_WITHIN * 2);
    };
    assert_eq!(faults_of(portal, too_late), [FaultKind::Late]);
}

#[test]
fn a_run_with_an_error_is_void() {
    let code = |code: u16| {
        move |record: &mut Record, begun| {
            record.connections[0].ended = Some(time(begun, UPDATED + 1));
            record.connections[0].code = Some((code, "session-ended".to_owned()));
        }
    };
    assert_eq!(faults_of(portal, code(1011)), [FaultKind::Void]);
    assert_eq!(faults_of(portal, code(4403)), [FaultKind::Void], "nobody ended the session");
    assert_eq!(faults_of(portal, |record, _| record.void.push("an error".to_owned())), [FaultKind::Void]);
    let check_resync = |record: &mut Record, _| "RESYNC_REQUIRED".clone_into(&mut record.deliveries[1].kind);
    assert!(faults_of(portal, check_resync).contains(&FaultKind::Resync));
}
