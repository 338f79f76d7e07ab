//! A message of a conversation.
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
    /// The last time at which the author changed the text.
    pub edited_at: Option<DateTimeUtc>,
    /// The time at which the message was deleted. Its text is empty then.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
