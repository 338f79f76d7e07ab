//! The rows of documents and their versions, and the columns that their fields read.

use crate::graphql::node::{Node, Reads};
use entities::{
    document::{self, Column, Entity},
    document_version as version,
};

/// A file in a zone of a dossier, with its versions.
pub struct Document(pub document::Model);

impl Node for Document {
    type Entity = Entity;
    type Row = document::Model;

    const PREFIX: &'static str = "document";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "client" => Reads::Only(&[Column::ClientId]),
            "visible" | "publishedVersion" => Reads::Only(&[Column::PublishedVersionId]),
            "uploadedBy" => Reads::Only(&[Column::UploaderName]),
            "uploader" => {
                Reads::Only(&[Column::UploaderName, Column::UploaderKind, Column::UploaderId, Column::ClientId])
            }
            "viewerCan" => Reads::Only(&[
                Column::ClientId,
                Column::Zone,
                Column::Status,
                Column::PublishedVersionId,
                Column::UploaderId,
                Column::DeletedAt,
            ]),
            "deletedBy" => {
                Reads::Only(&[Column::DeleterName, Column::DeleterKind, Column::DeleterId, Column::ClientId])
            }
            "purgeAt" => Reads::Only(&[Column::OrganizationId, Column::DeletedAt]),
            "purgeBlockedBy" => Reads::Only(&[Column::ClientId, Column::Zone, Column::DeletedAt]),
            "latestVersion" | "versions" | "upload" => Reads::Only(&[]),
            "safeName" => Reads::Only(&[Column::Name]),
            _ => Reads::Namesake,
        }
    }
}

/// A version of a document. Its bytes never change.
pub struct DocumentVersion(pub version::Model);

impl Node for DocumentVersion {
    type Entity = version::Entity;
    type Row = version::Model;

    const PREFIX: &'static str = "document_version";

    const BASICS: &'static [version::Column] = &[version::Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<version::Column> {
        match field {
            "document" => Reads::Only(&[version::Column::DocumentId]),
            "viewerCan" => Reads::Only(&[
                version::Column::Status,
                version::Column::UploaderId,
                version::Column::ClientId,
                version::Column::DocumentId,
                version::Column::Number,
            ]),
            "uploadedBy" => Reads::Only(&[version::Column::UploaderName]),
            "recognizedContentType" => Reads::Only(&[version::Column::RecognizedType]),
            "upload" => Reads::Only(&[
                version::Column::Status,
                version::Column::UploaderId,
                version::Column::StorageKey,
                version::Column::UploadId,
                version::Column::Size,
                version::Column::CreatedAt,
                version::Column::SweepAt,
            ]),
            "uploader" => Reads::Only(&[
                version::Column::UploaderName,
                version::Column::UploaderKind,
                version::Column::UploaderId,
                version::Column::ClientId,
            ]),
            "download" => Reads::Only(&[
                version::Column::Status,
                version::Column::DocumentId,
                version::Column::StorageKey,
                version::Column::ContentType,
            ]),
            _ => Reads::Namesake,
        }
    }
}
