//! Recording how an attempt ended.

use super::{Outcome, Shared};
use crate::{
    Error, Lease, QueueDatabase, QueueTransaction, QueueViewer,
    queue::{Failure, cancelled, complete, fail, release},
    text::describe,
};
use std::time::Duration;
use tokio::time::sleep;

/// How often recording is tried while the database does not answer: for about a minute.
const TRIES: u32 = 20;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// What is to be recorded.
pub(super) enum Record {
    Done,
    Failed(Failure),
    Cancelled,
    Released,
}

impl<D: QueueDatabase> Shared<D> {
    /// Records how an attempt ended, again and again while the database does not answer.
    pub(super) async fn record(&self, lease: &Lease, record: &Record) -> Outcome {
        let mut pause = FIRST_PAUSE;
        for _ in 0..TRIES {
            match self.try_record(lease, record).await {
                Ok(outcome) => return outcome,
                Err(Error::LeaseLost) => return Outcome::LeaseLost,
                Err(error) => {
                    let (id, error) = (lease.job, describe(&error));
                    tracing::warn!(%id, error, "the outcome of a job could not be recorded; the runner tries again");
                }
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
        Outcome::LeaseLost
    }

    async fn try_record(&self, lease: &Lease, record: &Record) -> Result<Outcome, Error> {
        let viewer = match record {
            Record::Released => QueueViewer::Worker,
            Record::Done | Record::Failed(_) | Record::Cancelled => QueueViewer::System(lease.organization),
        };
        let tx = self.database.begin_write(viewer).await?;
        let outcome = match record {
            Record::Done => {
                complete(&tx, tx.now(), lease).await?;
                Outcome::Done
            }
            Record::Failed(failure) => {
                fail(&tx, tx.now(), lease, failure).await?;
                if failure.retry_after.is_some() { Outcome::Retried } else { Outcome::Dead }
            }
            Record::Cancelled => {
                cancelled(&tx, tx.now(), lease).await?;
                Outcome::Cancelled
            }
            Record::Released if release(&tx, tx.now(), self.worker, &[*lease]).await? == 0 => {
                return Err(Error::LeaseLost);
            }
            Record::Released => Outcome::Released,
        };
        tx.commit().await?;
        Ok(outcome)
    }
}
