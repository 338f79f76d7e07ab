//! Mutations of documents and uploads.

use super::{Document, DocumentVersion, DocumentZone, upload::RequestUploadPayload};
use crate::graphql::{
    client::Client,
    id::Id,
    payload::payload,
    request::{ContextExt, UploadContextExt, Verified},
    scalar::ByteCount,
};
use async_graphql::{Context, InputObject, Object, OneofObject};
use dossier_core::error::{Error, UserError};
use dossier_data::Outcome;
use dossier_domain::{
    check, document,
    reclaim::Discarded,
    upload::{self, NewUpload, Target},
    verification,
};
use futures::FutureExt;

/// Input for requesting an upload. `target` is required, unless its deprecated predecessors are given.
#[derive(InputObject)]
pub struct RequestUploadInput {
    /// The target of the file: a new document, or a new version of a document.
    target: Option<UploadTargetInput>,
    /// The client whose dossier gets a new document.
    #[graphql(deprecation = "Use `target`.")]
    client_id: Option<Id<Client>>,
    /// The zone of the new document.
    #[graphql(deprecation = "Use `target`.")]
    zone: Option<DocumentZone>,
    /// The name of the new document.
    #[graphql(deprecation = "Use `target`.")]
    name: Option<String>,
    /// The document that gets a new version.
    #[graphql(deprecation = "Use `target`.")]
    document_id: Option<Id<Document>>,
    /// The media type (RFC 6838), such as `application/pdf`. The server compares it with the bytes.
    content_type: String,
    /// The size in bytes, at most 5 GiB. The server compares it with the bytes.
    size: ByteCount,
    /// The SHA-256 of the bytes in hexadecimal. The server compares it with the bytes.
    sha256: String,
}

/// The target of an upload.
#[derive(OneofObject)]
pub enum UploadTargetInput {
    /// A new document.
    NewDocument(NewDocumentInput),
    /// A new version of this document.
    NewVersionOf(Id<Document>),
}

/// A document that an upload creates.
#[derive(InputObject)]
pub struct NewDocumentInput {
    /// The client whose dossier it belongs to.
    client_id: Id<Client>,
    /// The zone. Clients upload to `DOCUMENTS` and `ASSETS`, and staff to all zones except `PRIVATE` and `INVOICES`.
    zone: DocumentZone,
    /// The name with its extension: 1 to 200 characters, without slashes and backslashes.
    name: String,
}

/// Input for completing an upload.
#[derive(InputObject)]
pub struct CompleteUploadInput {
    /// The version in the result of `requestUpload`.
    version_id: Id<DocumentVersion>,
}

/// Input for cancelling an upload.
#[derive(InputObject)]
pub struct CancelUploadInput {
    /// The version in the result of `requestUpload`.
    version_id: Id<DocumentVersion>,
}

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
    /// The new name: 1 to 200 characters, without slashes and backslashes.
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
    /// The result of completing an upload.
    CompleteUploadPayload {
        /// The document, which is `READY` or `VERIFYING`. Null if there are `userErrors`.
        document: Document
    }
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

/// The result of cancelling an upload.
pub struct CancelUploadPayload(Outcome);

impl From<Outcome> for CancelUploadPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of cancelling an upload.
#[Object]
impl CancelUploadPayload {
    /// The id of the deleted version. Null if there are `userErrors`.
    async fn cancelled_id(&self) -> Option<async_graphql::ID> {
        self.0.subject().map(|id| Id::<DocumentVersion>::of(id).into())
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<crate::graphql::payload::UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
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
    /// Requests an upload and returns signed URLs for it. The bytes are sent to these URLs, and never through this API.
    /// Then call `completeUpload`. The announced size counts as stored from now on. An upload is open for 24 hours.
    /// When it expires or is cancelled with `cancelUpload`, its bytes stop counting. A member may have 100 open
    /// uploads, which may hold a quarter of the organization's remaining storage. The open uploads to one dossier may
    /// hold half of it. Both may always hold 1 MiB. An upload beyond these limits fails with `CONFLICT`.
    async fn request_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file to upload.")] input: RequestUploadInput,
    ) -> Result<RequestUploadPayload, Error> {
        let target = match target(&input) {
            Ok(target) => target,
            Err(user_error) => return Ok(Outcome::Refused(user_error).into()),
        };
        let new = NewUpload { target, content_type: input.content_type, size: input.size.0, sha256: input.sha256 };
        let outcome: Outcome = ctx.mutate(|tx| upload::request(tx, new).boxed()).await?;
        let Some(version) = outcome.subject() else { return Ok(outcome.into()) };
        match ctx.open_upload(version).await {
            Ok(()) => Ok(outcome.into()),
            Err(Error::User(user_error)) => Ok(Outcome::Refused(user_error).into()),
            Err(other) => Err(other),
        }
    }

