//! What names a claim.

use uuid::Uuid;

/// One claim of a job. Of several claims of the same job, only the latest can record an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub job: Uuid,
    /// The organization that the job belongs to.
    pub organization: Uuid,
    /// The number of the claim.
    pub number: i64,
}
