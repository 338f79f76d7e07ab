//! The content of a job, which no worker sees before it runs the job for its organization.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_detail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: Uuid,
    pub organization_id: Uuid,
    /// The arguments of the handler, as JSON.
    pub payload: String,
    /// The membership on whose behalf the job runs. Without one it runs on behalf of the organization.
    pub caused_by: Option<Uuid>,
    /// What the session was limited to that caused the job, as in `session.scopes`.
    pub scopes: Option<String>,
    pub progress_done: i64,
    /// The total, in the same unit as `progress_done`. Null until the handler gives it.
    pub progress_total: Option<i64>,
    /// The checkpoint from which the next attempt continues, in the format of the handler.
    pub checkpoint: Option<String>,
    /// The error of the latest failed attempt.
    pub error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
