//! A message of a conversation. It never changes.
use crate::event::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub conversation_id: Uuid,
    pub author_kind: ActorKind,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub body: String,
    /// Whether only the agency sees it.
    pub internal: bool,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
