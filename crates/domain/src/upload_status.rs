//! The status of an upload that is not complete.

use super::{
    client::dossier_of,
    document::{by_client, save},
};
use chrono::TimeDelta;
use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, DomainEvent, WriteTx};
use dossier_policy::{DocumentAction, UploadAction};
use entities::{
    client,
    document::{self, Status},
    document_version::{Column, Entity, FailureReason, Model},
    event::Kind,
};
use sea_orm::{ColumnTrait, sea_query::Order};
use uuid::Uuid;

/// How long an upload stays open after its last sign of life: the request, the newest part, or a failure.
pub const OPEN_FOR: TimeDelta = TimeDelta::days(7);

/// Why the bytes of an upload were not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The reason.
    pub reason: FailureReason,
    /// The media type of the bytes, if they are of another kind than announced.
    pub recognized: Option<&'static str>,
}

impl Failure {
    /// Returns whether the bytes stay in the store: the upload can be completed without sending them again.
    pub fn keeps_bytes(self) -> bool {
        match self.reason {
            FailureReason::TypeMismatch | FailureReason::StoreUnavailable | FailureReason::ScannerUnavailable => true,
            FailureReason::SizeMismatch
            | FailureReason::Sha256Mismatch
            | FailureReason::TypeNotAccepted
            | FailureReason::UploadLost
            | FailureReason::NotPermitted
            | FailureReason::MalwareFound => false,
        }
    }
}

impl From<FailureReason> for Failure {
    fn from(reason: FailureReason) -> Self {
        Self { reason, recognized: None }
    }
}

/// Records that the bytes of an upload were not accepted. The upload can be opened or completed again until it expires.
/// Does nothing if it was opened again already.
pub async fn fail(tx: &WriteTx, id: Uuid, upload_id: Option<&str>, failure: Failure) -> Result<(), Error> {
    let (document, before) = uploaded(tx, id).await?;
    if before.upload_id.is_none() || before.upload_id.as_deref() != upload_id || before.discarded_at.is_some() {
        return Ok(());
    }
    let after = Model {
        status: Status::Failed,
        failure_reason: Some(failure.reason),
        recognized_type: failure.recognized.map(str::to_owned),
        upload_id: before.upload_id.clone().filter(|_| failure.keeps_bytes()),
        sweep_at: Some(tx.now + OPEN_FOR),
        ..before.clone()
    };
    change_status(tx, &document, &before, after, Kind::DocumentUploadFailed).await
}

/// The version of an upload and its document, which the viewer may complete. The document is locked before its version,
/// as everywhere: two transactions that lock in different orders wait for each other.
pub(super) async fn uploaded(tx: &WriteTx, id: Uuid) -> Result<(Allowed<document::Entity>, Allowed<Entity>), Error> {
    let version = tx.get::<Entity>(id).await?.ok_or_else(|| UserError::not_found("version_id"))?;
    let document =
        tx.authorize::<document::Entity>(version.document_id, "version_id", DocumentAction::EndUpload).await?;
    let version = tx.authorize::<Entity>(id, "version_id", UploadAction::Complete).await?;
    Ok((document, version))
}

/// Locks the documents of several uploads, and their dossiers, before anything else is done with them.
pub async fn lock_uploads(tx: &WriteTx, versions: &[Uuid]) -> Result<(), Error> {
    let uploads = tx.find::<Entity>().filter(Column::Id.is_in(versions.iter().copied())).all().await?;
    lock(tx, uploads.into_iter().map(|upload| upload.document_id).collect(), Vec::new()).await
}

/// Locks documents, then their dossiers and these dossiers. A transaction that handled one after the other would hold a
/// dossier while it waits for a document, and others hold a document while they wait for a dossier.
pub(super) async fn lock(tx: &WriteTx, documents: Vec<Uuid>, mut dossiers: Vec<Uuid>) -> Result<(), Error> {
    if !documents.is_empty() {
        let rows = tx.find::<document::Entity>().filter(document::Column::Id.is_in(documents));
        let rows = rows.order_by(document::Column::Id, Order::Asc).for_update().all().await?;
        dossiers.extend(rows.into_iter().map(|row| row.client_id));
    }
    let rows = tx.find::<client::Entity>().filter(client::Column::Id.is_in(dossiers));
    rows.order_by(client::Column::Id, Order::Asc).for_update().all().await.map(drop)
}

/// Changes the status of an upload that is not complete. A document without a complete version takes the same status.
pub(super) async fn change_status(
    tx: &WriteTx,
    document: &Allowed<document::Entity>,
    before: &Allowed<Entity>,
    after: Model,
    kind: Kind,
) -> Result<(), Error> {
    let status = after.status;
    tx.update_part(before, &**before, after).await?;
    if !matches!(document.status, Status::Ready) && document.status != status {
        let changed = document::Model { status, ..Clone::clone(&**document) };
        return save(tx, document, changed, kind).await.map(drop);
    }
    record(tx, document, before, kind).await
}

/// Records an event about an upload that leaves the document as it is. Only uploads of the client concern the client.
pub(super) async fn record(
    tx: &WriteTx,
    document: &Allowed<document::Entity>,
    version: &Model,
    kind: Kind,
) -> Result<(), Error> {
    let dossier = dossier_of(tx, document.client_id).await?;
    let event = DomainEvent::changed(kind, &dossier, &**document, &**document);
    let by_client = by_client(tx, version).await?;
    tx.record(document, if by_client { event } else { event.agency_only() });
    Ok(())
}
