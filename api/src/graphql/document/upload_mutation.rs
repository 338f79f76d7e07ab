//! Mutations of uploads.

use super::{
    Document, DocumentVersion, DocumentZone,
    transfer::{self, Sent},
    upload::RequestUploadPayload,
};
use crate::graphql::{
    client::Client,
    id::Id,
    payload::{UserErrorObject, payload},
    request::ContextExt,
    scalar::ByteCount,
};
use async_graphql::{Context, InputObject, Object, OneofObject};
use dossier_core::error::{Error, UserError};
use dossier_data::{Outcome, WriteTx};
use dossier_domain::{
    check, completion,
    reclaim::Discarded,
    upload::{self, MAX_BATCH, NewUpload, Target},
};
use futures::FutureExt;
use uuid::Uuid;

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
    /// The size in bytes, at most 50 GiB. The server compares it with the bytes.
    size: ByteCount,
    /// The SHA-256 of the bytes in hexadecimal. The server compares it with the bytes. Without it, the server computes it.
    sha256: Option<String>,
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
    /// The name with its extension: 1 to 255 characters, without slashes and backslashes.
    name: String,
}

/// Input for requesting several uploads.
#[derive(InputObject)]
pub struct RequestUploadsInput {
    /// The files to upload, 1 to 50.
    uploads: Vec<RequestUploadInput>,
}

/// Input for completing an upload.
#[derive(InputObject)]
pub struct CompleteUploadInput {
    /// The version in the result of `requestUpload`.
    version_id: Id<DocumentVersion>,
    /// The right media type, if another one was announced. After `TYPE_MISMATCH`, the upload can be completed with it
    /// without sending the bytes again.
    content_type: Option<String>,
}

/// Input for completing several uploads.
#[derive(InputObject)]
pub struct CompleteUploadsInput {
    /// The uploads to complete, 1 to 50.
    uploads: Vec<CompleteUploadInput>,
}

/// Input for cancelling an upload.
#[derive(InputObject)]
pub struct CancelUploadInput {
    /// The version in the result of `requestUpload`.
    version_id: Id<DocumentVersion>,
}

payload! {
    /// The result of completing an upload.
    CompleteUploadPayload {
        /// The document, which is `READY` or `VERIFYING`. Null if there are `userErrors`.
        document: Document
    }
}

/// The result of requesting several uploads.
pub struct RequestUploadsPayload(Outcome);

impl From<Outcome> for RequestUploadsPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of requesting several uploads.
#[Object]
impl RequestUploadsPayload {
    /// A result for each file, in the order of the input. Some files may be refused while others are accepted.
    async fn results(&self) -> Vec<RequestUploadPayload> {
        self.0.parts().iter().cloned().map(Into::into).collect()
    }

    /// The reasons why the mutation changed nothing. Empty if there are `results`.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The result of completing several uploads.
pub struct CompleteUploadsPayload(Outcome);

impl From<Outcome> for CompleteUploadsPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of completing several uploads.
#[Object]
impl CompleteUploadsPayload {
    /// A result for each upload, in the order of the input. Some uploads may be refused while others are completed.
    async fn results(&self) -> Vec<CompleteUploadPayload> {
        self.0.parts().iter().cloned().map(Into::into).collect()
    }

    /// The reasons why the mutation changed nothing. Empty if there are `results`.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
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
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of uploads, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct UploadMutation;

#[Object]
impl UploadMutation {
    /// Requests an upload and returns signed URLs for it. The bytes are sent to these URLs, and never through this API.
    /// Then call `completeUpload`. The announced size counts as stored from now on. An upload is open until it is complete
    /// or cancelled with `cancelUpload`, or until no part has arrived for 7 days. Then its bytes stop counting. URLs are
    /// valid for 15 minutes; `Document.upload` returns new ones for the parts that have not arrived. A member may have 100
    /// open uploads, which may hold a quarter of the organization's remaining storage. The open uploads to one dossier may
    /// hold half of it. Both may always hold 1 MiB. An upload beyond these limits fails with `CONFLICT`.
    async fn request_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file to upload.")] input: RequestUploadInput,
    ) -> Result<RequestUploadPayload, Error> {
        let new = match input.parse() {
            Ok(new) => new,
            Err(user_error) => return Ok(Outcome::Refused(user_error).into()),
        };
        let outcome: Outcome = ctx.mutate(|tx| upload::request(tx, new).boxed()).await?;
        let Some(version) = outcome.subject() else { return Ok(outcome.into()) };
        let refused = transfer::open(ctx, &[version]).await?.pop();
        Ok(refused.map_or(outcome, |(_, user_error)| Outcome::Refused(user_error)).into())
    }

