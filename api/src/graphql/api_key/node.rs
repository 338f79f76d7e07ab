//! The row of an API key, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::api_key::{Column, Entity, Model};

/// An API key, with which a script calls the API.
pub struct ApiKey(pub Model);

impl Node for ApiKey {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "apikey";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "status" => Reads::Only(&[Column::RevokedAt, Column::ExpiresAt]),
            "site" => Reads::Only(&[Column::SiteId]),
            "creator" => Reads::Only(&[Column::CreatorId, Column::CreatorName, Column::CreatorKind]),
            _ => Reads::Namesake,
        }
    }
}
