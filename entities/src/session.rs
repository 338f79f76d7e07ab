//! A session, which a sign-in opens. An access token names its session, so that ending the session ends the token.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub membership_id: Uuid,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// What the session is limited to, as names with a space between them. None: to what the role may do.
    pub scopes: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
