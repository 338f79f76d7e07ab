//! The data that a client needs to send the bytes of an upload directly to the object store.

use super::{Document, DocumentVersion};
use crate::graphql::{lookup, payload::UserErrorObject, request::ContextExt, scalar::ByteCount};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Outcome;
use entities::{document::Status, document_version};

/// A `PUT` request that sends a range of the file's bytes.
#[derive(SimpleObject)]
pub struct UploadPart {
    /// The number, counted from 1.
    number: i32,
    /// The HTTP method.
    method: &'static str,
    /// The URL.
    url: String,
    /// The headers, which must be sent unchanged.
    headers: Vec<Header>,
    /// The offset of the range in the file, in bytes.
    offset: ByteCount,
    /// The size of the range in bytes.
    size: ByteCount,
    /// When the URL expires. To get new URLs, repeat `requestUpload` with the same idempotency key.
    expires_at: DateTime<Utc>,
}

/// An HTTP header.
#[derive(SimpleObject)]
pub struct Header {
    /// The name. Case is ignored.
    name: String,
    /// The value.
    value: String,
}

/// The result of requesting an upload.
pub struct RequestUploadPayload(Outcome);

impl From<Outcome> for RequestUploadPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of requesting an upload.
#[Object]
impl RequestUploadPayload {
    /// The version that waits for its bytes. Null if there are `userErrors`.
    async fn version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::written(ctx, &self.0).await
    }

    /// The document of the version. Null if there are `userErrors`.
    async fn document(&self, ctx: &Context<'_>) -> Result<Option<Document>, Error> {
        let Some(id) = self.0.subject() else { return Ok(None) };
        let version = ctx.tx().await?.get::<document_version::Entity>(id).await?;
        lookup::find(ctx, version.map(|version| version.document_id)).await
    }

    /// The requests to send, in any order and in parallel. Then call `completeUpload`. Empty if there are `userErrors`,
    /// or if all bytes were already received.
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

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}
