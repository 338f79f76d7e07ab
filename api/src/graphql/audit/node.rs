//! The row of an audit entry, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::audit_entry::{Column, Entity, Model};

/// An entry of the audit log.
pub struct AuditEntry(pub Model);

impl Node for AuditEntry {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "audit_entry";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "outcome" | "subjectType" => Reads::Only(&[Column::Action]),
            "refusalReason" => Reads::Only(&[Column::Refusal]),
            "actor" => Reads::Only(&[Column::ActorKind, Column::ActorId, Column::ClientId]),
            "apiKey" | "sessionId" => Reads::Only(&[Column::SessionId]),
            "subjectId" => Reads::Only(&[Column::Action, Column::SubjectId]),
            "client" => Reads::Only(&[Column::ClientId]),
            "changedFields" => Reads::Only(&[Column::Changed]),
            "subjectName" | "network" | "device" | "note" | "changes" | "detailErased" => Reads::Only(&[Column::Id]),
            _ => Reads::Namesake,
        }
    }
}
