//! The fields of documents and their versions.

use super::node::{Document, DocumentVersion};
use super::upload::Upload;
use super::{
    DocumentAction, DocumentApproval, DocumentStatus, DocumentVersionAction, DocumentZone, UploadFailureReason,
};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    event::Actor,
    guard::{allows, guarded, roles, visibleTo},
    id::Id,
    lookup,
    personal::personal,
    request::ContextExt,
    scalar::ByteCount,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::{
    document::{self, DocumentUseCase},
    file_name,
    preview::preview_of,
    retention::purge_obstacle,
    upload::UploadUseCase,
    validation,
};
use dossier_policy::fields;
use dossier_preview::WIDTHS;
use dossier_storage::SignedUrl as Signed;
use entities::{
    document::{Entity, Model, Status, Zone},
    document_version as version, organization,
};
use sea_orm::Condition;

/// A file in a zone of a dossier, with its versions.
#[Object]
impl Document {
    /// The global id, `document_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name of the file with its extension. Several documents in a zone may have the same name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The name for a file on a computer: valid on Windows, macOS and Linux, and at most 255 bytes long in UTF-8. It is
    /// usually the name. Several documents in a zone may have the same safe name, also in another case. Downloads have
    /// the name itself.
    async fn safe_name(&self) -> String {
        file_name::safe(&self.0.name)
    }

    /// The zone of the dossier.
    async fn zone(&self) -> DocumentZone {
        self.0.zone.into()
    }

    /// `READY` if a version can be downloaded. Otherwise, the status of the latest upload.
    async fn status(&self) -> DocumentStatus {
        self.0.status.into()
    }

    /// Whether the client can see it.
    #[graphql(directive = visibleTo::apply(roles(fields::DOCUMENT_VISIBLE)))]
    async fn visible(&self, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
        guarded(ctx, fields::DOCUMENT_VISIBLE, || Some(self.0.published_version_id.is_some())).await
    }

    /// The client whose dossier it belongs to.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// The version that the client can see, which may be older than the newest one. Null while the document is hidden.
    async fn published_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.published_version_id).await
    }

    /// The newest version that the viewer can see. For clients, this is the published version.
    async fn latest_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        DocumentVersion::rows(true).of(version::Column::DocumentId, self.0.id).one(ctx).await
    }

    /// The versions that the viewer can see, oldest first.
    async fn versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<DocumentVersion>, Error> {
        let rows = DocumentVersion::rows(false).of(version::Column::DocumentId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// A link to a small picture of the newest version that the viewer can see, as `DocumentVersion.preview` returns it.
    async fn preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 320, desc = "The width in pixels for which it is needed.")] width: u32,
    ) -> Result<Option<SignedUrl>, Error> {
        let latest = DocumentVersion::rows(true).of(version::Column::DocumentId, self.0.id).one_whole(ctx).await?;
        match latest {
            Some(version) => version.preview_link(ctx, width).await,
            None => Ok(None),
        }
    }

    /// The newest version that was approved. Null if none was, or if the viewer cannot see the version or its request.
    async fn approved_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        let approved = validation::approved_version(&*ctx.tx().await?, self.0.id).await?;
        lookup::find(ctx, approved.map(|row| row.document_version_id)).await
    }

    /// Whether the newest complete version that the viewer can see has the approved bytes.
    async fn approval(&self, ctx: &Context<'_>) -> Result<DocumentApproval, Error> {
        let tx = ctx.tx().await?;
        let Some(approved) = validation::approved_version(&tx, self.0.id).await? else {
            return Ok(DocumentApproval::None);
        };
        let is_current = document::newest_sha256(&tx, self.0.id).await? == Some(approved.sha256);
        Ok(if is_current { DocumentApproval::Current } else { DocumentApproval::Outdated })
    }

    /// The newest upload of the viewer to this document that is not complete, with which they can continue it. Null for
    /// others.
    #[graphql(directive = personal::apply())]
    async fn upload(&self, ctx: &Context<'_>) -> Result<Option<Upload>, Error> {
        Upload::newest_of(ctx, self.0.id).await
    }

    /// The person who uploaded the first version.
    async fn uploader(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The name of the person who uploaded the first version, at the time of the upload.
    #[graphql(deprecation = "Use `uploader.displayName`.")]
    async fn uploaded_by(&self) -> &str {
        &self.0.uploader_name
    }

    /// The actions that the viewer may do with the document now. They depend on the role of the viewer and the state of
    /// the document. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<DocumentAction>, Error> {
        viewer_can::<DocumentUseCase, _>(ctx, &self.0).await
    }

    /// The number of the current revision. Send it as `expectedRevision` to detect changes by other people.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When its first upload was requested.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// When it was moved to the trash. Null unless it comes from `deletedDocuments`.
    async fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.0.deleted_at
    }

    /// The person who moved it to the trash. Null if it is not there, or was deleted by an earlier version.
    async fn deleted_by(&self) -> Option<Actor> {
        let (display_name, kind) = (self.0.deleter_name.clone()?, self.0.deleter_kind?);
        Some(Actor { display_name, kind, user: self.0.deleter_id, client: Some(self.0.client_id) })
    }

    /// When it has been in the trash for `Organization.trashDays`, and is purged within an hour unless `purgeBlockedBy`
    /// says why not. Null if it is not in the trash.
    async fn purge_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>, Error> {
        let Some(deleted_at) = self.0.deleted_at else { return Ok(None) };
        let organization = ctx.tx().await?.get::<organization::Entity>(self.0.organization_id).await?;
        Ok(organization.map(|organization| deleted_at + TimeDelta::days(organization.trash_days.into())))
    }

    /// The reason why it cannot be purged now, in English: a legal hold, or the retention of its zone. Null if there is
    /// none, or if it is not in the trash.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_LEGAL_HOLD)))]
    async fn purge_blocked_by(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        if !allows(ctx, fields::CLIENT_LEGAL_HOLD).await? || self.0.deleted_at.is_none() {
            return Ok(None);
        }
        purge_obstacle(&*ctx.tx().await?, &self.0).await
    }
}

