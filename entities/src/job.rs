//! Work that outlives the request that causes it: what a worker needs to lease it, and nothing of its content.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// Names the handler.
    pub kind: String,
    /// Among the unfinished jobs of an organization and a kind, no two have the same.
    pub unique_key: Option<String>,
    /// Higher runs first.
    pub priority: i16,
    pub state: State,
    /// The earliest time of the next attempt.
    pub run_at: DateTimeUtc,
    /// How many attempts have begun.
    pub attempts: i32,
    pub max_attempts: i32,
    /// Grows by one with each claim. Only the latest claim can record an outcome.
    pub lease_number: i64,
    /// The process that runs the job: set for, and only for, [`State::Running`].
    pub leased_by: Option<Uuid>,
    /// When another process may claim the job: set for, and only for, [`State::Running`].
    pub leased_until: Option<DateTimeUtc>,
    /// Whether the running handler is asked to stop.
    pub cancel_requested: bool,
    pub created_at: DateTimeUtc,
    /// When the latest attempt began.
    pub started_at: Option<DateTimeUtc>,
    /// Set for, and only for, jobs that are done, dead or cancelled.
    pub finished_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a job is in its life.
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
