//! Keeping the leases of running jobs.

use super::Shared;
use crate::{Error, Lease, QueueDatabase, QueueTransaction, QueueViewer, StopReason, queue, text::describe};
use std::{collections::HashMap, sync::Arc};
use tokio::time::{Instant, sleep, timeout};

/// How often a lease is extended before it could expire.
const BEATS: u32 = 3;

impl<D: QueueDatabase> Shared<D> {
    /// Extends the leases, forever. Handlers are stopped whose job was cancelled or whose lease is lost.
    pub(super) async fn keep_leases(self: Arc<Self>) {
        let pause = self.settings.lease / BEATS;
        loop {
            sleep(pause).await;
            let leases = self.held.leases();
            if leases.is_empty() {
                continue;
            }
            match timeout(pause, self.extend(&leases)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(
                        error = describe(&error),
                        "the leases of jobs could not be extended; the runner tries again"
                    );
                }
                Err(_) => tracing::warn!("the leases of jobs could not be extended in time; the runner tries again"),
            }
            self.held.stop_expired(Instant::now());
        }
    }

    async fn extend(&self, leases: &[Lease]) -> Result<(), Error> {
        let valid_until = Instant::now() + self.settings.lease;
        let tx = self.database.begin_write(QueueViewer::Worker).await?;
        let kept = queue::extend(&tx, tx.now(), self.worker, self.settings.lease, leases).await?;
        tx.commit().await?;
        let kept: HashMap<_, _> = kept.into_iter().map(|job| ((job.id, job.lease_number), job)).collect();
        for lease in leases {
            match kept.get(&(lease.job, lease.number)) {
                None => self.held.stop(lease, StopReason::LeaseLost),
                Some(job) => {
                    if job.extended {
                        self.held.extend(lease, valid_until);
                    }
                    if job.cancel_requested {
                        self.held.stop(lease, StopReason::Cancelled);
                    }
                }
            }
        }
        Ok(())
    }
}
