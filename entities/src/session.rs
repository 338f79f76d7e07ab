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
    /// The scopes that limit the session, separated by spaces. Without a limit, it has all scopes of the role.
    pub scopes: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
