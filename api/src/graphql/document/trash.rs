//! Mutations of deleted documents and of older versions.

use super::{Document, DocumentVersion, transfer};
use crate::graphql::{
    id::Id,
    payload::{UserErrorObject, payload},
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{reclaim::Discarded, trash, version};
use futures::FutureExt;

/// Input for restoring a document.
#[derive(InputObject)]
pub struct RestoreDocumentInput {
    /// The document in the trash.
    id: Id<Document>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for restoring a version.
#[derive(InputObject)]
pub struct RestoreDocumentVersionInput {
    /// The older version.
    version_id: Id<DocumentVersion>,
    /// The revision of the document that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for purging a document.
#[derive(InputObject)]
pub struct PurgeDocumentInput {
    /// The document in the trash.
    id: Id<Document>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

payload! {
    /// The result of restoring a document.
    RestoreDocumentPayload {
        /// The document after the change. Null if there are `userErrors`.
        document: Document
    }
}

payload! {
    /// The result of restoring a version.
    RestoreDocumentVersionPayload {
        /// The new version. Null if there are `userErrors`.
        version: DocumentVersion
    }
}

/// The result of purging a document.
pub struct PurgeDocumentPayload(Outcome);

impl From<Outcome> for PurgeDocumentPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of purging a document.
#[Object]
impl PurgeDocumentPayload {
    /// The id of the purged document. Null if there are `userErrors`.
    async fn purged_id(&self) -> Option<async_graphql::ID> {
        self.0.subject().map(|id| Id::<Document>::of(id).into())
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of the trash and of older versions, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct TrashMutation;

#[Object]
impl TrashMutation {
    /// Restores a document from the trash as it was, with all its complete versions. If a version was published, the client
    /// sees it again. Allowed for those who may delete the document.
    async fn restore_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document to restore.")] input: RestoreDocumentInput,
    ) -> Result<RestoreDocumentPayload, Error> {
        ctx.mutate(|tx| trash::restore(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Makes an older version of a document the newest again: it adds a version with the same bytes, which count only once.
    /// The older version stays, and the published version stays the same. Allowed for members of the agency who may upload
    /// a new version.
    async fn restore_document_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version to restore.")] input: RestoreDocumentVersionInput,
    ) -> Result<RestoreDocumentVersionPayload, Error> {
        ctx.mutate(|tx| version::restore(tx, input.version_id.uuid(), input.expected_revision).boxed()).await
    }

    /// Removes a document from the trash for good. Its bytes are deleted from the store, and then stop counting. A legal
    /// hold of the dossier and the retention of the zone refuse it with `CONFLICT`, and the message says why. Allowed for
    /// owners. It requires a recent proof of identity.
    async fn purge_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document to purge.")] input: PurgeDocumentInput,
    ) -> Result<PurgeDocumentPayload, Error> {
        let id = input.id.uuid();
        let outcome: Outcome = ctx.mutate(|tx| trash::purge(tx, id, input.expected_revision).boxed()).await?;
        if outcome.subject().is_some() {
            transfer::reclaim(ctx, Discarded::VersionsOf(id)).await;
        }
        Ok(outcome.into())
    }
}
