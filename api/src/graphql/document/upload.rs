//! The data that a client needs to send the bytes of an upload directly to the object store.

use super::{Document, DocumentVersion};
use crate::graphql::{lookup, payload::UserErrorObject, request::ContextExt, scalar::ByteCount};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::{Arguments, Order, Outcome, Slice};
use dossier_domain::upload_status::OPEN_FOR;
use dossier_storage::{Received, SignedPart, part_size};
use entities::{
    document::Status,
    document_version::{self as version, Column, Entity},
};
use sea_orm::ColumnTrait;
use std::{sync::Arc, time::Duration};
use tokio::{sync::OnceCell, time::timeout};
use uuid::Uuid;

/// How long a field waits for the object store.
const MAX_WAIT: Duration = Duration::from_secs(10);

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
    /// When the URL expires: 15 minutes after this response. `Document.upload` returns new URLs.
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

impl TryFrom<SignedPart> for UploadPart {
    type Error = Error;

    fn try_from(part: SignedPart) -> Result<Self, Error> {
        Ok(Self {
            number: part.number.into(),
            method: part.method,
            url: part.url,
            headers: part.headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
            offset: byte_count(part.offset)?,
            size: byte_count(part.size)?,
            expires_at: part.expires_at,
        })
    }
}

fn byte_count(bytes: u64) -> Result<ByteCount, Error> {
    i64::try_from(bytes).map(ByteCount).map_err(Error::internal)
}

/// An upload that is not complete, with what the object store has received of it. It can be continued after the client
/// has lost the URLs.
pub struct Upload {
    key: String,
    /// The store's id. Without one, nothing can be sent.
    id: Option<String>,
    status: Status,
    size: i64,
    created_at: DateTime<Utc>,
    sweep_at: Option<DateTime<Utc>>,
    received: OnceCell<Received>,
}

impl Upload {
    /// Returns the upload of a version.
    pub(super) fn of(row: &version::Model) -> Self {
        Self {
            key: row.storage_key.clone(),
            id: row.upload_id.clone(),
            status: row.status,
            size: row.size,
            created_at: row.created_at,
            sweep_at: row.sweep_at,
            received: OnceCell::new(),
        }
    }

    /// Returns the newest upload of the viewer to a document that is not complete.
    pub(super) async fn newest_of(ctx: &Context<'_>, document: Uuid) -> Result<Option<Self>, Error> {
        let tx = ctx.tx().await?;
        let Some(member) = tx.viewer.member() else { return Ok(None) };
        let open = tx.find::<Entity>().filter(Column::UploaderId.eq(member.user));
        let open = open.filter(Column::Status.ne(Status::Ready));
        let first = Arguments { first: Some(1), ..Arguments::default() };
        let newest = Slice::new(Order { column: None, id: Column::Id, descending: true }, first)?;
        let mut page = open.page_of(Column::DocumentId, document, newest).await?;
        Ok(page.rows.pop().map(|row| Self::of(&row)))
    }

    fn bytes(&self) -> Result<u64, Error> {
        u64::try_from(self.size).map_err(Error::internal)
    }

    fn count(&self) -> Result<u16, Error> {
        let size = self.bytes()?;
        u16::try_from(size.div_ceil(part_size(size)).max(1)).map_err(Error::internal)
    }

    /// Returns what the store has received. It is asked once.
    async fn received(&self, ctx: &Context<'_>) -> Result<&Received, Error> {
        self.received.get_or_try_init(|| self.ask(ctx)).await
    }

    async fn ask(&self, ctx: &Context<'_>) -> Result<Received, Error> {
        let all = || Ok(Received { parts: (1..=self.count()?).collect(), size: self.bytes()?, newest_at: None });
        let Some(id) = &self.id else { return Ok(Received::default()) };
        if self.status != Status::Pending {
            return all();
        }
        let objects = ctx.request()?.objects();
        let received = timeout(MAX_WAIT, objects.received(&self.key, id, self.bytes()?)).await;
        let late = |elapsed| Error::Unavailable("The object store", Arc::new(elapsed));
        // The store has joined the parts if it no longer knows the upload.
        received.map_err(late)??.map_or_else(all, Ok)
    }

    async fn sign(&self, ctx: &Context<'_>, wanted: impl Fn(u16) -> bool + Send) -> Result<Vec<UploadPart>, Error> {
        let Some(id) = self.id.as_deref().filter(|_| self.status == Status::Pending) else { return Ok(Vec::new()) };
        let parts = ctx.app()?.objects.sign_parts(&self.key, id, self.bytes()?, wanted).await?;
        parts.into_iter().map(UploadPart::try_from).collect()
    }
}

/// An upload that is not complete, with what the object store has received of it. It can be continued after the client
/// has lost the URLs.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl Upload {
    /// The size of each part in bytes, except the last one, which has the remaining bytes.
    async fn part_size(&self) -> Result<ByteCount, Error> {
        byte_count(part_size(self.bytes()?))
    }

    /// The number of parts.
    async fn part_count(&self) -> Result<i32, Error> {
        Ok(self.count()?.into())
    }

    /// The numbers of the parts that have arrived.
    async fn received_parts(&self, ctx: &Context<'_>) -> Result<Vec<i32>, Error> {
        Ok(self.received(ctx).await?.parts.iter().map(|number| i32::from(*number)).collect())
    }

    /// The number of bytes in the parts that have arrived.
    async fn received_size(&self, ctx: &Context<'_>) -> Result<ByteCount, Error> {
        byte_count(self.received(ctx).await?.size)
    }

    /// The requests that are still to be sent, with new URLs, which are valid for 15 minutes. Empty if all bytes have
    /// arrived, or if the upload failed. A part may be sent again.
    async fn parts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only the parts with these numbers, also those that have arrived.")] numbers: Option<
            Vec<i32>,
        >,
    ) -> Result<Vec<UploadPart>, Error> {
        if let Some(numbers) = numbers {
            return self.sign(ctx, |number| numbers.contains(&number.into())).await;
        }
        let received = self.received(ctx).await?;
        self.sign(ctx, |number| !received.parts.contains(&number)).await
    }

    /// When the upload is deleted, unless a part arrives before.
    async fn expires_at(&self, ctx: &Context<'_>) -> Result<DateTime<Utc>, Error> {
        let newest = self.received(ctx).await?.newest_at.unwrap_or(self.created_at);
        Ok(self.sweep_at.unwrap_or(self.created_at).max(newest + OPEN_FOR))
    }
}

/// The result of requesting an upload.
pub struct RequestUploadPayload(Outcome);

impl From<Outcome> for RequestUploadPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

impl RequestUploadPayload {
    async fn row(&self, ctx: &Context<'_>) -> Result<Option<version::Model>, Error> {
        match self.0.subject() {
            Some(id) => ctx.tx().await?.get::<Entity>(id).await,
            None => Ok(None),
        }
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
        lookup::find(ctx, self.row(ctx).await?.map(|version| version.document_id)).await
    }

    /// The requests to send, in any order and in parallel. Then call `completeUpload`. Empty if there are `userErrors`,
    /// or if all bytes were already received.
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<UploadPart>, Error> {
        match self.row(ctx).await? {
            Some(row) => Upload::of(&row).sign(ctx, |_| true).await,
            None => Ok(Vec::new()),
        }
    }

    /// The upload, with which it can be continued. Null if there are `userErrors`, or if it is complete.
    async fn upload(&self, ctx: &Context<'_>) -> Result<Option<Upload>, Error> {
        let row = self.row(ctx).await?.filter(|row| row.status != Status::Ready);
        Ok(row.map(|row| Upload::of(&row)))
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}
