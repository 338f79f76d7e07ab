//! The row of an invoice, and the columns that its fields read.

use super::billing_document::BillingDocument;
use crate::graphql::node::{Node, Reads};
use entities::invoice::{Column, Entity, Kind, Model};
use sea_orm::{ColumnTrait, Condition};

/// An invoice (facture).
pub struct Invoice(pub Model);

impl Node for Invoice {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "invoice";

    const BASICS: &'static [Column] = BillingDocument::BASICS;

    fn of(row: Model) -> Option<Self> {
        (row.kind == Kind::Invoice).then_some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn only() -> Condition {
        Condition::all().add(Column::Kind.eq(Kind::Invoice))
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "overdue" => {
                Reads::Only(&[Column::Status, Column::DueOn, Column::Total, Column::PaidTotal, Column::CreditedTotal])
            }
            "amountDue" => Reads::Only(&[Column::Status, Column::Total, Column::PaidTotal, Column::CreditedTotal]),
            "quote" => Reads::Only(&[Column::OriginId]),
            "payments" | "creditNotes" => Reads::Only(&[]),
            _ => BillingDocument::reads(field),
        }
    }
}
