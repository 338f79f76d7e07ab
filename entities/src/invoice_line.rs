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
    /// Counts from 1.
    pub position: i32,
    pub description: String,
    /// In thousandths.
    pub quantity: i64,
    /// In minor units, without VAT.
    pub unit_price: i64,
    /// In hundredths of a percent: 2000 is 20 %.
    pub vat_rate: i32,
    /// Quantity × unit price, rounded half up, in minor units.
    pub net_amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
