//! Uploading, publishing, moving and deleting documents.

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

/// A file to upload. `target` is required, unless one of its deprecated predecessors is given.
#[derive(InputObject)]
pub struct RequestUploadInput {
    /// Where the file goes: to a new document, or to a new version of a document.
    target: Option<UploadTargetInput>,
    /// The dossier that gets a new document.
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
    /// Media type (RFC 6838), such as `application/pdf`; compared with the bytes.
    content_type: String,
    /// In bytes, at most 5 GiB; compared with the bytes.
    size: ByteCount,
    /// SHA-256 of the bytes, in hexadecimal; compared with the bytes.
    sha256: String,
}

/// Where an upload goes.
#[derive(OneofObject)]
pub enum UploadTargetInput {
    /// A new document.
    NewDocument(NewDocumentInput),
    /// A new version of this document.
    NewVersionOf(Id<Document>),
}

/// A document that an upload makes.
#[derive(InputObject)]
pub struct NewDocumentInput {
    /// The dossier that it belongs to.
    client_id: Id<Client>,
    /// Its zone. Clients upload to `DOCUMENTS` and `ASSETS`, staff to all zones except `PRIVATE` and `INVOICES`.
    zone: DocumentZone,
    /// Its name, with the extension: 1 to 200 characters, without slashes and backslashes.
    name: String,
}

/// Which upload is complete.
#[derive(InputObject)]
pub struct CompleteUploadInput {
    /// The version that `requestUpload` gave.
    version_id: Id<DocumentVersion>,
}

/// Which upload to end.
#[derive(InputObject)]
pub struct CancelUploadInput {
    /// The version that `requestUpload` gave.
    version_id: Id<DocumentVersion>,
}

/// What to show to the client.
#[derive(InputObject)]
pub struct PublishDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The version to show; by default the newest complete one.
    version_id: Option<Id<DocumentVersion>>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to hide from the client.
#[derive(InputObject)]
pub struct UnpublishDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to move where.
#[derive(InputObject)]
pub struct MoveDocumentInput {
    /// The document.
    id: Id<Document>,
    /// Its new zone.
    zone: DocumentZone,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to rename.
#[derive(InputObject)]
pub struct RenameDocumentInput {
    /// The document.
    id: Id<Document>,
    /// Its new name; 1 to 200 characters, no slash or backslash.
    name: String,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// What to delete.
#[derive(InputObject)]
pub struct DeleteDocumentInput {
    /// The document.
    id: Id<Document>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

payload! {
    /// What came of completing an upload.
    CompleteUploadPayload {
        /// The document, `READY` or `VERIFYING`; null when there are `userErrors`.
        document: Document
    }
}

payload! {
    /// What came of publishing a document.
    PublishDocumentPayload {
        /// The document as it is now; null when there are `userErrors`.
        document: Document
    }
}

payload! {
    /// What came of hiding a document.
    UnpublishDocumentPayload {
        /// The document as it is now; null when there are `userErrors`.
        document: Document
    }
}

payload! {
    /// What came of moving a document.
    MoveDocumentPayload {
        /// The document as it is now; null when there are `userErrors`.
        document: Document
    }
}

payload! {
    /// What came of renaming a document.
    RenameDocumentPayload {
        /// The document as it is now; null when there are `userErrors`.
        document: Document
    }
}

/// The outcome of cancelling an upload.
pub struct CancelUploadPayload(Outcome);

impl From<Outcome> for CancelUploadPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The outcome of cancelling an upload.
#[Object]
impl CancelUploadPayload {
    /// The id of the version that is gone; null when there are `userErrors`.
    async fn cancelled_id(&self) -> Option<async_graphql::ID> {
        self.0.subject().map(|id| Id::<DocumentVersion>::of(id).into())
    }

    /// Why nothing was done; empty when it was.
    async fn user_errors(&self) -> Vec<crate::graphql::payload::UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// What came of deleting a document.
pub struct DeleteDocumentPayload(Outcome);

impl From<Outcome> for DeleteDocumentPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// What came of deleting a document.
#[Object]
impl DeleteDocumentPayload {
    /// The id of the document that is gone; null when there are `userErrors`.
    async fn deleted_id(&self) -> Option<async_graphql::ID> {
        self.0.subject().map(|id| Id::<Document>::of(id).into())
    }

    /// Why nothing was done; empty when it was.
    async fn user_errors(&self) -> Vec<crate::graphql::payload::UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// Announces a file and gets signed URLs to send it to; the bytes never pass through this API. Call
    /// `completeUpload` when they are sent. The announced bytes count as stored from now on. An upload is open for 24
    /// hours; then, or when `cancelUpload` ends it, its bytes stop counting. A member may have 100 open uploads, which
    /// may hold a quarter of the storage that is left to the organization; the open uploads to one dossier may hold half
    /// of it. Both may hold 1 MiB in any case. More is refused as a conflict.
    async fn request_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: RequestUploadInput,
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

