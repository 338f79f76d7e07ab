//! A queue for tests, on the services of the set.

use crate::support::{App, services::in_production};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_data::{Database, QueueTx};
use dossier_jobs::{Enqueued, JobKind, QueueDatabase, QueueTransaction, QueueViewer, Registry, Runner, RunnerSettings};
use entities::{
    job::{self, State},
    job_detail,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::{collections::HashMap, time::Duration};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// The time limit for expected results.
pub const MAX_WAIT: Duration = Duration::from_mins(1);

/// A server with organizations. It does not run jobs of the kinds for tests.
pub struct TestQueue {
    pub app: App,
    pub organizations: Vec<Uuid>,
}

impl TestQueue {
    pub async fn new(organizations: usize) -> Self {
        Self::of(App::start().await, organizations).await
    }

    /// Creates the same for many jobs. The embedded database is then in memory, if the system has such a file system.
    /// The writes of a killed process stay there, too.
    pub async fn for_many_jobs(organizations: usize) -> Self {
        let in_memory = tempfile::tempdir_in("/dev/shm").ok().filter(|_| !in_production());
        let app = match in_memory {
            Some(folder) => App::over(folder).await,
            None => App::start().await,
        };
        Self::of(app, organizations).await
    }

    async fn of(app: App, organizations: usize) -> Self {
        let mut ids = Vec::new();
        for number in 0..organizations {
            ids.push(app.organization(&format!("agency-{number}")).await);
        }
        Self { app, organizations: ids }
    }

    pub fn database(&self) -> &Database {
        &self.app.parts.database
    }

    pub fn organization(&self) -> Uuid {
        self.organizations[0]
    }

    /// Begins a writing transaction of the queue within the first organization.
    pub async fn tx(&self) -> QueueTx {
        self.database().begin_write(QueueViewer::System(self.organization())).await.unwrap()
    }

    /// Enqueues a job of an organization as Dossier itself.
    pub async fn enqueue<K: JobKind>(&self, organization: Uuid, job: &K) -> Enqueued {
        let tx = self.database().write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        let enqueued = tx.enqueue_job(job).await.unwrap();
        tx.commit().await.unwrap();
        enqueued
    }

    /// Enqueues a job of the first organization.
    pub async fn add<K: JobKind>(&self, job: &K) -> Uuid {
        match self.enqueue(self.organization(), job).await {
            Enqueued::Added(id) => id,
            Enqueued::Duplicate => panic!("the key is taken"),
        }
    }

    /// Returns the jobs of the kinds for tests, of all organizations, the oldest first.
    pub async fn jobs(&self) -> Vec<job::Model> {
        let tx = self.database().begin_read(QueueViewer::Worker).await.unwrap();
        let jobs = job::Entity::find().filter(job::Column::Kind.starts_with("test."));
        jobs.order_by_asc(job::Column::Id).all(&tx).await.unwrap()
    }

    pub async fn job(&self, id: Uuid) -> job::Model {
        let tx = self.database().begin_read(QueueViewer::Worker).await.unwrap();
        job::Entity::find_by_id(id).one(&tx).await.unwrap().unwrap()
    }

    pub async fn detail(&self, id: Uuid) -> job_detail::Model {
        let tx = self.database().begin_read(QueueViewer::System(self.organization())).await.unwrap();
        job_detail::Entity::find_by_id(id).one(&tx).await.unwrap().unwrap()
    }

    /// Waits until the jobs meet a condition.
    pub async fn until(&self, what: &str, condition: impl Fn(&[job::Model]) -> bool) {
        let waiting = async {
            while !condition(&self.jobs().await) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(MAX_WAIT, waiting).await.is_err() {
            let jobs = self.jobs().await;
            let states = jobs.iter().fold(HashMap::<_, usize>::new(), |mut states, job| {
                *states.entry(job.state).or_default() += 1;
                states
            });
            panic!("never: {what}: {states:?}, {:#?}", jobs.first());
        }
    }

    /// Waits until a job is in a state.
    pub async fn until_state(&self, id: Uuid, state: State) -> job::Model {
        self.until(&format!("{id} is {state:?}"), |jobs| jobs.iter().any(|job| job.id == id && job.state == state))
            .await;
        self.job(id).await
    }

    pub fn runner(&self, registry: Registry) -> Runner<Database> {
        Runner::new(self.database().clone(), registry, settings(), Uuid::now_v7())
    }

    /// Runs a call of the queue within the first organization, and commits.
    pub async fn within<T>(&self, call: impl AsyncFnOnce(&QueueTx) -> T) -> T {
        let tx = self.tx().await;
        let done = call(&tx).await;
        tx.commit().await.unwrap();
        done
    }
}

/// Returns settings with short pauses.
pub fn settings() -> RunnerSettings {
    RunnerSettings {
        workers: 8,
        lease: Duration::from_secs(1),
        poll: Duration::from_millis(50),
        per_organization: None,
        cancel_grace: Duration::from_millis(300),
    }
}

/// Returns the condition that all jobs are in a state.
pub fn all_are(state: State) -> impl Fn(&[job::Model]) -> bool {
    move |jobs| jobs.iter().all(|job| job.state == state)
}
