//! The row of a credit note, and what its fields read of it.

use crate::graphql::{
    invoice::Bill,
    node::{Node, Reads},
};
use entities::invoice::{Column, Entity, Kind, Model};
use sea_orm::{ColumnTrait, Condition};

/// What is taken off an issued invoice (avoir); its amounts are positive.
pub struct CreditNote(pub Model);

impl Node for CreditNote {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "credit_note";

    const BASICS: &'static [Column] = Bill::BASICS;

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
            _ => Bill::reads(field),
        }
    }
}
