//! Mutations of documents.

use super::{Document, DocumentVersion, DocumentZone, transfer};
use crate::graphql::{id::Id, payload::payload, request::ContextExt};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{document, reclaim::Discarded};
use futures::FutureExt;

/// Input for publishing a document.
#[derive(InputObject)]
pub struct PublishDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The version to publish. The default is the newest complete version.
    version_id: Option<Id<DocumentVersion>>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for hiding a document.
#[derive(InputObject)]
pub struct UnpublishDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for moving a document.
#[derive(InputObject)]
pub struct MoveDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The new zone.
    zone: DocumentZone,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for renaming a document.
#[derive(InputObject)]
pub struct RenameDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The new name: 1 to 255 characters, without slashes and backslashes.
    name: String,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for deleting a document.
#[derive(InputObject)]
pub struct DeleteDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

payload! {
    /// The result of publishing a document.
    PublishDocumentPayload {
        /// The document after the change. Null if there are `userErrors`.
        document: Document
    }
}

payload! {
    /// The result of hiding a document.
    UnpublishDocumentPayload {
        /// The document after the change. Null if there are `userErrors`.
        document: Document
    }
}

payload! {
    /// The result of moving a document.
    MoveDocumentPayload {
        /// The document after the change. Null if there are `userErrors`.
        document: Document
    }
}

payload! {
    /// The result of renaming a document.
    RenameDocumentPayload {
        /// The document after the change. Null if there are `userErrors`.
        document: Document
    }
}

/// The result of deleting a document.
pub struct DeleteDocumentPayload(Outcome);

impl From<Outcome> for DeleteDocumentPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of deleting a document.
#[Object]
impl DeleteDocumentPayload {
    /// The id of the deleted document. Null if there are `userErrors`.
    async fn deleted_id(&self) -> Option<async_graphql::ID> {
        self.0.subject().map(|id| Id::<Document>::of(id).into())
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<crate::graphql::payload::UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// Publishes a version of a document to the client. A document in `PRIVATE` must be moved first.
    async fn publish_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document to publish.")] input: PublishDocumentInput,
    ) -> Result<PublishDocumentPayload, Error> {
        let version = input.version_id.map(Id::uuid);
        ctx.mutate(|tx| document::publish(tx, input.id.uuid(), version, input.expected_revision).boxed()).await
    }

    /// Hides a document from the client.
    async fn unpublish_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document to hide.")] input: UnpublishDocumentInput,
    ) -> Result<UnpublishDocumentPayload, Error> {
        ctx.mutate(|tx| document::unpublish(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Moves a document to another zone of the dossier. Moving it to `PRIVATE` hides it from the client.
    async fn move_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document, and its new zone.")] input: MoveDocumentInput,
    ) -> Result<MoveDocumentPayload, Error> {
        ctx.mutate(|tx| document::relocate(tx, input.id.uuid(), input.zone.into(), input.expected_revision).boxed())
            .await
    }

    /// Renames a document.
    async fn rename_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document, and its new name.")] input: RenameDocumentInput,
    ) -> Result<RenameDocumentPayload, Error> {
        let RenameDocumentInput { id, name, expected_revision } = input;
        ctx.mutate(move |tx| async move { document::rename(tx, id.uuid(), &name, expected_revision).await }.boxed())
            .await
    }

    /// Moves a document with all its versions to the trash. Its open uploads end, and the complete versions still count as
    /// stored. After `Organization.trashDays`, it is purged. A document without a complete version skips the trash.
    /// Clients may delete their own uploads while no validation request is about them. Staff may delete their own
    /// uploads while they are hidden.
    async fn delete_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document to delete.")] input: DeleteDocumentInput,
    ) -> Result<DeleteDocumentPayload, Error> {
        let id = input.id.uuid();
        let outcome: Outcome = ctx.mutate(|tx| document::delete(tx, id, input.expected_revision).boxed()).await?;
        if outcome.subject().is_some() {
            transfer::reclaim(ctx, Discarded::VersionsOf(id)).await;
        }
        Ok(outcome.into())
    }
}
