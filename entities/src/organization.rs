//! An agency, which is the tenant. Nothing crosses the border between two organizations.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unique name in commands and at sign-in.
    pub slug: String,
    pub name: String,
    /// The IANA name, such as `Europe/Paris`. The years of numbers and the days of deadlines are in this zone.
    pub time_zone: String,
    /// The ISO 4217 code.
    pub currency: String,
    /// The BCP 47 tag.
    pub locale: String,
    /// Whether nobody may decide a request that they submitted.
    pub four_eyes: bool,
    /// The maximum number of bytes of its documents, with all versions.
    pub storage_limit: i64,
    /// The number of days for which its events are kept.
    pub event_days: i32,
    pub suspended_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
