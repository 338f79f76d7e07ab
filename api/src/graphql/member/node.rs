//! The row of a member, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::membership::{Column, Entity, Model};

/// A person in one organization, with one role. A person may have several memberships.
pub struct Member(pub Model);

impl Node for Member {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "membership";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "displayName" | "email" | "hasFactor" => Reads::Only(&[Column::UserId]),
            "suspended" => Reads::Only(&[Column::SuspendedAt]),
            "client" => Reads::Only(&[Column::ClientId]),
            "sites" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}
