//! A thread of messages in a dossier ("chat Élio").
use crate::client;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub subject: String,
    pub status: Status,
    /// The assistant's analysis, for the agency alone.
    pub analysis: Option<String>,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Related<client::Entity> for Entity {
    fn to() -> RelationDef {
        Self::belongs_to(client::Entity).from(Column::ClientId).to(client::Column::Id).into()
    }
}

/// Whether a conversation takes messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// It takes messages.
    #[default]
    Open,
    /// It is read-only.
    Closed,
}
