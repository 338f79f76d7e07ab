//! What a caller needs to send the bytes of an upload straight to the object store.

use super::{Document, DocumentVersion};
use crate::graphql::{lookup, payload::UserErrorObject, request::ContextExt, scalar::ByteCount};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Outcome;
use entities::{document::Status, document_version};

/// One `PUT` that takes a range of the file's bytes.
#[derive(SimpleObject)]
pub struct UploadPart {
    /// Counts from 1.
    number: i32,
    /// The HTTP method.
    method: &'static str,
    /// Where to.
    url: String,
    /// To be sent exactly like this.
    headers: Vec<Header>,
    /// Where the range begins in the file, in bytes.
    offset: ByteCount,
    /// How many bytes it has.
    size: ByteCount,
    /// When the URL stops working. Sending `requestUpload` again with the same idempotency key signs anew.
    expires_at: DateTime<Utc>,
}

/// An HTTP header.
#[derive(SimpleObject)]
pub struct Header {
    /// Case does not matter.
    name: String,
    /// As it is.
    value: String,
}

/// What came of asking for an upload.
pub struct RequestUploadPayload(Outcome);

impl From<Outcome> for RequestUploadPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// What came of asking for an upload.
#[Object]
impl RequestUploadPayload {
    /// The version that waits for its bytes; null when there are `userErrors`.
    async fn version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::written(ctx, &self.0).await
    }

    /// The document that it is a version of; null when there are `userErrors`.
    async fn document(&self, ctx: &Context<'_>) -> Result<Option<Document>, Error> {
        let Some(id) = self.0.subject() else { return Ok(None) };
        let version = ctx.tx().await?.get::<document_version::Entity>(id).await?;
        lookup::find(ctx, version.map(|version| version.document_id)).await
    }

    /// The requests to send, in any order and at once; then call `completeUpload`. Empty when there are `userErrors`, or
    /// when the bytes are there already.
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<UploadPart>, Error> {
        let Some(id) = self.0.subject() else { return Ok(Vec::new()) };
        let tx = ctx.tx().await?;
        let Some(version) = tx.get::<document_version::Entity>(id).await? else { return Ok(Vec::new()) };
        let Some(upload) = version.upload_id.as_deref().filter(|_| version.status == Status::Pending) else {
            return Ok(Vec::new());
        };
        let size = u64::try_from(version.size).map_err(Error::internal)?;
        let parts = ctx.app()?.objects.sign_upload(&version.storage_key, upload, size).await?;
        parts
            .into_iter()
            .map(|part| {
                Ok(UploadPart {
                    number: part.number.into(),
                    method: part.method,
                    url: part.url,
                    headers: part.headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
                    offset: ByteCount(i64::try_from(part.offset).map_err(Error::internal)?),
                    size: ByteCount(i64::try_from(part.size).map_err(Error::internal)?),
                    expires_at: part.expires_at,
                })
            })
            .collect()
    }

    /// Why nothing was done; empty when it was.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}
