//! The membership of a person in an organization: a role, with its sites or its client.
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
    /// The dossier of a client. It is set if, and only if, the role is [`Role::Client`].
    pub client_id: Option<Uuid>,
    pub suspended_at: Option<DateTimeUtc>,
    /// When the member was removed or left. The row stays for the requests that are assigned to it, and is suspended.
    pub removed_at: Option<DateTimeUtc>,
    /// Whether it is the membership of an API key, and not of a person.
    pub api_key: bool,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// The role of a member in the organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Does all that an operator does, and manages members, sites, keys and settings.
    #[default]
    Owner,
    /// Works in the hub, on all dossiers of the organization.
    Operator,
    /// Works as an operator, within the sites of the membership.
    Manager,
    /// Reads, uploads and posts within the sites of the membership, but sees no private zone and no money.
    Staff,
    /// The person of a dossier, who sees its visible part.
    Client,
}
