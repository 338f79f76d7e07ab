//! The row of an invitation, and the columns that its fields read.

use crate::graphql::node::{Node, Reads};
use entities::invitation::{Column, Entity, Model};

/// An invitation by mail to become a member of the organization.
pub struct Invitation(pub Model);

impl Node for Invitation {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "invitation";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "status" => Reads::Only(&[Column::AcceptedAt, Column::RevokedAt, Column::ExpiresAt]),
            "sites" => Reads::Only(&[Column::SiteIds]),
            "client" => Reads::Only(&[Column::ClientId]),
            "inviter" => Reads::Only(&[Column::InviterId, Column::InviterName, Column::InviterKind, Column::ClientId]),
            _ => Reads::Namesake,
        }
    }
}
