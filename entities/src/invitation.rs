//! An invitation, by mail, to become a member of an organization.
use super::{event::ActorKind, membership::Role};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The address that the invitation is bound to, in lower case.
    pub email: String,
    /// The name that the inviter suggests for a new account.
    pub display_name: Option<String>,
    pub role: Role,
    /// The sites of a manager or staff member, separated by commas.
    pub site_ids: Option<String>,
    /// The dossier of a client.
    pub client_id: Option<Uuid>,
    /// The BCP 47 tag of the language of the mail.
    pub locale: String,
    pub inviter_name: String,
    pub inviter_kind: ActorKind,
    /// The person of the inviter. The command line has none.
    pub inviter_id: Option<Uuid>,
    /// It is part of the link. Sending the invitation again raises it, so that only the newest link works.
    pub link_number: i32,
    pub created_at: DateTimeUtc,
    pub sent_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
