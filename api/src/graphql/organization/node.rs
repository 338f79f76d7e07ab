//! The row of a site, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::site;

/// A site of an agency.
pub struct Site(pub site::Model);

impl Node for Site {
    type Entity = site::Entity;
    type Row = site::Model;

    const PREFIX: &'static str = "site";

    const BASICS: &'static [site::Column] = &[site::Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<site::Column> {
        match field {
            "closed" => Reads::Only(&[site::Column::ClosedAt]),
            _ => Reads::Namesake,
        }
    }
}
