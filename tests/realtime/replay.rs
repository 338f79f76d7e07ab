//! Known ways in which other systems lost events: transactions that commit in another order than their numbers or
//! times, and many rows with the same time that are read in small pages.

use super::{
    checker::Fault,
    cluster::{AGENCY, Cluster},
    history::{Log, Sampler},
    person::Person,
    random::Random,
    run::settle,
    subscriber::{Subscriber, Topic},
};
use crate::support::{Actor, Value, fixtures::uuid, json};
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::{sync::Arc, time::Duration};

/// Long enough for everything that does not wait for a lock.
const MEANWHILE: Duration = Duration::from_millis(500);

struct Replay {
    cluster: Cluster,
    olga: Arc<Person>,
    sampler: Sampler,
    subscribers: Vec<Subscriber>,
    from: (String, i64),
    dossiers: Vec<String>,
}

impl Replay {
    /// Starts with an operator, this many dossiers, and a subscriber at each server.
    async fn begin(dossiers: usize) -> Self {
        let cluster = Cluster::start().await;
        let olga = cluster.person("olga", AGENCY, "operator", &[]).await;
        let mut all = Vec::new();
        for number in 0..dossiers {
            all.push(cluster.dossier(&olga, &format!("Client {number}"), None).await);
        }
        let sampler = Sampler::begin(cluster.db.clone());
        let from = cluster.end_for(&olga).await;
        let listen = |url: &String| {
            Subscriber::begin(&olga, Topic::Everything, vec![url.clone()], from.clone(), Random::new(0, 0))
        };
        let subscribers = cluster.urls.iter().map(listen).collect();
        Self { cluster, subscribers, olga, sampler, from, dossiers: all }
    }

    /// Renames a dossier at one of the servers.
    async fn rename(&self, which: usize, dossier: usize, name: &str) {
        rename(self.cluster.actor(&self.olga, which), self.dossiers[dossier].clone(), name).await;
    }

    /// Checks all records, and returns the log.
    async fn end(&self) -> Log {
        let faults = settle(&self.cluster, &self.sampler, &self.subscribers).await;
        let faults: Vec<_> = faults.iter().map(Fault::to_string).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        self.sampler.read(&self.cluster.db).await.remove(&self.olga.organization).unwrap()
    }
}

async fn rename(actor: Actor, dossier: String, name: &str) {
    actor.does("updateClient", json!({ "id": dossier, "name": name }), "").await;
}

/// Returns SQL that repeats the creation event of each dossier this many times, all with the same time.
fn again(replay: &Replay, dossiers: &[String], times: usize) -> String {
    let (organization, first) = (replay.olga.organization, replay.from.1);
    let dossiers: Vec<_> = dossiers.iter().map(|id| format!("'{}'", uuid(id))).collect();
    let count = dossiers.len() * times;
    format!(
        "UPDATE counter SET value = value + {count} WHERE organization_id = '{organization}' AND name = 'EVENT';
         INSERT INTO event
         SELECT row.* FROM counter, (
             SELECT event, row_number() OVER (ORDER BY round, subject_id) AS place
             FROM generate_series(1, {times}) AS round, event
             WHERE organization_id = '{organization}' AND subject_id IN ({}) AND number <= {first}) AS copied,
             jsonb_populate_record(copied.event, jsonb_build_object(
                 'id', gen_random_uuid(), 'occurred_at', now(), 'number', counter.value - {count} + copied.place)) AS row
         WHERE counter.organization_id = '{organization}' AND counter.name = 'EVENT'",
        dossiers.join(", ")
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_a_transaction_that_began_first_and_commits_last_is_delivered() {
    let replay = Replay::begin(2).await;
    let lock = replay.cluster.db.begin().await.unwrap();
    let sql = format!("SELECT FROM client WHERE id = '{}' FOR UPDATE", uuid(&replay.dossiers[0]));
    lock.execute_unprepared(&sql).await.unwrap();
    let late = tokio::spawn(rename(replay.cluster.actor(&replay.olga, 0), replay.dossiers[0].clone(), "En retard"));
    tokio::time::sleep(MEANWHILE).await;
    for name in ["Un", "Deux", "Trois"] {
        replay.rename(1, 1, name).await;
    }
    tokio::time::sleep(MEANWHILE).await;
    lock.commit().await.unwrap();
    late.await.unwrap();
    let log = replay.end().await;
    let delivered = log.after(replay.from.1);
    let late = delivered.last().unwrap();
    assert_eq!((delivered.len(), late.subject), (4, uuid(&replay.dossiers[0])));
    assert!(late.occurred_at < delivered[0].occurred_at, "it did not begin first: this replays nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_was_numbered_first_and_commits_late_is_delivered() {
    let replay = Replay::begin(3).await;
    for (mine, theirs) in [(0, 1), (1, 0)] {
        let numbered = replay.cluster.db.begin().await.unwrap();
        numbered.execute_unprepared(&again(&replay, &replay.dossiers[2..], 1)).await.unwrap();
        let behind = [(mine, 0), (theirs, 1)].map(|(which, dossier)| {
            let actor = replay.cluster.actor(&replay.olga, which);
            tokio::spawn(rename(actor, replay.dossiers[dossier].clone(), ["Suivant", "Derrière"][mine]))
        });
        tokio::time::sleep(MEANWHILE).await;
        numbered.commit().await.unwrap();
        for behind in behind {
            behind.await.unwrap();
        }
    }
    assert_eq!(replay.end().await.after(replay.from.1).len(), 6);
}

const PAGE: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor subjectId occurredAt } }";

/// Returns all events after a cursor, in pages of two. After each page, the client subscribes again.
async fn page_by_page(actor: &Actor, mut cursor: String, count: usize) -> Vec<Value> {
    let mut all = Vec::new();
    while all.len() < count {
        let mut stream = actor.subscribe(PAGE, json!({ "after": cursor })).await;
        for _ in all.len()..count.min(all.len() + 2) {
            let event = stream.next().await["dossierEvents"].clone();
            event["cursor"].as_str().unwrap().clone_into(&mut cursor);
            all.push(event);
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_events_with_one_time_are_delivered_in_small_pages() {
    let replay = Replay::begin(20).await;
    replay.cluster.db.execute_unprepared(&again(&replay, &replay.dossiers, 3)).await.unwrap();
    // SQL wakes nobody.
    replay.rename(0, 0, "Réveil").await;
    let log = replay.end().await;
    let happened = log.after(replay.from.1);
    assert_eq!(happened.len(), 61);
    assert!(happened[..60].iter().all(|row| row.occurred_at == happened[0].occurred_at), "this replays nothing");
    let actor = replay.cluster.actor(&replay.olga, 1);
    let delivered = page_by_page(&actor, replay.from.0.clone(), happened.len()).await;
    let delivered: Vec<_> = delivered.iter().map(|event| uuid(event["subjectId"].as_str().unwrap())).collect();
    assert_eq!(delivered, happened.iter().map(|row| row.subject).collect::<Vec<_>>());
}
