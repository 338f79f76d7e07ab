//! A comment on a validation request.
use crate::actor::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_comment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub request_id: Uuid,
    /// The version that the comment is about, if it is about one.
    pub document_version_id: Option<Uuid>,
    pub body: String,
    /// Whether only the agency reads it.
    pub internal: bool,
    /// The keys of the mentioned memberships, separated by blanks.
    pub mentions: String,
    pub author_kind: ActorKind,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