impl DocumentVersion {
    fn rows(descending: bool) -> Rows<Self> {
        Rows::all(Condition::all(), Order { column: None, id: version::Column::Id, descending })
    }

    /// Returns a link to the narrowest preview that is at least this wide.
    async fn preview_link(&self, ctx: &Context<'_>, width: u32) -> Result<Option<SignedUrl>, Error> {
        let Some((key, media_type)) = preview_of(&self.0, width) else { return Ok(None) };
        let Some(document) = ctx.tx().await?.get::<Entity>(self.0.document_id).await? else {
            return Ok(None);
        };
        if width > THUMBNAIL {
            record_private(ctx, &document, &self.0)?;
        }
        let name = format!("{}.{}", document.name, media_type.trim_start_matches("image/"));
        Ok(Some(ctx.app()?.objects.sign_view(&key, &name, media_type).await?.into()))
    }
}

/// A link that is valid for a short time. Everyone who has the link can use it.
#[derive(SimpleObject)]
pub struct SignedUrl {
    /// The URL. Send a `GET` request without further headers.
    url: String,
    /// When the link expires.
    expires_at: DateTime<Utc>,
}

impl From<Signed> for SignedUrl {
    fn from(signed: Signed) -> Self {
        Self { url: signed.url, expires_at: signed.expires_at }
    }
}

/// The width of previews of private documents that are not recorded, in pixels.
const THUMBNAIL: u32 = WIDTHS[0];

/// Records a link to a private document in the audit log. Fails in a subscription.
fn record_private(ctx: &Context<'_>, document: &Model, version: &version::Model) -> Result<(), Error> {
    if document.zone != Zone::Private {
        return Ok(());
    }
    let request = ctx.request()?;
    if request.delivery.is_some() {
        let message = "subscriptions deliver no links to private documents; query the field `download`";
        return Err(Error::Forbidden(message.to_owned()));
    }
    request.private_downloads.add(ctx, version.id);
    Ok(())
}

/// A version of a document. Its bytes never change.
#[Object]
impl DocumentVersion {
    /// The global id, `document_version_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The number within the document, counted from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The status of its upload.
    async fn status(&self) -> DocumentStatus {
        self.0.status.into()
    }

