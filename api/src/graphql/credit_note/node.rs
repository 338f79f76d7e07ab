//! The row of a credit note, and the columns that its fields read.

use crate::graphql::{
    invoice::BillingDocument,
    node::{Node, Reads},
};
use entities::invoice::{Column, Entity, Kind, Model};
use sea_orm::{ColumnTrait, Condition};

/// A credit note (avoir). It reduces the amount of an issued invoice. Its own amounts are positive.
pub struct CreditNote(pub Model);

impl Node for CreditNote {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "credit_note";

    const BASICS: &'static [Column] = BillingDocument::BASICS;

    fn of(row: Model) -> Option<Self> {
        (row.kind == Kind::CreditNote).then_some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn only() -> Condition {
        Condition::all().add(Column::Kind.eq(Kind::CreditNote))
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "invoice" => Reads::Only(&[Column::OriginId]),
            _ => BillingDocument::reads(field),
        }
    }
}
