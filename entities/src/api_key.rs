//! An API key of an organization, with which a script calls the API. Its id is also the id of its session.
use super::event::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The account as which the key acts. Nobody can sign in with it.
    pub user_id: Uuid,
    pub name: String,
    /// The first characters of the token, by which a person recognizes it.
    pub token_start: String,
    /// The SHA-256 of the token in hexadecimal. The token is random enough that nobody can guess it from a fast hash.
    pub token_hash: String,
    /// Random text from which, with the server's secret, the token follows.
    pub token_salt: String,
    /// The scopes of the key, separated by spaces.
    pub scopes: String,
    /// The site to which the key is limited.
    pub site_id: Option<Uuid>,
    /// The networks from which the key can be used, separated by spaces. Without them, it can be used from everywhere.
    pub networks: Option<String>,
    pub creator_name: String,
    pub creator_kind: ActorKind,
    /// The person who created the key. The command line has none.
    pub creator_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    /// When the key was last used, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// The network from which it was last used, such as `192.0.2.0/24`.
    pub last_network: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
