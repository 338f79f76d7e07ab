//! A job: work that outlives the request that caused it. The row holds what a worker needs to lease the job, and
//! nothing of its content.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The name of the handler.
    pub kind: String,
    /// No two unfinished jobs of an organization and a kind have the same key.
    pub unique_key: Option<String>,
    /// The priority. Jobs with a higher one run first.
    pub priority: i16,
    pub state: State,
    /// The earliest time of the next attempt.
    pub run_at: DateTimeUtc,
    /// The number of attempts that have begun.
    pub attempts: i32,
    pub max_attempts: i32,
    /// The number of claims. Only the latest claim can record an outcome.
    pub lease_number: i64,
    /// The process that runs the job. It is set if, and only if, the state is [`State::Running`].
    pub leased_by: Option<Uuid>,
    /// The time from which another process may claim the job. It is set if, and only if, the state is
    /// [`State::Running`].
    pub leased_until: Option<DateTimeUtc>,
    /// Whether the running handler is asked to stop.
    pub cancel_requested: bool,
    pub created_at: DateTimeUtc,
    /// The start of the latest attempt.
    pub started_at: Option<DateTimeUtc>,
    /// It is set if, and only if, the job is done, dead or cancelled.
    pub finished_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The state of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Waits for `run_at` and a free worker.
    #[default]
    Queued,
    /// A process holds its lease.
    Running,
    /// Its handler succeeded.
    Done,
    /// It failed for the last time. It is kept with its error until the operator retries or discards it.
    Dead,
    /// It was cancelled before it succeeded.
    Cancelled,
}
