//! The rows of validation requests and of their steps, and the columns that their fields read.

use crate::graphql::node::{Node, Reads};
use entities::{
    validation_request::{Column, Entity, Model},
    validation_step as step,
};

/// A request that waits for a decision of the agency in the hub.
pub struct ValidationRequest(pub Model);

impl Node for ValidationRequest {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "validation_request";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "submittedBy" => Reads::Only(&[Column::SubmitterName]),
            "submitter" => {
                Reads::Only(&[Column::SubmitterName, Column::SubmitterKind, Column::SubmitterId, Column::ClientId])
            }
            "viewerCan" => Reads::Only(&[Column::ClientId, Column::Status, Column::Internal, Column::SubmitterId]),
            "assignee" => Reads::Only(&[Column::AssigneeId]),
            "documentVersion" => Reads::Only(&[Column::DocumentVersionId]),
            "client" => Reads::Only(&[Column::ClientId]),
            "history" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}

/// A step in the history of a validation request. Steps never change.
pub struct ValidationStep(pub step::Model);

impl Node for ValidationStep {
    type Entity = step::Entity;
    type Row = step::Model;

    const PREFIX: &'static str = "validation_step";

    const BASICS: &'static [step::Column] = &[step::Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<step::Column> {
        match field {
            "actor" => Reads::Only(&[
                step::Column::ActorName,
                step::Column::ActorKind,
                step::Column::ActorId,
                step::Column::ClientId,
            ]),
            "documentVersion" => Reads::Only(&[step::Column::DocumentVersionId]),
            _ => Reads::Namesake,
        }
    }
}
