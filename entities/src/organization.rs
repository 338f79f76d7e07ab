//! Who pays for the service; nothing crosses its border.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Names it in commands and at sign-in; unique.
    pub slug: String,
    pub name: String,
    /// IANA name, such as `Europe/Paris`: the years of numbers and the days of deadlines are in this zone.
    pub time_zone: String,
    /// ISO 4217 code.
    pub currency: String,
    /// BCP 47 tag.
    pub locale: String,
    /// Whoever submitted a request may not decide it.
    pub four_eyes: bool,
    /// The most bytes that its documents may take, all versions together.
    pub storage_limit: i64,
    /// For how many days its events are kept.
    pub event_days: i32,
    pub suspended_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
