//! Tests of the checker: a record with one wrong entry must not pass.

use super::{
    judge::{REVOKED_WITHIN, What, judge},
    record::{Connection, Heard, Interest, Phase, Record, Sentence},
    sight::Rights,
    truth::{Log, Row, Sample, Side},
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

fn happened(begun: Instant) -> Log {
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
fn told(begun: Instant, rights: Rights, told: &[(i64, bool)]) -> Record {
    let log = happened(begun);
    let heard = told.iter().map(|(number, removed)| {
        let row = log.row(*number);
        Heard {
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
        interest: Interest::default(),
        start: 0,
        phases: vec![Phase { rights, since: None, until: None }],
        sentences: Vec::new(),
        heard: heard.collect(),
        connections: vec![Connection { begun, acknowledged: Some(begun), ended: None, code: None }],
        void: Vec::new(),
    }
}

fn portal(begun: Instant) -> Record {
    let rights = Rights::Client { client: DOSSIER, user: USER };
    let seen = [CREATED, PUBLISHED, RENAMED, CHANGED].map(|number| (number, false));
    told(begun, rights, &[&seen[..], &[(HIDDEN, true), (MOVED, false), (UPDATED, false)]].concat())
}

fn in_paris(begun: Instant) -> Record {
    let seen =
        [CREATED, UPLOADED, PUBLISHED, RENAMED, CHANGED, NOTED, HIDDEN, RENAMED_HIDDEN].map(|number| (number, false));
    told(begun, Rights::Manager { sites: vec![PARIS] }, &[&seen[..], &[(MOVED, true)]].concat())
}

#[test]
fn a_correct_record_passes() {
    let begun = Instant::now();
    let all: Vec<_> = (1..=UPDATED).map(|number| (number, false)).collect();
    for record in [portal(begun), in_paris(begun), told(begun, Rights::Agency, &all)] {
        let faults = judge(&happened(begun), &record);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

/// Returns the faults of a modified record.
fn found(record: fn(Instant) -> Record, doctor: impl FnOnce(&mut Record, Instant)) -> Vec<What> {
    let begun = Instant::now();
    let mut record = record(begun);
    doctor(&mut record, begun);
    judge(&happened(begun), &record).into_iter().map(|fault| fault.what).collect()
}

/// Inserts an event of the other dossier after the first one of a record.
fn slip_in(record: &mut Record, begun: Instant, number: i64) {
    let mut other = told(begun, Rights::Agency, &[(number, false)]).heard.remove(0);
    other.at = record.heard[1].at;
    record.heard.insert(1, other);
}

#[test]
fn a_lost_event_is_found() {
    for place in 0..7 {
        let found = found(portal, |record, _| drop(record.heard.remove(place)));
        assert_eq!(found, [What::Lost], "the event at {place}");
    }
    assert_eq!(found(in_paris, |record, _| drop(record.heard.pop())), [What::Lost], "a loss of sight");
}

#[test]
fn a_doubled_event_is_found() {
    let again = |record: &mut Record, _| {
        let twice = record.heard[2].clone();
        record.heard.insert(4, Heard { at: record.heard[4].at, ..twice });
    };
    assert_eq!(found(portal, again), [What::Doubled]);
}

#[test]
fn swapped_events_are_found() {
    let swap = |record: &mut Record, _| {
        record.heard.swap(0, 1);
        let at = record.heard[0].at;
        record.heard[1].at = at;
    };
    assert_eq!(found(portal, swap), [What::Swapped]);
}

#[test]
fn forbidden_events_are_found() {
    for (whose, number) in
        [("of another dossier", 2), ("of what is hidden", RENAMED_HIDDEN), ("of what is internal", NOTED)]
    {
        let found = found(portal, |record, begun| slip_in(record, begun, number));
        assert!(found.contains(&What::Foreign), "{whose}: {found:?}");
    }
    let invented = |record: &mut Record, _| record.heard[1].subject = Some(USER);
    assert_eq!(found(portal, invented), [What::Foreign, What::Lost]);
    let disguised = |record: &mut Record, _| "DOCUMENT_DELETED".clone_into(&mut record.heard[1].kind);
    assert_eq!(found(portal, disguised), [What::Foreign]);
}

#[test]
fn a_removal_with_more_than_the_id_is_found() {
    assert_eq!(found(portal, |record, _| record.heard[4].client = Some(DOSSIER)), [What::Leaked]);
    assert_eq!(found(portal, |record, _| record.heard[4].shown = true), [What::Leaked]);
}

#[test]
fn a_delivery_with_ended_rights_is_found() {
    // The document was delivered by its name after it had been hidden for too long.
    let late = |record: &mut Record, begun| record.heard[2].at = time(begun, HIDDEN) + REVOKED_WITHIN * 2;
    assert!(found(portal, late).contains(&What::Foreign));
    let instead_of_removed = |record: &mut Record, begun| {
        let row = told(begun, Rights::Agency, &[(HIDDEN, false)]).heard.remove(0);
        record.heard[4] = row;
    };
    assert_eq!(found(portal, instead_of_removed), [What::Foreign]);
    // On a connection that began after the document was hidden.
    let replayed = |record: &mut Record, begun| {
        let since = time(begun, HIDDEN) + Duration::from_secs(1);
        let connection = Connection { begun: since, ..record.connections[0].clone() };
        record.connections.push(connection);
        let at = since + Duration::from_millis(10);
        (record.heard[2].connection, record.heard[2].at) = (1, at);
        (record.heard[3].at, record.heard[4].at) = (at, at);
    };
    assert_eq!(found(portal, replayed), [What::Foreign]);
}

fn sentenced(record: &mut Record, from: Instant) {
    record.sentences.push(Sentence { asked: from, from, until: None });
}

#[test]
fn a_delivery_after_the_end_of_access_is_found() {
    let late = |record: &mut Record, begun| {
        let from = time(begun, MOVED);
        sentenced(record, from);
        record.connections[0].ended = Some(from + Duration::from_secs(1));
    };
    assert_eq!(found(portal, late), [What::Late]);
}

#[test]
fn a_socket_that_outlives_access_is_found() {
    let open = |record: &mut Record, begun| sentenced(record, time(begun, UPDATED + 1));
    assert_eq!(found(portal, open), [What::Late]);
    let closed = |record: &mut Record, begun| {
        let from = time(begun, UPDATED + 1);
        sentenced(record, from);
        record.connections[0].ended = Some(from + REVOKED_WITHIN / 2);
        record.connections[0].code = Some((4403, "session-ended".to_owned()));
    };
    assert_eq!(found(portal, closed), []);
    let too_late = |record: &mut Record, begun| {
        closed(record, begun);
        record.connections[0].ended = Some(time(begun, UPDATED + 1) + REVOKED_WITHIN * 2);
    };
    assert_eq!(found(portal, too_late), [What::Late]);
}

#[test]
fn a_run_with_an_error_is_void() {
    let code = |code: u16| {
        move |record: &mut Record, begun| {
            record.connections[0].ended = Some(time(begun, UPDATED + 1));
            record.connections[0].code = Some((code, "session-ended".to_owned()));
        }
    };
    assert_eq!(found(portal, code(1011)), [What::Void]);
    assert_eq!(found(portal, code(4403)), [What::Void], "nobody ended the session");
    assert_eq!(found(portal, |record, _| record.void.push("an error".to_owned())), [What::Void]);
    let resync = |record: &mut Record, _| "RESYNC_REQUIRED".clone_into(&mut record.heard[1].kind);
    assert!(found(portal, resync).contains(&What::Resync));
}
