//! A person's account at an identity provider, linked to their account here. It belongs to no organization, because it
//! identifies the person in all of them.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// The provider, as its tokens name it.
    pub issuer: String,
    /// The account at the provider. The provider never gives it to somebody else.
    pub subject: String,
    /// The address at the provider when it was linked, by which its person recognizes it. It identifies nobody.
    pub email: Option<String>,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
    /// When the link was removed. The row stays, so that the next sign-in does not link it again by the address.
    pub removed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
