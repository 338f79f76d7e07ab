//! The row of a payment, and what its fields read of it.

use crate::graphql::node::{Node, Reads};
use entities::payment::{Column, Entity, Model};

/// Money that came in for an invoice, or the reversal of it. Neither ever changes.
pub struct Payment(pub Model);

impl Node for Payment {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "payment";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "amount" => Reads::Only(&[Column::Amount, Column::InvoiceId]),
            "reverses" => Reads::Only(&[Column::ReversesId]),
            "invoice" => Reads::Only(&[Column::InvoiceId]),
            "recordedBy" => Reads::Only(&[Column::RecorderName]),
            "reversedBy" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}
