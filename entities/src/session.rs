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
    /// The person of the membership. Sessions that earlier versions opened during an upgrade do not have it.
    pub user_id: Option<Uuid>,
    /// The session from which this one was switched to another membership, or itself. Sessions of a family end together.
    pub family_id: Option<Uuid>,
    /// It is part of the refresh token, and is raised with each use of one, so that only the newest token works.
    pub refresh_number: i32,
    pub refreshed_at: Option<DateTimeUtc>,
    /// When the person last proved who they are.
    pub proven_at: Option<DateTimeUtc>,
    /// The device, as its person or its browser names it.
    pub device: Option<String>,
    /// The network from which it was last used, such as `192.0.2.0/24`.
    pub network: Option<String>,
    /// The account at an identity provider with which it began. If this is removed, the session ends.
    pub external_identity_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
