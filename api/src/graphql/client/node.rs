//! The row of a client, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::client::{Column, Entity, Model};

/// A client: a person or company, and their dossier.
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
            "viewerCan" | "viewerCanUploadTo" => {
                Reads::Only(&[Column::Status, Column::StatusBeforeArchive, Column::HeldAt])
            }
            "legalHold" => Reads::Only(&[
                Column::HeldAt,
                Column::HoldReason,
                Column::HolderId,
                Column::HolderName,
                Column::HolderKind,
            ]),
            "documents" | "conversations" | "validationRequests" | "quotes" | "invoices" | "creditNotes"
            | "figures" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}
