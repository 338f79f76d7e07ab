//! The queue's own recurring work.

use crate::{
    Every, JobContext, JobError, JobKind, KindOptions, Missed, QueueDatabase, QueueTransaction, QueueViewer, Recurring,
    Retention, delete_finished,
};
use serde::{Deserialize, Serialize};

/// How many jobs one transaction deletes.
const BATCH: u32 = 500;

/// Deletes the finished jobs of an organization that have been kept for long enough.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DeleteFinishedJobs {}

impl JobKind for DeleteFinishedJobs {
    const NAME: &'static str = "jobs.delete_finished";

    const OPTIONS: KindOptions = KindOptions::MAINTENANCE;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl DeleteFinishedJobs {
    /// Declares that it runs every six hours.
    pub fn recurring() -> Recurring {
        Recurring::new(Self::NAME, Every::Hours(6), Missed::MakeUp, |_| Self {})
    }

    /// Runs the job.
    pub async fn run<D: QueueDatabase>(database: D, _: Self, context: JobContext) -> Result<(), JobError> {
        let organization = context.organization();
        loop {
            let tx = database.begin_write(QueueViewer::System(organization)).await?;
            let deleted = delete_finished(&tx, tx.now(), organization, Retention::default(), BATCH).await?;
            tx.commit().await?;
            if deleted < u64::from(BATCH) {
                return Ok(());
            }
        }
    }
}
