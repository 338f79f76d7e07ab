//! Quotes, invoices and credit notes. They share one table with a `kind`, because they are numbered, frozen and
//! totalled in the same way.
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
    /// The number without gaps per organization, kind and year. It is set when issued.
    pub sequence: Option<i32>,
    pub title: String,
    pub note: Option<String>,
    /// The ISO 4217 code.
    pub currency: String,
    pub issued_on: Option<Date>,
    /// The last day to pay an invoice.
    pub due_on: Option<Date>,
    /// The last day to accept a quote.
    pub valid_until: Option<Date>,
    /// The quote that an invoice was made from, or the invoice that a credit note corrects.
    pub origin_id: Option<Uuid>,
    /// The sum of the lines without VAT, in minor units. The next four columns are in minor units, too.
    pub net_total: i64,
    pub vat_total: i64,
    pub total: i64,
    /// The payments for an invoice, less reversals.
    pub paid_total: i64,
    /// The issued credit notes for an invoice.
    pub credited_total: i64,
    /// The client's reason for refusing a quote.
    pub refusal_reason: Option<String>,
    /// The time at which the client accepted or refused a quote.
    pub decided_at: Option<DateTimeUtc>,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// The time at which a draft was deleted.
    pub deleted_at: Option<DateTimeUtc>,
    /// The number and the title, without accents and case.
    pub search_key: String,
    /// The last day to pay or to accept, or a day after all others. Lists are sorted by it.
    pub due_order: Date,
    /// The year and the sequence in one number, or a number after all others. Lists are sorted by it.
    pub number_order: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// The kind of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    #[default]
    Quote,
    Invoice,
    CreditNote,
}

/// The status of a document. A check constraint says which statuses a kind may have.
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