    /// The reason why the upload failed. Null unless the status is `FAILED`.
    async fn failure_reason(&self) -> Option<UploadFailureReason> {
        self.0.failure_reason.map(Into::into)
    }

    /// The media type (RFC 6838).
    async fn content_type(&self) -> &str {
        &self.0.content_type
    }

    /// The size in bytes.
    async fn size(&self) -> ByteCount {
        ByteCount(self.0.size)
    }

    /// The SHA-256 of the bytes in lower-case hexadecimal. Empty until the server has computed it, if it was not
    /// announced.
    async fn sha256(&self) -> &str {
        if self.0.sha256 == version::UNKNOWN_SHA256 { "" } else { &self.0.sha256 }
    }

    /// The media type of the bytes after `TYPE_MISMATCH`. Null otherwise.
    async fn recognized_content_type(&self) -> Option<&str> {
        self.0.recognized_type.as_deref()
    }

    /// The upload, with which its uploader can continue it. Null for others, and when it is complete.
    #[graphql(directive = personal::apply())]
    async fn upload(&self, ctx: &Context<'_>) -> Result<Option<Upload>, Error> {
        let tx = ctx.tx().await?;
        let user = tx.viewer.member().map(|member| member.user);
        let is_own = user.is_some() && self.0.uploader_id == user;
        Ok((is_own && self.0.status != Status::Ready).then(|| Upload::of(&self.0)))
    }

    /// The key of the object in the store.
    #[graphql(directive = visibleTo::apply(roles(fields::STORAGE_KEY)))]
    async fn storage_key(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::STORAGE_KEY, || Some(self.0.storage_key.as_str())).await
    }

    /// A link to the bytes, which is valid for five minutes. Null until the upload is complete. Links to documents in
    /// `PRIVATE` are recorded in the audit log, and subscriptions do not deliver them.
    async fn download(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default = false,
            desc = "Whether a browser shows the file instead of storing it. This applies to images (except SVG), PDF, audio, \
                    video and plain text."
        )]
        inline: bool,
    ) -> Result<Option<SignedUrl>, Error> {
        if self.0.status != Status::Ready {
            return Ok(None);
        }
        let Some(document) = ctx.tx().await?.get::<Entity>(self.0.document_id).await? else {
            return Ok(None);
        };
        record_private(ctx, &document, &self.0)?;
        let (objects, key, content_type) = (&ctx.app()?.objects, &self.0.storage_key, &self.0.content_type);
        let signed = if inline {
            objects.sign_view(key, &document.name, content_type).await?
        } else {
            objects.sign_download(key, &document.name, content_type).await?
        };
        Ok(Some(signed.into()))
    }

    /// A link to a small picture of an image or of the first page of a PDF, which is valid for five minutes. Null for
    /// other files, for unreadable ones, and until a job has made the picture, usually within some seconds. Pictures of
    /// documents in `PRIVATE` that are wider than 320 pixels are recorded in the audit log like downloads.
    async fn preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default = 320,
            desc = "The width in pixels for which it is needed. Pictures are 320 or 1,280 pixels wide, and never wider than \
                    the image."
        )]
        width: u32,
    ) -> Result<Option<SignedUrl>, Error> {
        self.preview_link(ctx, width).await
    }

    /// The number of the older version that `restoreDocumentVersion` brought back with this one. Both have the same bytes.
    /// Null for uploaded versions.
    async fn restored_from(&self) -> Option<i32> {
        self.0.restored_from
    }

    /// The document of this version.
    async fn document(&self, ctx: &Context<'_>) -> Result<Option<Document>, Error> {
        lookup::get(ctx, self.0.document_id).await
    }

    /// The person who uploaded or restored it.
    async fn uploader(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The name of the person who uploaded it, at the time of the upload.
    #[graphql(deprecation = "Use `uploader.displayName`.")]
    async fn uploaded_by(&self) -> &str {
        &self.0.uploader_name
    }

    /// The actions that the viewer may do with the version now. `completeUpload` is not listed, because it depends on
    /// the received bytes.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<DocumentVersionAction>, Error> {
        viewer_can::<UploadUseCase, _>(ctx, &self.0).await
    }

    /// When its upload was requested.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