    /// Completes an upload after all bytes were sent. The server compares the bytes with the announced size, media type
    /// and SHA-256. Files of up to 8 MiB are usually `READY` in the response. Larger files are `VERIFYING`, and then
    /// the event `DOCUMENT_UPLOADED` or `DOCUMENT_UPLOAD_FAILED` arrives. Documents that a client uploads are visible
    /// at once. Documents that the agency uploads are hidden until they are published.
    async fn complete_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload to complete.")] input: CompleteUploadInput,
    ) -> Result<CompleteUploadPayload, Error> {
        let id = input.version_id.uuid();
        match ctx.verify_upload(id).await {
            Ok(Verified::Now) => ctx.mutate(|tx| upload::complete(tx, id).boxed()).await,
            Ok(Verified::Later) => ctx.mutate(|tx| verification::begin_verification(tx, id).boxed()).await,
            Err(Error::User(user_error)) => Ok(Outcome::Refused(user_error).into()),
            Err(other) => Err(other),
        }
    }

    /// Cancels an open upload. Its URLs stop working, the received bytes are deleted, and its size stops counting. A
    /// document without a complete version is also deleted, unless it has another open upload. Owners, operators and
    /// managers may cancel any upload that they see. Staff and clients may cancel only uploads that they requested.
    async fn cancel_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload to cancel.")] input: CancelUploadInput,
    ) -> Result<CancelUploadPayload, Error> {
        let id = input.version_id.uuid();
        let outcome: Outcome = ctx.mutate(|tx| upload::cancel(tx, id).boxed()).await?;
        if outcome.subject().is_some() {
            ctx.reclaim(Discarded::Version(id)).await;
        }
        Ok(outcome.into())
    }

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

    /// Deletes a document with all its versions. Their bytes are deleted from the store, and then stop counting.
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
            ctx.reclaim(Discarded::VersionsOf(id)).await;
        }
        Ok(outcome.into())
    }
}

fn target(input: &RequestUploadInput) -> Result<Target, UserError> {
    let (document, client, zone) = (input.document_id, input.client_id, input.zone);
    let name = check::given(input.name.as_deref());
    match &input.target {
        None => flat_target(document, client, zone, name),
        Some(_) if document.is_some() || client.is_some() || zone.is_some() || name.is_some() => {
            Err(UserError::invalid("target", "must not be given together with its deprecated predecessors"))
        }
        Some(UploadTargetInput::NewVersionOf(document)) => Ok(Target::Version { document: document.uuid() }),
        Some(UploadTargetInput::NewDocument(new)) => {
            Ok(Target::New { client: new.client_id.uuid(), zone: new.zone.into(), name: new.name.clone() })
        }
    }
}

/// Returns the target in the deprecated fields.
fn flat_target(
    document: Option<Id<Document>>,
    client: Option<Id<Client>>,
    zone: Option<DocumentZone>,
    name: Option<&str>,
) -> Result<Target, UserError> {
    match (document, client, zone, name) {
        (Some(document), None, None, None) => Ok(Target::Version { document: document.uuid() }),
        (None, Some(client), Some(zone), Some(name)) => {
            Ok(Target::New { client: client.uuid(), zone: zone.into(), name: name.to_owned() })
        }
        (Some(_), ..) => Err(UserError::invalid(
            "document_id",
            "must be given alone; for a new document, give `clientId`, `zone` and `name`",
        )),
        (None, None, None, None) => Err(UserError::invalid("target", "must be given")),
        (None, None, ..) => Err(UserError::invalid("client_id", "give `clientId`, `zone` and `name`, or `documentId`")),
        (None, _, None, _) => Err(UserError::invalid("zone", "a new document needs a zone")),
        (None, _, _, None) => Err(UserError::invalid("name", "a new document needs a name")),
    }
}
