//! One line of a quote, invoice or credit note.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub invoice_id: Uuid,
    /// The position, starting at 1.
    pub position: i32,
    pub description: String,
    /// The quantity, in thousandths.
    pub quantity: i64,
    /// The unit price without VAT, in minor units.
    pub unit_price: i64,
    /// The VAT rate, in hundredths of a percent: 2000 is 20 %.
    pub vat_rate: i32,
    /// Quantity × unit price, rounded half up, in minor units.
    pub net_amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
