//! What a document and its versions show.

use super::node::{Document, DocumentVersion};
use super::{DocumentStatus, DocumentZone, UploadFailureReason};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    guard::{guarded, roles, visibleTo},
    id::Id,
    lookup,
    request::ContextExt,
    scalar::ByteCount,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_policy::fields;
use entities::{
    document::{Entity, Status},
    document_version as version,
};
use sea_orm::Condition;

/// One named file in a zone of a dossier, with its versions.
#[Object]
impl Document {
    /// `document_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The file's name, with its extension. Several documents of a zone may have the same.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Which part of the dossier it is in.
    async fn zone(&self) -> DocumentZone {
        self.0.zone.into()
    }

    /// `READY` once a version can be downloaded; until then, how far its latest upload has come.
    async fn status(&self) -> DocumentStatus {
        self.0.status.into()
    }

    /// Whether the client sees it.
    #[graphql(directive = visibleTo::apply(roles(fields::DOCUMENT_VISIBLE)))]
    async fn visible(&self, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
        guarded(ctx, fields::DOCUMENT_VISIBLE, || Some(self.0.published_version_id.is_some())).await
    }

    /// The dossier.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// The version that the client sees, which need not be the newest; null while it is hidden.
    async fn published_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.published_version_id).await
    }

    /// The newest version within the viewer's reach: for a client, the published one.
    async fn latest_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        DocumentVersion::rows(true).of(version::Column::DocumentId, self.0.id).one(ctx).await
    }

    /// The versions within the viewer's reach, the oldest first.
    async fn versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<DocumentVersion>, Error> {
        let rows = DocumentVersion::rows(false).of(version::Column::DocumentId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The name, at the time, of who uploaded the first version.
    async fn uploaded_by(&self) -> &str {
        &self.0.uploader_name
    }

    /// Counts the changes: give it as `expectedRevision` to be told when somebody else was faster.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When its first upload was announced.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

impl DocumentVersion {
    fn rows(descending: bool) -> Rows<Self> {
        Rows::all(Condition::all(), Order { column: None, id: version::Column::Id, descending })
    }
}

/// A link that works for a short time, for whoever has it.
#[derive(SimpleObject)]
pub struct SignedUrl {
    /// `GET` it without further headers.
    url: String,
    /// When it stops working.
    expires_at: DateTime<Utc>,
}

/// The bytes of a document at one time.
#[Object]
impl DocumentVersion {
    /// `document_version_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// Counts from 1 within the document.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// How far its upload has come.
    async fn status(&self) -> DocumentStatus {
        self.0.status.into()
    }

    /// Why the upload failed; null unless it is `FAILED`.
    async fn failure_reason(&self) -> Option<UploadFailureReason> {
        self.0.failure_reason.map(Into::into)
    }

    /// Media type (RFC 6838).
    async fn content_type(&self) -> &str {
        &self.0.content_type
    }

    /// In bytes.
    async fn size(&self) -> ByteCount {
        ByteCount(self.0.size)
    }

    /// Of the bytes, in lower-case hexadecimal.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The key of the object in the store.
    #[graphql(directive = visibleTo::apply(roles(fields::STORAGE_KEY)))]
    async fn storage_key(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::STORAGE_KEY, || Some(self.0.storage_key.as_str())).await
    }

    /// A link to the bytes, valid for five minutes; null until they are there.
    async fn download(&self, ctx: &Context<'_>) -> Result<Option<SignedUrl>, Error> {
        if self.0.status != Status::Ready {
            return Ok(None);
        }
        let Some(document) = ctx.tx().await?.get::<Entity>(self.0.document_id).await? else {
            return Ok(None);
        };
        let objects = &ctx.app()?.objects;
        let signed = objects.sign_download(&self.0.storage_key, &document.name, &self.0.content_type).await?;
        Ok(Some(SignedUrl { url: signed.url, expires_at: signed.expires_at }))
    }

    /// The document that it is a version of.
    async fn document(&self, ctx: &Context<'_>) -> Result<Option<Document>, Error> {
        lookup::get(ctx, self.0.document_id).await
    }

    /// The name, at the time, of who uploaded it.
    async fn uploaded_by(&self) -> &str {
        &self.0.uploader_name
    }

    /// When its upload was announced.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
