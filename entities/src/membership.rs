//! What a person is in an organization: a role, with its sites or its client.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub user_id: Uuid,
    pub role: Role,
    /// The dossier a client speaks for: set for, and only for, [`Role::Client`].
    pub client_id: Option<Uuid>,
    pub suspended_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a member is in the organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Everything an operator does; besides, members, sites, keys and settings.
    #[default]
    Owner,
    /// Works in the hub, on every dossier of the organization.
    Operator,
    /// As an operator, within the sites of the membership.
    Manager,
    /// Reads, uploads and posts within the sites of the membership; no private zone, no money.
    Staff,
    /// The person a dossier is about: sees the visible part of their own.
    Client,
}
