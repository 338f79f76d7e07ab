//! The row of a quote, and the columns that its fields read.

use crate::graphql::{
    invoice::BillingDocument,
    node::{Node, Reads},
};
use entities::invoice::{Column, Entity, Kind, Model};
use sea_orm::{ColumnTrait, Condition};

/// A quote (devis): an offer to a client.
pub struct Quote(pub Model);

impl Node for Quote {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "quote";

    const BASICS: &'static [Column] = BillingDocument::BASICS;

    fn of(row: Model) -> Option<Self> {
        (row.kind == Kind::Quote).then_some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn only() -> Condition {
        Condition::all().add(Column::Kind.eq(Kind::Quote))
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "expired" => Reads::Only(&[Column::Status, Column::ValidUntil]),
            "invoice" => Reads::Only(&[]),
            _ => BillingDocument::reads(field),
        }
    }
}