    /// Requests up to 50 uploads at once, as `requestUpload` does. Each file is accepted or refused on its own.
    async fn request_uploads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The files to upload.")] input: RequestUploadsInput,
    ) -> Result<RequestUploadsPayload, Error> {
        if let Err(user_error) = check_batch(input.uploads.len()) {
            return Ok(Outcome::Refused(user_error).into());
        }
        let parsed: Vec<_> = input.uploads.into_iter().map(RequestUploadInput::parse).collect();
        let outcome: Outcome = ctx.mutate(|tx| request_each(tx, parsed).boxed()).await?;
        let mut parts = outcome.parts().to_vec();
        let accepted: Vec<_> =
            parts.iter().enumerate().filter_map(|(index, part)| Some((index, part.subject()?))).collect();
        let versions: Vec<_> = accepted.iter().map(|(_, version)| *version).collect();
        for (index, user_error) in transfer::open(ctx, &versions).await? {
            let (part, _) = accepted[index];
            parts[part] = Outcome::Refused(user_error);
        }
        Ok(if outcome.user_error().is_some() { outcome } else { Outcome::Each(parts) }.into())
    }

    /// Completes an upload after all bytes were sent. The server compares the bytes with the announced size, media type
    /// and SHA-256. Files of up to 8 MiB are usually `READY` in the response. Larger files, and all files if the server
    /// scans for malware, are `VERIFYING`, and then the event `DOCUMENT_UPLOADED` or `DOCUMENT_UPLOAD_FAILED` arrives.
    /// Documents that a client uploads are visible at once. Documents that the agency uploads are hidden until they are
    /// published.
    async fn complete_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload to complete.")] input: CompleteUploadInput,
    ) -> Result<CompleteUploadPayload, Error> {
        let id = input.version_id.uuid();
        match transfer::verify(ctx, vec![input.into()]).await?.pop() {
            Some(Ok(verified)) => ctx.mutate(|tx| completion::finish(tx, id, verified).boxed()).await,
            Some(Err(user_error)) => Ok(Outcome::Refused(user_error).into()),
            None => Err(Error::internal("one upload has one result")),
        }
    }

    /// Completes up to 50 uploads at once, as `completeUpload` does. Each upload is completed or refused on its own.
    async fn complete_uploads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The uploads to complete.")] input: CompleteUploadsInput,
    ) -> Result<CompleteUploadsPayload, Error> {
        if let Err(user_error) = check_batch(input.uploads.len()) {
            return Ok(Outcome::Refused(user_error).into());
        }
        let ids: Vec<_> = input.uploads.iter().map(|upload| upload.version_id.uuid()).collect();
        let verified = transfer::verify(ctx, input.uploads.into_iter().map(Into::into).collect()).await?;
        let uploads = ids.into_iter().zip(verified).collect();
        ctx.mutate(|tx| completion::finish_all(tx, uploads).boxed()).await
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
            transfer::reclaim(ctx, Discarded::Version(id)).await;
        }
        Ok(outcome.into())
    }
}

impl RequestUploadInput {
    fn parse(self) -> Result<NewUpload, UserError> {
        let target = target(&self)?;
        Ok(NewUpload { target, content_type: self.content_type, size: self.size.0, sha256: self.sha256 })
    }
}

impl From<CompleteUploadInput> for Sent {
    fn from(input: CompleteUploadInput) -> Self {
        Self { version: input.version_id.uuid(), content_type: input.content_type }
    }
}

fn check_batch(uploads: usize) -> Result<(), UserError> {
    if (1..=MAX_BATCH).contains(&uploads) {
        return Ok(());
    }
    Err(UserError::invalid("uploads", format!("must have 1 to {MAX_BATCH} items, has {uploads}")))
}

/// Requests those uploads whose input is valid. The others stay refused.
async fn request_each(
    tx: &WriteTx,
    parsed: Vec<Result<NewUpload, UserError>>,
) -> Result<Vec<Result<Uuid, UserError>>, Error> {
    let (mut results, mut valid) = (Vec::with_capacity(parsed.len()), Vec::new());
    for one in parsed {
        match one {
            Ok(new) => {
                valid.push(new);
                results.push(None);
            }
            Err(user_error) => results.push(Some(Err(user_error))),
        }
    }
    let mut requested = upload::request_all(tx, valid).await?.into_iter();
    let missing = || Error::internal("each upload has a result");
    results.into_iter().map(|one| one.or_else(|| requested.next()).ok_or_else(missing)).collect()
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
