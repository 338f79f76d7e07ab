//! A payment for an invoice, or the reversal of a payment.
use crate::actor::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub invoice_id: Uuid,
    /// The amount in minor units. It is negative for a reversal.
    pub amount: i64,
    pub method: Method,
    pub received_on: Date,
    pub reference: Option<String>,
    /// The payment that this one reverses. A payment is reversed at most once.
    pub reverses_id: Option<Uuid>,
    pub reason: Option<String>,
    /// The person. Payments from before this column have none.
    pub recorder_id: Option<Uuid>,
    pub recorder_name: String,
    pub recorder_kind: ActorKind,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// The method of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// Credit transfer ("virement").
    #[default]
    Transfer,
    /// Payment card.
    Card,
    /// Direct debit ("prélèvement").
    DirectDebit,
    /// Cheque.
    Cheque,
    /// Notes and coins.
    Cash,
}
