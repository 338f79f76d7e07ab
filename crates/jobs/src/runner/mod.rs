//! Running jobs: claims while workers are free, keeps the leases, and hands back at the end what is unfinished.

mod attempt;
mod heartbeat;
mod held;
mod record;

use crate::{
    Error, QueueDatabase, QueueTransaction, QueueViewer, Registry, Schedules, StopReason, Wakeup,
    queue::{Capacity, ClaimedJob, KindCapacity, Rotation, claim, is_due, release},
    schedule::Scheduler,
    text::describe,
};
use held::Held;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, sleep_until, timeout},
};
use uuid::Uuid;

/// How long a runner waits at the most before it looks for jobs again where it could not look.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How long a runner waits for further attempts to end before it claims jobs in their places: one claim of several jobs
/// takes less than several claims.
const GATHER: Duration = Duration::from_millis(5);

/// How a process runs jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunnerSettings {
    /// How many jobs it runs at the same time.
    pub workers: usize,
    /// How long a process may be silent before others take its jobs over. A lease is extended three times as often.
    pub lease: Duration,
    /// How often it looks for due jobs that nobody has told it of.
    pub poll: Duration,
    /// How many jobs of one organization run at the same time in all processes together, whatever their kind.
    pub per_organization: Option<u32>,
    /// How long a handler may go on after its job was cancelled.
    pub cancel_grace: Duration,
}

