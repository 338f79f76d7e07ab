//! The row of a member, and what its fields read of it.

use crate::graphql::node::{Node, Reads};
use entities::membership::{Column, Entity, Model};

/// A person in one of their memberships: in the organization, with a role.
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
            "displayName" => Reads::Only(&[Column::UserId]),
            "suspended" => Reads::Only(&[Column::SuspendedAt]),
            _ => Reads::Namesake,
        }
    }
}
