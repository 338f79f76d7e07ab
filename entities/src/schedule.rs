//! The progress of an organization's recurring jobs.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// The name of the recurring job, which is declared in code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The last occurrence that was enqueued or skipped.
    pub last_occurrence_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
