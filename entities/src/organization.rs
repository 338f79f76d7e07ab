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
    /// The maximum number of bytes of its documents, with all versions. The platform sets it.
    pub storage_limit: i64,
    /// The number of days for which its events are kept.
    pub event_days: i32,
    pub revision: i32,
    /// The name in contracts and on invoices, if it is another one.
    pub legal_name: Option<String>,
    pub address: Option<String>,
    /// The number in the register of companies, such as a French SIREN or SIRET.
    pub registration_number: Option<String>,
    pub vat_number: Option<String>,
    /// The text that the law requires on invoices, such as the legal form and the share capital.
    pub legal_notice: Option<String>,
    pub suspended_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    /// The roles whose members must have a second factor, separated by spaces.
    pub required_factor_roles: Option<String>,
    /// The colour of its hub and portal, such as `#1f5fbf`.
    pub accent_color: Option<String>,
    /// The maximum number of bytes that its owners set, if it is less.
    pub own_storage_limit: Option<i64>,
    /// The number of days for which deleted documents stay in the trash.
    pub trash_days: i32,
    /// The numbers of days for which documents of some zones are retained, such as `INVOICES:3650 VISIOS:365`.
    pub zone_retention: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
