//! A document version that a validation request is about, in one round of the request.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub request_id: Uuid,
    /// The step that began the round. The versions of a round never change.
    pub round_id: Uuid,
    /// Counts from 1 within the round.
    pub position: i32,
    pub document_id: Uuid,
    pub document_version_id: Uuid,
    /// The SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
}

impl ActiveModelBehavior for ActiveModel {}