impl Default for RunnerSettings {
    fn default() -> Self {
        Self {
            workers: 4,
            lease: Duration::from_mins(1),
            poll: Duration::from_secs(1),
            per_organization: None,
            cancel_grace: Duration::from_secs(10),
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The job is done.
    Done,
    /// The attempt failed, and another follows.
    Retried,
    /// The last attempt failed.
    Dead,
    /// The job was cancelled.
    Cancelled,
    /// The process shut down, and handed the job back.
    Released,
    /// Another process has the job now; nothing was recorded.
    LeaseLost,
}

/// Is told of each attempt of a kind that ended, and how long it took.
type Observer = Box<dyn Fn(&'static str, Outcome, Duration) + Send + Sync>;

/// Runs the jobs of a process.
pub struct Runner<D> {
    shared: Shared<D>,
    schedules: Schedules,
}

/// How a runner looks for jobs.
#[derive(Default)]
struct Search {
    rotation: Rotation,
    /// Whether the last claim found any: then the next one is not preceded by a look that takes no lock.
    found: bool,
}

/// What all tasks of a runner use.
struct Shared<D> {
    database: D,
    registry: Registry,
    settings: RunnerSettings,
    /// Names the process.
    worker: Uuid,
    held: Held,
    wakeup: Wakeup,
    observer: Observer,
}

impl<D: QueueDatabase> Runner<D> {
    /// A runner with these handlers. `worker` names it, and no other runner, ever.
    pub fn new(database: D, registry: Registry, settings: RunnerSettings, worker: Uuid) -> Self {
        let (held, wakeup) = (Held::default(), Wakeup::default());
        let shared = Shared { database, registry, settings, worker, held, wakeup, observer: Box::new(|_, _, _| {}) };
        Self { shared, schedules: Schedules::default() }
    }

    /// Also enqueues recurring work.
    #[must_use]
    pub fn with_schedules(self, schedules: Schedules) -> Self {
        Self { schedules, ..self }
    }

    /// Tells the observer of each attempt that ended.
    #[must_use]
    pub fn with_observer(mut self, observer: impl Fn(&'static str, Outcome, Duration) + Send + Sync + 'static) -> Self {
        self.shared.observer = Box::new(observer);
        self
    }

    /// Uses a wake-up that others have already.
    #[must_use]
    pub fn with_wakeup(mut self, wakeup: Wakeup) -> Self {
        self.shared.wakeup = wakeup;
        self
    }

    /// Starts.
    pub fn start(self) -> RunnerHandle {
        let (stop, stopped) = watch::channel(None);
        let Self { shared, schedules } = self;
        let task = tokio::spawn(Arc::new(shared).run(schedules, stopped));
        RunnerHandle { stop, task: Some(task) }
    }
}

/// A runner that was started. Dropping it stops the runner without handing jobs back: their leases expire.
pub struct RunnerHandle {
    /// By when the runner is to have ended.
    stop: watch::Sender<Option<Instant>>,
    task: Option<JoinHandle<()>>,
}

impl RunnerHandle {
    /// Stops within this time: claims no more, gives handlers three quarters of it to end, and hands back the jobs of
    /// those that have not.
    pub async fn shutdown(mut self, within: Duration) {
        self.stop.send_replace(Some(Instant::now() + within * 3 / 4));
        if let Some(task) = self.task.as_mut()
            && timeout(within, task).await.is_err()
        {
            tracing::warn!("the runner of jobs did not stop in time; the leases of unfinished jobs expire");
        }
    }
}

impl Drop for RunnerHandle {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl<D: QueueDatabase> Shared<D> {
    async fn run(self: Arc<Self>, schedules: Schedules, mut stopped: watch::Receiver<Option<Instant>>) {
        let mut scheduling = JoinSet::new();
        if !schedules.0.is_empty() {
            let (database, wakeup) = (self.database.clone(), self.wakeup.clone());
            scheduling.spawn(Scheduler { database, schedules, wakeup }.run());
        }
        let mut keeping = JoinSet::new();
        keeping.spawn(self.clone().keep_leases());
        let (mut attempts, mut search) = (JoinSet::new(), Search::default());
        let mut pause = self.settings.poll;
        while stopped.borrow_and_update().is_none() {
            pause = match self.fill(&mut attempts, &mut search).await {
                Ok(()) => self.settings.poll,
                Err(error) => {
                    tracing::warn!(error = describe(&error), "jobs could not be claimed; the runner tries again later");
                    (pause * 2).min(MAX_PAUSE)
                }
            };
            tokio::select! {
                changed = stopped.changed() => if changed.is_err() { break },
                _ = attempts.join_next(), if !attempts.is_empty() => sleep(GATHER).await,
                () = self.wakeup.woken() => {}
                () = sleep(pause) => {}
            }
            while attempts.try_join_next().is_some() {}
        }
        scheduling.shutdown().await;
        let by = stopped.borrow().unwrap_or_else(Instant::now);
        self.end(attempts, by).await;
    }

    /// Claims jobs while workers are free and jobs are due, and begins their attempts.
    async fn fill(self: &Arc<Self>, attempts: &mut JoinSet<()>, search: &mut Search) -> Result<(), Error> {
        loop {
            let capacity = self.capacity();
            if capacity.jobs == 0 {
                return Ok(());
            }
            let begun = Instant::now();
            let jobs = self.claim(capacity, search).await?;
            search.found = !jobs.is_empty();
            if jobs.is_empty() {
                return Ok(());
            }
            for job in jobs {
                let held = self.held.hold(job.lease, &job.kind, begun + self.settings.lease);
                attempts.spawn(self.clone().attempt(job, held));
            }
        }
    }

    async fn claim(&self, capacity: Capacity, search: &mut Search) -> Result<Vec<ClaimedJob>, Error> {
        if !search.found {
            let tx = self.database.begin_read(QueueViewer::Worker).await?;
            if !is_due(&tx, tx.now()).await? {
                return Ok(Vec::new());
            }
        }
        let tx = self.database.begin_write(QueueViewer::Worker).await?;
        let jobs = claim(&tx, tx.now(), self.worker, self.settings.lease, capacity, &mut search.rotation).await?;
        if !jobs.is_empty() {
            tx.commit().await?;
        }
        Ok(jobs)
    }

    fn capacity(&self) -> Capacity {
        let kinds = self.registry.kinds().map(|(kind, options)| {
            let limits = options.concurrency;
            let free = limits.per_process.map_or(usize::MAX, |limit| {
                usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(self.held.of_kind(kind))
            });
            (kind, KindCapacity { free, overall: limits.overall, per_organization: limits.per_organization })
        });
        Capacity {
            kinds: kinds.collect(),
            jobs: self.settings.workers.saturating_sub(self.held.count()),
            per_organization: self.settings.per_organization,
        }
    }

    /// Lets attempts end until a time, then stops them and hands their jobs back.
    async fn end(&self, mut attempts: JoinSet<()>, by: Instant) {
        self.held.stop_all(StopReason::Shutdown);
        let deadline = sleep_until(by);
        tokio::pin!(deadline);
        while !attempts.is_empty() {
            tokio::select! {
                _ = attempts.join_next() => {}
                () = &mut deadline => break,
            }
        }
        let leases = self.held.leases();
        attempts.shutdown().await;
        if leases.is_empty() {
            return;
        }
        let handing_back = async {
            let tx = self.database.begin_write(QueueViewer::Worker).await?;
            let jobs = release(&tx, tx.now(), self.worker, &leases).await?;
            tx.commit().await?;
            Ok::<_, Error>(jobs)
        };
        match handing_back.await {
            Ok(jobs) => tracing::info!(jobs, "unfinished jobs were handed back"),
            Err(error) => {
                tracing::warn!(
                    error = describe(&error),
                    "unfinished jobs could not be handed back; their leases expire"
                );
            }
        }
    }
}
