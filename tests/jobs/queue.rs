//! The guarantees of the queue within one process.

use super::{
    kinds::{Numbered, Unique, Urgent},
    support::{TestQueue, all_are, settings},
};
use crate::support::services::in_production;
use chrono::{TimeDelta, Utc};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_jobs::{
    CancelResult, Enqueued, Error, JobContext, JobError, Lease, NewJob, QueueTransaction, Registry, Retention,
    RetryResult, Runner, RunnerSettings, StopReason, cancel, complete, delete_finished, retry,
};
use entities::job::State;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_committed_with_its_cause_and_a_unique_key_is_queued_once() {
    let queue = TestQueue::new(2).await;
    let (organization, other) = (queue.organizations[0], queue.organizations[1]);
    let tx = queue.database().write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
    tx.enqueue_job(&Numbered { number: 1 }).await.unwrap();
    drop(tx);
    assert!(queue.jobs().await.is_empty());
    let unique = |key: &str| Unique(key.to_owned());
    assert!(matches!(queue.enqueue(organization, &unique("a")).await, Enqueued::Added(_)));
    assert_eq!(queue.enqueue(organization, &unique("a")).await, Enqueued::Duplicate);
    assert!(matches!(queue.enqueue(organization, &unique("b")).await, Enqueued::Added(_)));
    assert!(matches!(queue.enqueue(other, &unique("a")).await, Enqueued::Added(_)));
    let long = NewJob::new(organization, &unique(&"é".repeat(40_000)));
    assert!(matches!(long, Err(Error::PayloadTooLong { .. })), "{long:?}");
    let long = NewJob::new(organization, &unique(&"é".repeat(101)));
    assert!(matches!(long, Err(Error::UniqueKeyTooLong { .. })), "{long:?}");
    let handle = queue.runner(Registry::default().with(&(), |(), _: Unique, _| async { Ok(()) })).start();
    queue.until("all are done", all_are(State::Done)).await;
    assert!(matches!(queue.enqueue(organization, &unique("a")).await, Enqueued::Added(_)));
    handle.shutdown(SECOND).await;
}

/// The number of running jobs.
#[derive(Default)]
struct Running {
    now: HashMap<Uuid, usize>,
    most: usize,
    most_of_one: usize,
    runs: Vec<usize>,
}

impl Running {
    fn begin(&mut self, organization: Uuid, number: usize) {
        self.runs.push(number);
        *self.now.entry(organization).or_default() += 1;
        self.most = self.most.max(self.now.values().sum());
        self.most_of_one = self.most_of_one.max(self.now[&organization]);
    }

