//! A person. It belongs to no organization, because their memberships say what they may do in each one.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The address, unique and in lower case.
    pub email: String,
    pub display_name: String,
    /// The Argon2id hash in PHC format. Without it, the person cannot sign in.
    pub password_hash: Option<String>,
    /// The BCP 47 tag of the language of mails. Without it, they are in the language of the organization.
    pub locale: Option<String>,
    pub created_at: DateTimeUtc,
    /// The sealed secret of the authenticator app. It is not a factor before it is confirmed.
    pub totp_secret: Option<String>,
    pub totp_confirmed_at: Option<DateTimeUtc>,
    /// The time step of the last code that was used. Codes of this step and of earlier ones are refused.
    pub totp_step: Option<i64>,
    /// The SHA-256 of the unused recovery codes, separated by spaces.
    pub recovery_codes: Option<String>,
    /// The passkeys as JSON. Null without any.
    pub passkeys: Option<String>,
    /// The number of wrong codes since the last right one.
    pub wrong_codes: i32,
    pub wrong_code_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
