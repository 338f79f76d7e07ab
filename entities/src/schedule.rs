//! How far the recurring work of an organization has come.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// Names the recurring work, which is declared in code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The last occurrence that was enqueued or skipped. Later ones are still to come.
    pub last_occurrence_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
