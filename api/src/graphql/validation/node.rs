//! The rows of validation requests and of their steps, and the columns that their fields read.

use crate::graphql::node::{Node, Reads};
use entities::{
    validation_comment as comment,
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
            "documentVersions" => Reads::Only(&[Column::RoundId]),
            "quote" => Reads::Only(&[Column::QuoteId]),
            "message" => Reads::Only(&[Column::MessageId]),
            "previous" => Reads::Only(&[Column::PreviousId]),
            "overdue" => Reads::Only(&[Column::Status, Column::DueOn]),
            "client" => Reads::Only(&[Column::ClientId]),
            "history" | "comments" => Reads::Only(&[]),
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
            "documentVersions" => Reads::Only(&[step::Column::RoundId]),
            "quoteRevision" => Reads::Only(&[step::Column::QuoteRevision, step::Column::RequestId]),
            _ => Reads::Namesake,
        }
    }
}

/// A comment on a validation request. Comments never change.
pub struct ValidationComment(pub comment::Model);

impl Node for ValidationComment {
    type Entity = comment::Entity;
    type Row = comment::Model;

    const PREFIX: &'static str = "validation_comment";

    const BASICS: &'static [comment::Column] = &[comment::Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<comment::Column> {
        match field {
            "author" => Reads::Only(&[
                comment::Column::AuthorName,
                comment::Column::AuthorKind,
                comment::Column::AuthorId,
                comment::Column::ClientId,
            ]),
            "validationRequest" => Reads::Only(&[comment::Column::RequestId]),
            "documentVersion" => Reads::Only(&[comment::Column::DocumentVersionId]),
            _ => Reads::Namesake,
        }
    }
}
