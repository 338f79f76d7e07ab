//! Recurring jobs run once among all processes. Missed occurrences are made up as declared.

use super::{
    kinds::Numbered,
    support::{TestQueue, all_are},
};
use chrono::{NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Paris;
use dossier_jobs::{
    Every, JobContext, Missed, QueueDatabase, QueueViewer, Recurring, Registry, RunnerHandle, Schedules,
};
use entities::{job::State, schedule};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;
use uuid::Uuid;

type Runs = Arc<Mutex<HashMap<(Uuid, usize), usize>>>;

/// Starts a runner with two schedules that are due each day at this time.
fn start(queue: &TestQueue, runs: &Runs, at: NaiveTime) -> RunnerHandle {
    let registry = Registry::default().with(runs, |runs, job: Numbered, context: JobContext| async move {
        *runs.lock().unwrap().entry((context.organization(), job.number)).or_default() += 1;
        Ok(())
    });
    let schedules = Schedules::default()
        .with(Recurring::new("test.made_up", Every::Day { at }, Missed::MakeUp, |_| Numbered { number: 1 }))
        .with(Recurring::new("test.skipped", Every::Day { at }, Missed::Skip, |_| Numbered { number: 2 }));
    queue.runner(registry).with_schedules(schedules).start()
}

async fn stop(handles: [RunnerHandle; 2]) {
    for handle in handles {
        handle.shutdown(Duration::from_secs(1)).await;
    }
}

async fn schedules(queue: &TestQueue) -> usize {
    let mut count = 0;
    for organization in &queue.organizations {
        let tx = queue.database().begin_read(QueueViewer::System(*organization)).await.unwrap();
        let rows = schedule::Entity::find()
            .filter(schedule::Column::OrganizationId.eq(*organization))
            .filter(schedule::Column::Name.starts_with("test."));
        count += rows.all(&tx).await.unwrap().len();
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_schedulers_enqueue_an_occurrence_once_and_make_up_a_missed_one() {
    let queue = TestQueue::new(3).await;
    let runs = Runs::default();
    let an_hour_ago = (Utc::now() - TimeDelta::hours(1)).with_timezone(&Paris).time();
    let start = || start(&queue, &runs, an_hour_ago);
    // Occurrences from before the schedule existed are not made up.
    let handles = [start(), start()];
    while schedules(&queue).await < 6 {
        sleep(Duration::from_millis(20)).await;
    }
    stop(handles).await;
    assert!(queue.jobs().await.is_empty());
    let long_ago = (Utc::now() - TimeDelta::days(9)).format("%Y-%m-%dT%H:%M:%S+00:00");
    let sql = format!("UPDATE schedule SET last_occurrence_at = '{long_ago}' WHERE name LIKE 'test.%'");
    assert_eq!(queue.app.by_hand(&sql).await, 6);
    let handles = [start(), start()];
    queue.until("one of each organization is done", |jobs| jobs.len() == 3 && all_are(State::Done)(jobs)).await;
    stop(handles).await;
    // Nothing else is due.
    let handles = [start(), start()];
    sleep(Duration::from_millis(500)).await;
    stop(handles).await;
    let runs = runs.lock().unwrap();
    assert_eq!(runs.len(), 3);
    assert!(runs.iter().all(|((_, number), runs)| (*number, *runs) == (1, 1)), "{runs:?}");
}
