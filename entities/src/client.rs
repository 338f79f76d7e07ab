//! The person or company that a dossier is about, and the dossier itself.
use crate::actor::ActorKind;
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
    /// The name without accents and case. Both databases sort it in the same order.
    pub name_key: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub billing_address: Option<String>,
    pub track: Track,
    pub status: Status,
    /// The status before [`Status::Archived`]. Restoring sets it again.
    pub status_before_archive: Option<Status>,
    pub internal_notes: Option<String>,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// When the legal hold was set. While there is one, nothing of the dossier is purged.
    pub held_at: Option<DateTimeUtc>,
    pub hold_reason: Option<String>,
    /// The person who set the hold.
    pub holder_id: Option<Uuid>,
    pub holder_name: Option<String>,
    pub holder_kind: Option<ActorKind>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The portal that the client uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Track {
    /// The laboratory: guided, with many steps.
    #[default]
    Lab,
    /// One person, one project.
    One,
}

/// The agency's relation with the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The client has not signed yet.
    #[default]
    Prospect,
    /// Work is in progress.
    Active,
    /// Work is paused.
    Paused,
    /// Closed. The dossier is readable, but takes no new content until it is restored.
    Archived,
}
