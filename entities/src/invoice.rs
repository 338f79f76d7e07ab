//! Quotes, invoices and credit notes: one table, told apart by `kind`, for they are numbered, frozen and totalled alike.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub kind: Kind,
    pub status: Status,
    /// The year of the number, in the organization's time zone; set when issued.
    pub year: Option<i32>,
    /// Without gaps per organization, kind and year; set when issued.
    pub sequence: Option<i32>,
    pub title: String,
    pub note: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    pub issued_on: Option<Date>,
    /// Of an invoice: the last day to pay.
    pub due_on: Option<Date>,
    /// Of a quote: the last day to accept.
    pub valid_until: Option<Date>,
    /// Of an invoice: the quote it was made from. Of a credit note: the invoice it corrects.
    pub origin_id: Option<Uuid>,
    /// Sum of the lines without VAT, in minor units; so are the next four.
    pub net_total: i64,
    pub vat_total: i64,
    pub total: i64,
    /// Of an invoice: payments less reversals.
    pub paid_total: i64,
    /// Of an invoice: issued credit notes.
    pub credited_total: i64,
    /// Of a quote: why the client refused it.
    pub refusal_reason: Option<String>,
    /// Of a quote: when the client accepted or refused it.
    pub decided_at: Option<DateTimeUtc>,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which of the three a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    #[default]
    Quote,
    Invoice,
    CreditNote,
}

/// Where it stands; which states a kind knows is said by a check constraint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    #[default]
    Draft,
    Issued,
    Accepted,
    Refused,
    PartiallyPaid,
    Paid,
}