    /// Says that all bytes are sent. The server reads them and compares them with what was announced. Files up to 8 MiB
    /// are usually `READY` in the answer. Larger ones are `VERIFYING`, and then `DOCUMENT_UPLOADED` or
    /// `DOCUMENT_UPLOAD_FAILED` arrives. Documents that a client uploads are visible at once; documents that the agency
    /// uploads are hidden until they are published.
    async fn complete_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which upload.")] input: CompleteUploadInput,
    ) -> Result<CompleteUploadPayload, Error> {
        let id = input.version_id.uuid();
        match ctx.verify_upload(id).await {
            Ok(Verified::Now) => ctx.mutate(|tx| upload::complete(tx, id).boxed()).await,
            Ok(Verified::Later) => ctx.mutate(|tx| verification::begin_verification(tx, id).boxed()).await,
            Err(Error::User(user_error)) => Ok(Outcome::Refused(user_error).into()),
            Err(other) => Err(other),
        }
    }

    /// Ends an upload that is not complete: its URLs stop working, what was sent of it is deleted, and its bytes stop
    /// counting. A document without a complete version is deleted, too, unless another upload to it is open. Owners,
    /// operators and managers cancel any upload that they see; staff and clients those that they requested.
    async fn cancel_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which upload.")] input: CancelUploadInput,
    ) -> Result<CancelUploadPayload, Error> {
        let id = input.version_id.uuid();
        let outcome: Outcome = ctx.mutate(|tx| upload::cancel(tx, id).boxed()).await?;
        if outcome.subject().is_some() {
            ctx.reclaim(Discarded::Version(id)).await;
        }
        Ok(outcome.into())
    }

    /// Shows a version of a document to the client. What is in `PRIVATE` must be moved first.
    async fn publish_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishDocumentInput,
    ) -> Result<PublishDocumentPayload, Error> {
        let version = input.version_id.map(Id::uuid);
        ctx.mutate(|tx| document::publish(tx, input.id.uuid(), version, input.expected_revision).boxed()).await
    }

    /// Hides a document from the client.
    async fn unpublish_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: UnpublishDocumentInput,
    ) -> Result<UnpublishDocumentPayload, Error> {
        ctx.mutate(|tx| document::unpublish(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Puts a document into another zone of the dossier; moving it to `PRIVATE` hides it from the client.
    async fn move_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and where to.")] input: MoveDocumentInput,
    ) -> Result<MoveDocumentPayload, Error> {
        ctx.mutate(|tx| document::relocate(tx, input.id.uuid(), input.zone.into(), input.expected_revision).boxed())
            .await
    }

    /// Gives a document another name.
    async fn rename_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and its name.")] input: RenameDocumentInput,
    ) -> Result<RenameDocumentPayload, Error> {
        let RenameDocumentInput { id, name, expected_revision } = input;
        ctx.mutate(move |tx| async move { document::rename(tx, id.uuid(), &name, expected_revision).await }.boxed())
            .await
    }

    /// Removes a document with all its versions. Their bytes are deleted from the store, and then stop counting.
    /// Clients remove their own uploads while no request is about them, staff theirs while they are hidden.
    async fn delete_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteDocumentInput,
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
    let flat = (input.document_id, input.client_id, input.zone, check::given(input.name.as_deref()));
    match &input.target {
        None => flat_target(flat),
        Some(_) if !matches!(flat, (None, None, None, None)) => {
            Err(UserError::invalid("target", "must not be given together with its deprecated predecessors"))
        }
        Some(UploadTargetInput::NewVersionOf(document)) => Ok(Target::Version { document: document.uuid() }),
        Some(UploadTargetInput::NewDocument(new)) => {
            Ok(Target::New { client: new.client_id.uuid(), zone: new.zone.into(), name: new.name.clone() })
        }
    }
}

/// The target as the deprecated fields name it.
fn flat_target(
    fields: (Option<Id<Document>>, Option<Id<Client>>, Option<DocumentZone>, Option<&str>),
) -> Result<Target, UserError> {
    match fields {
        (Some(document), None, None, None) => Ok(Target::Version { document: document.uuid() }),
        (None, Some(client), Some(zone), Some(name)) => {
            Ok(Target::New { client: client.uuid(), zone: zone.into(), name: name.to_owned() })
        }
        (Some(_), ..) => {
            Err(UserError::invalid("document_id", "give it alone, or `clientId`, `zone` and `name` instead"))
        }
        (None, None, None, None) => Err(UserError::invalid("target", "must be given")),
        (None, None, ..) => Err(UserError::invalid("client_id", "give `clientId`, `zone` and `name`, or `documentId`")),
        (None, _, None, _) => Err(UserError::invalid("zone", "a new document needs a zone")),
        (None, _, _, None) => Err(UserError::invalid("name", "a new document needs a name")),
    }
}