    fn end(&mut self, organization: Uuid) {
        *self.now.get_mut(&organization).unwrap() -= 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_runners_run_each_job_once_within_the_limits() {
    const JOBS: usize = 600;
    let queue = TestQueue::new(3).await;
    for (index, organization) in queue.organizations.iter().enumerate() {
        let tx = queue.database().write_as(Viewer::system(*organization, SystemPurpose::Command)).await.unwrap();
        for number in (0..JOBS).filter(|number| number % 4 == index || index == 0 && number % 4 == 3) {
            tx.enqueue_job(&Numbered { number }).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    let running = Arc::new(Mutex::new(Running::default()));
    let start = || {
        let registry = Registry::default().with(&running, |running, job: Numbered, context: JobContext| async move {
            running.lock().unwrap().begin(context.organization(), job.number);
            sleep(Duration::from_millis(10)).await;
            running.lock().unwrap().end(context.organization());
            Ok(())
        });
        let settings = RunnerSettings { lease: Duration::from_secs(20), ..settings() };
        Runner::new(queue.database().clone(), registry, settings, Uuid::now_v7()).start()
    };
    let handles = [start(), start(), start()];
    queue.until("all are done", all_are(State::Done)).await;
    for handle in handles {
        handle.shutdown(SECOND).await;
    }
    let running = running.lock().unwrap();
    let distinct: HashSet<_> = running.runs.iter().collect();
    assert_eq!((running.runs.len(), distinct.len()), (JOBS, JOBS));
    assert!(running.most <= 6 && (2..=3).contains(&running.most_of_one), "{} {}", running.most, running.most_of_one);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn priority_comes_first_and_no_organization_waits_behind_the_many_jobs_of_another() {
    let queue = TestQueue::new(2).await;
    let tx = queue.database().write_as(Viewer::system(queue.organizations[0], SystemPurpose::Command)).await.unwrap();
    for number in 0..500 {
        tx.enqueue_job(&Numbered { number }).await.unwrap();
    }
    tx.commit().await.unwrap();
    queue.enqueue(queue.organizations[1], &Numbered { number: 1_000 }).await;
    for number in [2_000, 2_001] {
        queue.enqueue(queue.organizations[0], &Urgent { number }).await;
    }
    let order = Arc::new(Mutex::new(Vec::new()));
    let registry = Registry::default()
        .with(&order, |order, job: Numbered, _| async move {
            order.lock().unwrap().push(job.number);
            Ok(())
        })
        .with(&order, |order, job: Urgent, _| async move {
            order.lock().unwrap().push(job.number);
            Ok(())
        });
    let handle = queue.runner(registry).start();
    let done = |jobs: &[entities::job::Model]| jobs.iter().filter(|job| job.state == State::Done).count();
    queue.until("some are done", |jobs| done(jobs) > 30).await;
    handle.shutdown(SECOND).await;
    let order = order.lock().unwrap();
    let place = |number| order.iter().position(|other| *other == number).unwrap_or(usize::MAX);
    assert!(place(1_000) < 25 && place(2_000) < 8 && place(2_001) < 25, "{:?}", &order[..30]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_are_retried_until_the_job_is_dead() {
    let queue = TestQueue::new(1).await;
    let runs = Arc::new(AtomicUsize::new(0));
    let registry = Registry::default().with(&runs, |runs, job: Numbered, context: JobContext| async move {
        let run = runs.fetch_add(1, Ordering::SeqCst) + 1;
        match job.number {
            0 if run < 3 => return Err(JobError::message("not yet\0")),
            1 => panic!("oh dear"),
            2 => return Err(JobError::permanent("never")),
            3 => sleep(Duration::from_mins(1)).await,
            4 if run == 1 => return Err(JobError::retry_after("busy", Duration::from_millis(700))),
            _ => context.report_progress(7, Some(9)),
        }
        Ok(())
    });
    let handle = queue.runner(registry).start();
    for (number, state, attempts, error) in [
        (0, State::Done, 3, "not yet\u{fffd}"),
        (1, State::Dead, 3, "the handler panicked: oh dear"),
        (2, State::Dead, 1, "never"),
        (3, State::Dead, 3, "the attempt took too long"),
        (4, State::Done, 2, "busy"),
    ] {
        runs.store(0, Ordering::SeqCst);
        let begun = Instant::now();
        let id = queue.add(&Numbered { number }).await;
        let job = queue.until_state(id, state).await;
        let detail = queue.detail(id).await;
        assert_eq!((job.attempts, detail.error.as_deref()), (attempts, Some(error)), "{number}");
        assert_eq!(runs.load(Ordering::SeqCst), usize::try_from(attempts).unwrap());
        match number {
            0 => assert_eq!((detail.progress_done, detail.progress_total), (7, Some(9))),
            4 => assert!(begun.elapsed() > Duration::from_millis(700)),
            _ => {}
        }
    }
    let dead = queue.jobs().await.into_iter().find(|job| job.state == State::Dead).unwrap().id;
    runs.store(9, Ordering::SeqCst);
    assert_eq!(
        queue.within(async |tx| retry(tx, tx.now(), queue.organization(), dead).await).await.unwrap(),
        RetryResult::Queued
    );
    queue.until_state(dead, State::Dead).await;
    assert_eq!(
        queue.within(async |tx| cancel(tx, tx.now(), queue.organization(), dead).await).await.unwrap(),
        CancelResult::Cancelled
    );
    assert_eq!(queue.job(dead).await.attempts, 3);
    handle.shutdown(SECOND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payload_that_does_not_fit_is_dead_at_once() {
    let queue = TestQueue::new(1).await;
    let id = queue.add(&Numbered { number: 1 }).await;
    let changed = queue.app.by_hand("UPDATE job_detail SET payload = '{\"number\": \"one\"}'").await;
    assert_eq!(changed, 1);
    let handle = queue.runner(Registry::default().with(&(), |(), _: Numbered, _| async { Ok(()) })).start();
    assert_eq!(queue.until_state(id, State::Dead).await.attempts, 1);
    assert!(queue.detail(id).await.error.unwrap().contains("invalid type"));
    handle.shutdown(SECOND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancellation_ends_a_queued_and_a_running_job() {
    let queue = TestQueue::new(2).await;
    let queued = queue.add(&Numbered { number: 0 }).await;
    let other = queue.organizations[1];
    let elsewhere = queue.within(async |tx| cancel(tx, tx.now(), other, queued).await).await.unwrap();
    assert_eq!(elsewhere, CancelResult::NotFound, "it is another organization's");
    let cancelled =
        async |id| queue.within(async |tx| cancel(tx, tx.now(), queue.organization(), id).await).await.unwrap();
    assert_eq!(cancelled(queued).await, CancelResult::Cancelled);
    assert_eq!(cancelled(queued).await, CancelResult::Finished);
    assert_eq!(cancelled(Uuid::now_v7()).await, CancelResult::NotFound);
    let registry = Registry::default().with(&(), |(), job: Numbered, context: JobContext| async move {
        if job.number == 1 {
            assert_eq!(context.cancellation.requested().await, StopReason::Cancelled);
            return Err(JobError::message("stopped"));
        }
        std::future::pending().await
    });
    let handle = queue.runner(registry).start();
    for number in [1, 2] {
        let id = queue.add(&Numbered { number }).await;
        queue.until_state(id, State::Running).await;
        assert_eq!(cancelled(id).await, CancelResult::Requested);
        queue.until_state(id, State::Cancelled).await;
    }
    handle.shutdown(SECOND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_hands_back_what_is_unfinished_and_does_not_count_it() {
    let queue = TestQueue::new(1).await;
    let registry = Registry::default().with(&(), |(), job: Numbered, context: JobContext| async move {
        match job.number {
            0 => sleep(Duration::from_mins(1)).await,
            1 => {
                context.cancellation.requested().await;
                return Err(JobError::message("stopped early"));
            }
            _ => sleep(Duration::from_millis(300)).await,
        }
        Ok(())
    });
    let handle = queue.runner(registry).start();
    for number in 0..3 {
        queue.add(&Numbered { number }).await;
    }
    queue.until("all run", all_are(State::Running)).await;
    handle.shutdown(Duration::from_millis(900)).await;
    let states: Vec<_> = queue.jobs().await.iter().map(|job| (job.state, job.attempts)).collect();
    assert_eq!(states, [(State::Queued, 0), (State::Queued, 0), (State::Done, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_lease_is_taken_over_and_can_record_nothing() {
    let queue = TestQueue::new(1).await;
    let id = queue.add(&Numbered { number: 0 }).await;
    let leases = Arc::new(Mutex::new(Vec::<Lease>::new()));
    let note = async |leases: &Arc<Mutex<Vec<Lease>>>, context: &JobContext| leases.lock().unwrap().push(context.lease);
    // A dropped runner extends no lease.
    let registry = Registry::default().with(&leases, move |leases, _: Numbered, context| async move {
        note(&leases, &context).await;
        std::future::pending().await
    });
    let handle = queue.runner(registry).start();
    while leases.lock().unwrap().is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    drop(handle);
    let registry = Registry::default().with(&leases, move |leases, _: Numbered, context| async move {
        note(&leases, &context).await;
        Ok(())
    });
    let handle = queue.runner(registry).start();
    let job = queue.until_state(id, State::Done).await;
    handle.shutdown(SECOND).await;
    let leases = leases.lock().unwrap().clone();
    assert_eq!((leases[0].number, leases[1].number, job.lease_number, job.attempts), (1, 2, 2, 2));
    let completed = async |lease: Lease| queue.within(async |tx| complete(tx, tx.now(), &lease).await).await;
    assert!(matches!(completed(leases[0]).await, Err(Error::LeaseLost)));
    // A caller who does not know whether the outcome was recorded may try again.
    completed(leases[1]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_that_expires_counts_as_an_attempt() {
    let queue = TestQueue::new(1).await;
    let id = queue.add(&Numbered { number: 0 }).await;
    for attempt in 1..=3 {
        let registry = Registry::default().with(&(), |(), _: Numbered, _| async { std::future::pending().await });
        let handle = queue.runner(registry).start();
        queue.until("it runs", |jobs| jobs.iter().all(|job| job.attempts == attempt)).await;
        drop(handle);
    }
    let handle = queue.runner(Registry::default().with(&(), |(), _: Numbered, _| async { Ok(()) })).start();
    assert_eq!(queue.until_state(id, State::Dead).await.attempts, 3);
    assert!(queue.detail(id).await.error.unwrap().contains("lost its lease"));
    handle.shutdown(SECOND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_can_record_the_outcome_with_its_own_changes() {
    let queue = TestQueue::new(1).await;
    let database = queue.database().clone();
    let registry = Registry::default().with(&database, |database, _: Numbered, context: JobContext| async move {
        let tx = database.write_as(Viewer::system(context.organization(), SystemPurpose::Command)).await?;
        tx.enqueue_job(&Unique("made by the job".to_owned())).await?;
        tx.complete_job(&context.lease).await?;
        Ok(tx.commit().await?)
    });
    let id = queue.add(&Numbered { number: 0 }).await;
    let handle = queue.runner(registry).start();
    queue.until_state(id, State::Done).await;
    handle.shutdown(SECOND).await;
    let kinds: Vec<_> = queue.jobs().await.into_iter().map(|job| (job.kind, job.state)).collect();
    assert_eq!(kinds, [("test.numbered".to_owned(), State::Done), ("test.unique".to_owned(), State::Queued)]);
}

/// `SQLite` has one writer: a transaction that takes long keeps all others from writing, not only the heartbeat.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_takes_long_costs_no_other_job_its_lease() {
    if !in_production() {
        return;
    }
    let queue = TestQueue::new(1).await;
    let long = queue.add(&Numbered { number: 0 }).await;
    let other = queue.add(&Numbered { number: 1 }).await;
    let database = queue.database().clone();
    let registry = Registry::default().with(&database, |database, job: Numbered, context: JobContext| async move {
        if job.number == 1 {
            sleep(settings().lease * 9 / 5).await;
        } else if context.attempt == 1 {
            let tx = database.write_as(Viewer::system(context.organization(), SystemPurpose::Command)).await?;
            tx.complete_job(&context.lease).await?;
            std::future::pending::<()>().await;
        }
        Ok(())
    });
    let handle = queue.runner(registry).start();
    let other = queue.until_state(other, State::Done).await;
    let long = queue.until_state(long, State::Done).await;
    handle.shutdown(SECOND).await;
    assert_eq!((other.attempts, other.lease_number), (1, 1));
    assert_eq!((long.attempts, long.lease_number), (2, 2), "its own lease could not be extended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn finished_jobs_are_deleted_once_they_are_old() {
    let queue = TestQueue::new(1).await;
    let registry = Registry::default().with(&(), |(), job: Numbered, _| async move {
        if job.number == 0 { Err(JobError::permanent("no")) } else { Ok(()) }
    });
    let handle = queue.runner(registry).start();
    for number in 0..4 {
        queue.add(&Numbered { number }).await;
    }
    queue.until("all are finished", |jobs| jobs.iter().all(|job| job.finished_at.is_some())).await;
    handle.shutdown(SECOND).await;
    queue.add(&Numbered { number: 9 }).await;
    let organization = queue.organization();
    let delete = async |retention, limit| {
        let now = Utc::now() + TimeDelta::seconds(1);
        queue.within(async |tx| delete_finished(tx, now, organization, retention, limit).await).await.unwrap()
    };
    assert_eq!(delete(Retention::default(), 10).await, 0);
    let retention = Retention { finished: Duration::ZERO, ..Retention::default() };
    assert_eq!((delete(retention, 2).await, delete(retention, 2).await), (2, 1));
    let states: Vec<_> = queue.jobs().await.iter().map(|job| job.state).collect();
    assert_eq!(states, [State::Dead, State::Queued]);
}
