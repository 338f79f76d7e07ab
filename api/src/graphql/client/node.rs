//! The row of a client, and what its fields read of it.

use crate::graphql::node::{Node, Reads};
use entities::client::{Column, Entity, Model};

/// The person or company a dossier is about; the dossier itself.
pub struct Client(pub Model);

impl Node for Client {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "client";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "site" => Reads::Only(&[Column::SiteId]),
            "documents" | "conversations" | "validationRequests" | "quotes" | "invoices" | "creditNotes"
            | "figures" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}
