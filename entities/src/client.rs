//! The person or company a dossier is about; the dossier itself.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub site_id: Option<Uuid>,
    pub name: String,
    /// The name without accents and case, by which both databases order alike.
    pub name_key: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub billing_address: Option<String>,
    pub track: Track,
    pub status: Status,
    /// What [`Status::Archived`] replaced, and restoring brings back.
    pub status_before_archive: Option<Status>,
    pub internal_notes: Option<String>,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which of the two portals the client follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Track {
    /// The laboratory: guided, many steps.
    #[default]
    Lab,
    /// One person, one project.
    One,
}

/// Where the agency stands with the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Not signed yet.
    #[default]
    Prospect,
    /// Work is under way.
    Active,
    /// Work rests.
    Paused,
    /// Closed: readable, but nothing new can be added until it is restored.
    Archived,
}
