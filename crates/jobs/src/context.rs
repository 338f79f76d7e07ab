//! What a handler knows about its job.

use crate::{Lease, queue::Progress};
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;

/// A running attempt, as its handler sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// The claim under which the job runs.
    pub lease: Lease,
    /// The membership on whose behalf the job runs, with the rights that it has now. Without one it runs on behalf of
    /// the organization.
    pub caused_by: Option<Uuid>,
    /// The scopes that the session was limited to that caused the job, as they are stored.
    pub scopes: Option<String>,
    /// Which attempt this is; the first is 1.
    pub attempt: u32,
    /// Says when the handler is to stop.
    pub cancellation: Cancellation,
    /// The newest checkpoint that an earlier attempt saved.
    pub checkpoint: Option<String>,
    pub(crate) progress: Arc<watch::Sender<Option<Progress>>>,
}

impl JobContext {
    /// Returns the job's id, which effects outside of the database carry.
    pub fn id(&self) -> Uuid {
        self.lease.job
    }

    /// Returns the organization that the job belongs to.
    pub fn organization(&self) -> Uuid {
        self.lease.organization
    }

    /// Reports how much is done, of how much. It is stored at most once a second.
    pub fn report_progress(&self, done: u64, total: Option<u64>) {
        self.progress.send_modify(|progress| {
            let checkpoint = progress.take().and_then(|progress| progress.checkpoint);
            *progress = Some(Progress { done, total, checkpoint });
        });
    }

    /// Reports how much is done, with a checkpoint from which a later attempt can go on. Both are stored at most once a
    /// second, so that a later attempt may find an older checkpoint.
    pub fn save_checkpoint(&self, done: u64, total: Option<u64>, checkpoint: String) {
        self.progress.send_replace(Some(Progress { done, total, checkpoint: Some(checkpoint) }));
    }
}

/// Why a handler is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Somebody cancelled the job.
    Cancelled,
    /// The process is shutting down. The job is handed back if its handler does not succeed in time.
    Shutdown,
    /// The lease is lost: nothing that the handler does is recorded any more.
    LeaseLost,
}

/// Says when a handler is to stop. It is stopped at its next `await` if it does not stop by itself soon.
#[derive(Clone, Debug)]
pub struct Cancellation(pub(crate) watch::Receiver<Option<StopReason>>);

impl Cancellation {
    /// Returns why the handler is to stop, if it is.
    pub fn reason(&self) -> Option<StopReason> {
        *self.0.borrow()
    }

    /// Returns once the handler is to stop.
    pub async fn requested(&self) -> StopReason {
        let mut reasons = self.0.clone();
        match reasons.wait_for(Option::is_some).await {
            Ok(reason) => reason.unwrap_or(StopReason::LeaseLost),
            // Whoever held the lease is gone.
            Err(_) => StopReason::LeaseLost,
        }
    }
}
