//! Processes are killed and stopped while they run jobs. No job is lost, and each is recorded as finished once.

use super::{
    kinds::{EFFECTS, EFFECTS_PER_ORGANIZATION, Effect},
    support::{MAX_WAIT, TestQueue, all_are},
    worker::{Settings, Worker, open},
};
use crate::support::services::in_production;
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_jobs::{JobKind, QueueDatabase, QueueViewer};
use entities::job::State;
use sea_orm::{ConnectionTrait, Statement};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::Duration,
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// The number of jobs per transaction.
const BATCH: usize = 500;

async fn enqueue(queue: &TestQueue, jobs: usize) {
    for begin in (0..jobs).step_by(BATCH) {
        // Half of them belong to one organization.
        let of = [0, 1, 0, 2][begin / BATCH % 4];
        let organization = queue.organizations[of];
        let tx = queue.database().write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        for number in begin..jobs.min(begin + BATCH) {
            tx.enqueue_job(&Effect { milliseconds: number as u64 % 7 }).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

fn settings(queue: &TestQueue, workers: usize, lease: Duration) -> Settings {
    let (arguments, effects) = (queue.app.arguments().to_vec(), queue.app.folder().join("effects"));
    Settings { arguments, effects, workers, lease, clock_ahead: Duration::ZERO }
}

/// Makes the database record each completion of a job, outside of the schema that the server checks.
async fn note_completions(queue: &TestQueue) {
    if in_production() {
        let sql = "CREATE SCHEMA audit; CREATE TABLE audit.done (job uuid); \
            CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
            $$ BEGIN INSERT INTO audit.done VALUES (NEW.id); RETURN NULL; END $$; \
            CREATE TRIGGER audit AFTER UPDATE OF state ON job FOR EACH ROW \
            WHEN (NEW.state = 'DONE' AND NEW.kind LIKE 'test.%') EXECUTE FUNCTION audit.note()";
        queue.app.by_hand(sql).await;
        return;
    }
    let sql = "CREATE TABLE audit_done (job blob); \
        CREATE TRIGGER audit AFTER UPDATE OF state ON job \
        WHEN NEW.state = 'DONE' AND NEW.kind LIKE 'test.%' BEGIN INSERT INTO audit_done VALUES (NEW.id); END";
    queue.app.by_hand(sql).await;
}

/// Returns the number of completions, and the number of completed jobs.
async fn completions(queue: &TestQueue) -> (usize, usize) {
    let table = if in_production() { "audit.done" } else { "audit_done" };
    let db = queue.app.owner().await;
    let sql = format!("SELECT count(*), count(DISTINCT job) FROM {table}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    let [all, distinct] = [0, 1].map(|index| row.try_get_by_index::<i64>(index).unwrap().try_into().unwrap());
    (all, distinct)
}

/// Returns the ids in the lines that the jobs wrote, with their counts.
fn effects(path: &Path) -> HashMap<Uuid, usize> {
    let mut effects = HashMap::new();
    for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
        let (id, _) = line.split_once(' ').unwrap();
        *effects.entry(id.parse().unwrap()).or_default() += 1;
    }
    effects
}

/// Fails if more jobs than allowed hold a valid lease. Returns the number of unfinished jobs.
async fn check_limits(queue: &TestQueue) -> i64 {
    let tx = queue.database().begin_read(QueueViewer::Worker).await.unwrap();
    let backend = tx.get_database_backend();
    let now = if in_production() { "statement_timestamp()" } else { "strftime('%Y-%m-%dT%H:%M:%f', 'now')" };
    let held = format!(
        "SELECT count(*) FROM job WHERE state = 'RUNNING' AND kind = '{}' AND leased_until > {now}",
        Effect::NAME
    );
    let mut all = 0;
    for row in
        tx.query_all_raw(Statement::from_string(backend, format!("{held} GROUP BY organization_id"))).await.unwrap()
    {
        let of_one: i64 = row.try_get_by_index(0).unwrap();
        assert!(of_one <= EFFECTS_PER_ORGANIZATION.into(), "{of_one} jobs of an organization");
        all += of_one;
    }
    assert!(all <= EFFECTS.into(), "{all} jobs");
    let left = format!("SELECT count(*) FROM job WHERE kind = '{}' AND state <> 'DONE'", Effect::NAME);
    let row = tx.query_one_raw(Statement::from_string(backend, left)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_jobs_survive_killed_processes() {
    const JOBS: usize = 10_000;
    let queue = TestQueue::for_many_jobs(3).await;
    note_completions(&queue).await;
    enqueue(&queue, JOBS).await;
    // The embedded database has one process, with three workers.
    let (processes, workers, minimum) = if in_production() { (3, 8, 1_500) } else { (1, 3, 5_000) };
    let settings = settings(&queue, workers, Duration::from_secs(3));
    let mut running: Vec<_> = (0..processes).map(|_| Worker::start(&settings)).collect();
    let mut random = 0x5eed_u64;
    let begun = Instant::now();
    let (mut kills, mut left) = (0, i64::MAX);
    while left > 0 {
        assert!(begun.elapsed() < 6 * MAX_WAIT, "{left} jobs are left");
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (pause, index) = (minimum + (random >> 33) % minimum, (random >> 20) as usize % processes);
        let until = Instant::now() + Duration::from_millis(pause);
        while left > 0 && Instant::now() < until {
            left = check_limits(&queue).await;
            sleep(Duration::from_millis(250)).await;
        }
        if left > 0 {
            drop(std::mem::replace(&mut running[index], Worker::start(&settings)));
            kills += 1;
        }
    }
    eprintln!("{JOBS} jobs in {:?}, {kills} kills", begun.elapsed());
    running.into_iter().for_each(Worker::end);
    let jobs = queue.jobs().await;
    assert_eq!(jobs.len(), JOBS);
    assert!(all_are(State::Done)(&jobs));
    assert_eq!(completions(&queue).await, (JOBS, JOBS));
    let (effects, ids) = (effects(&settings.effects), jobs.iter().map(|job| job.id));
    assert_eq!(effects.keys().copied().collect::<HashSet<_>>(), ids.collect());
    let repeated = effects.values().filter(|times| **times > 1).count();
    eprintln!("{repeated} effects were repeated");
    assert!(kills > 3 && repeated < JOBS / 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_sleeps_beyond_its_lease_records_nothing() {
    if !in_production() {
        return;
    }
    let queue = TestQueue::new(1).await;
    note_completions(&queue).await;
    let id = queue.add(&Effect { milliseconds: 1_500 }).await;
    let settings = settings(&queue, 2, Duration::from_secs(1));
    let sleeper = Worker::start(&settings);
    queue.until_state(id, State::Running).await;
    while effects(&settings.effects).is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    sleeper.signal("STOP");
    // Its clock is wrong by a day, which does not matter.
    let other = Worker::start(&Settings { clock_ahead: Duration::from_hours(24), ..settings.clone() });
    let job = queue.until_state(id, State::Done).await;
    sleeper.signal("CONT");
    // The first process continues, finds its lease lost, and then runs the next job.
    other.end();
    let next = queue.add(&Effect { milliseconds: 0 }).await;
    queue.until_state(next, State::Done).await;
    sleeper.end();
    assert_eq!((job.attempts, job.lease_number), (2, 2));
    let after = queue.job(id).await;
    assert_eq!(after, job);
    assert_eq!(completions(&queue).await, (2, 2));
    assert_eq!(effects(&settings.effects)[&id], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_asked_to_end_hands_its_jobs_back() {
    let queue = TestQueue::new(1).await;
    let id = queue.add(&Effect { milliseconds: 60_000 }).await;
    let settings = settings(&queue, 2, Duration::from_mins(10));
    let worker = Worker::start(&settings);
    queue.until_state(id, State::Running).await;
    worker.end();
    let job = queue.job(id).await;
    assert_eq!((job.state, job.attempts, job.leased_by), (State::Queued, 0, None));
}

/// One process, and the process that enqueues half of the jobs, are a day ahead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_differ_do_not_matter() {
    if !in_production() {
        return;
    }
    let queue = TestQueue::new(1).await;
    let a_day = Duration::from_hours(24);
    let (lease, organization) = (Duration::from_secs(1), queue.organization());
    let exact = settings(&queue, 2, lease);
    let workers = [Worker::start(&exact), Worker::start(&Settings { clock_ahead: a_day, ..exact.clone() })];
    let ahead = open(&exact.arguments, a_day).await;
    for database in [queue.database(), &ahead] {
        for _ in 0..3 {
            let tx = database.write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
            tx.enqueue_job(&Effect { milliseconds: 2_500 }).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    queue.until("all are done", |jobs| jobs.len() == 6 && all_are(State::Done)(jobs)).await;
    workers.into_iter().for_each(Worker::end);
    assert!(queue.jobs().await.iter().all(|job| job.attempts == 1), "a lease was taken over that had not expired");
    assert!(effects(&exact.effects).values().all(|times| *times == 1));
}
