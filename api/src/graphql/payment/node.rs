//! The row of a payment, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::payment::{Column, Entity, Model};

/// A payment of an invoice, or the reversal of a payment. Neither ever changes.
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
            "viewerCan" => Reads::Only(&[Column::InvoiceId, Column::ClientId, Column::ReversesId]),
            "reverses" => Reads::Only(&[Column::ReversesId]),
            "invoice" => Reads::Only(&[Column::InvoiceId]),
            "recorder" => {
                Reads::Only(&[Column::RecorderName, Column::RecorderKind, Column::RecorderId, Column::ClientId])
            }
            "recordedBy" => Reads::Only(&[Column::RecorderName]),
            "reversedBy" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}
