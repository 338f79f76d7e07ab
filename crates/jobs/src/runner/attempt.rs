//! One attempt of a job.

use super::{Outcome, Shared, held::HeldLease, record::Record};
use crate::{
    Error, JobContext, JobError, KindOptions, Lease, QueueDatabase, QueueTransaction, QueueViewer, StopReason,
    error::Retry,
    queue::{ClaimedJob, Detail, Failure, Progress, load, report_progress},
    registry::Handler,
    text::describe,
};
use std::{any::Any, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};

/// How often progress is stored.
const PROGRESS_PAUSE: Duration = Duration::from_secs(1);

/// What a job died of whose process ended in its last attempt.
const INTERRUPTED: &str = "the process that ran the last attempt ended, or lost its lease";

/// How a handler ended.
enum Ended {
    Succeeded,
    Failed(JobError),
    /// It was stopped, because its time or its lease was over, or it did not heed the cancellation.
    Stopped(&'static str),
}

impl<D: QueueDatabase> Shared<D> {
    /// Runs the job's handler and records the outcome.
    pub(super) async fn attempt(self: Arc<Self>, job: ClaimedJob, held: HeldLease) {
        let begun = Instant::now();
        let Some((kind, handler)) = self.registry.find(&job.kind) else { return };
        let outcome = match self.decide(&job, handler, &held).await {
            Some(record) => self.record(&job.lease, &record).await,
            None => Outcome::LeaseLost,
        };
        let (id, organization, attempt) = (job.lease.job, job.lease.organization, job.attempt);
        match outcome {
            Outcome::Dead => tracing::error!(kind, %id, %organization, attempt, "a job is dead"),
            Outcome::LeaseLost => tracing::warn!(kind, %id, %organization, attempt, "the lease of a job was lost"),
            _ => tracing::debug!(kind, %id, %organization, attempt, ?outcome, "an attempt of a job ended"),
        }
        (self.observer)(kind, outcome, begun.elapsed());
    }

    /// Returns what is to be recorded; none once the lease is lost.
    async fn decide(&self, job: &ClaimedJob, handler: &Handler, held: &HeldLease) -> Option<Record> {
        if job.cancel_requested {
            return Some(Record::Cancelled);
        }
        if job.attempt > job.max_attempts {
            return Some(Record::Failed(Failure { error: INTERRUPTED.to_owned(), retry_after: None }));
        }
        let detail = match self.load(&job.lease).await {
            Ok(detail) => detail?,
            Err(error) => return Some(failed(job, handler.options, &error.into())),
        };
        let (progress, reported) = watch::channel(None);
        let context = JobContext {
            lease: job.lease,
            caused_by: detail.caused_by,
            scopes: detail.scopes,
            attempt: job.attempt,
            cancellation: held.cancellation.clone(),
            checkpoint: detail.checkpoint,
            progress: Arc::new(progress),
        };
        let running = match handler.run(&detail.payload, context) {
            Ok(running) => running,
            Err(error) => {
                let error = JobError::permanent(Error::Payload(error));
                return Some(failed(job, handler.options, &error));
            }
        };
        let mut task = JoinSet::new();
        task.spawn(running);
        let ended = self.wait(&job.lease, handler.options, &mut task, held, reported).await;
        // Nothing of the handler goes on once the outcome is recorded.
        task.shutdown().await;
        match (ended, held.cancellation.reason()) {
            (Ended::Succeeded, _) => Some(Record::Done),
            (_, Some(StopReason::LeaseLost)) => None,
            (_, Some(StopReason::Cancelled)) => Some(Record::Cancelled),
            (_, Some(StopReason::Shutdown)) => Some(Record::Released),
            (Ended::Failed(error), None) => Some(failed(job, handler.options, &error)),
            (Ended::Stopped(why), None) => Some(failed(job, handler.options, &JobError::message(why))),
        }
    }

    async fn load(&self, lease: &Lease) -> Result<Option<Detail>, Error> {
        let tx = self.database.begin_read(QueueViewer::System(lease.organization)).await?;
        load(&tx, tx.now(), lease).await
    }

    /// Waits until the handler ends or is to be stopped, and stores its progress meanwhile.
    async fn wait(
        &self,
        lease: &Lease,
        options: KindOptions,
        task: &mut JoinSet<Result<(), JobError>>,
        held: &HeldLease,
        mut reported: watch::Receiver<Option<Progress>>,
    ) -> Ended {
        let timeout = Instant::now() + options.timeout;
        let mut grace = None;
        let mut stops = held.cancellation.0.clone();
        let mut next_progress = Instant::now();
        let mut stored = None;
        let ended = loop {
            tokio::select! {
                ended = task.join_next() => break ended.map_or(Ended::Stopped("the handler did not start"), Ended::of),
                () = sleep_until(timeout) => break Ended::Stopped("the attempt took too long"),
                () = sleep_until(grace.unwrap_or(timeout)), if grace.is_some() => {
                    break Ended::Stopped("the handler did not heed the cancellation");
                }
                Ok(()) = stops.changed() => match *stops.borrow_and_update() {
                    Some(StopReason::LeaseLost) => break Ended::Stopped("the lease was lost"),
                    Some(StopReason::Cancelled) => grace = Some(Instant::now() + self.settings.cancel_grace),
                    Some(StopReason::Shutdown) | None => {}
                },
                () = changed_after(&mut reported, next_progress) => {
                    next_progress = Instant::now() + PROGRESS_PAUSE;
                    stored.clone_from(&reported.borrow_and_update());
                    self.store_progress(lease, stored.as_ref()).await;
                }
            }
        };
        let last = reported.borrow().clone();
        if last != stored {
            self.store_progress(lease, last.as_ref()).await;
        }
        ended
    }

    /// Progress that cannot be stored is no reason to stop.
    async fn store_progress(&self, lease: &Lease, progress: Option<&Progress>) {
        let Some(progress) = progress else { return };
        let storing = async {
            let tx = self.database.begin_write(QueueViewer::System(lease.organization)).await?;
            report_progress(&tx, tx.now(), lease, progress).await?;
            tx.commit().await
        };
        if let Err(error) = storing.await {
            tracing::debug!(error = describe(&error), id = %lease.job, "the progress of a job could not be stored");
        }
    }
}

/// Decides whether a failed job is tried again.
fn failed(job: &ClaimedJob, options: KindOptions, error: &JobError) -> Record {
    let retry_after = match error.retry {
        _ if job.attempt >= job.max_attempts => None,
        Retry::Never => None,
        Retry::After(pause) => Some(pause),
        Retry::Backoff => Some(options.backoff.pause(job.attempt, job.lease.job)),
    };
    let (id, kind, attempt, error) = (job.lease.job, &job.kind, job.attempt, describe(&*error.cause));
    tracing::warn!(%id, kind, attempt, error, "an attempt of a job failed");
    Record::Failed(Failure { error, retry_after })
}

impl Ended {
    fn of(joined: Result<Result<(), JobError>, JoinError>) -> Self {
        match joined {
            Ok(Ok(())) => Self::Succeeded,
            Ok(Err(error)) => Self::Failed(error),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => Self::Failed(JobError::message(format!("the handler panicked: {}", message(&*panic)))),
                Err(error) => Self::Failed(error.into()),
            },
        }
    }
}

/// What a panic says.
fn message(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "no message",
    }
}

/// Returns at a time, once there is a change.
async fn changed_after(reported: &mut watch::Receiver<Option<Progress>>, time: Instant) {
    sleep_until(time).await;
    if reported.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
