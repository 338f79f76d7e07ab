//! The row of a session, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::session::{Column, Entity, Model};

/// A session: a sign-in on a device, or an access token for a script.
pub struct Session(pub Model);

impl Node for Session {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "session";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "current" => Reads::Only(&[]),
            "organization" => Reads::Only(&[Column::OrganizationId]),
            "lastUsedAt" => Reads::Only(&[Column::RefreshedAt, Column::CreatedAt]),
            _ => Reads::Namesake,
        }
    }
}
