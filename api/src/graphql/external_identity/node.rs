//! The row of an account at an identity provider, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::external_identity::{Column, Entity, Model};

/// An account at an identity provider with which the viewer can sign in.
pub struct ExternalIdentity(pub Model);

impl Node for ExternalIdentity {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "externalidentity";

    const BASICS: &'static [Column] = &[Column::Id, Column::RemovedAt];

    fn of(row: Model) -> Option<Self> {
        row.removed_at.is_none().then_some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "linkedAt" => Reads::Only(&[Column::CreatedAt]),
            _ => Reads::Namesake,
        }
    }
}
