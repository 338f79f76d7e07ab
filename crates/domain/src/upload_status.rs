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
    document::{self, Status},
    document_version::{Entity, FailureReason, Model},
    event::Kind,
};
use uuid::Uuid;

/// How long an upload stays open after it was requested, or after it failed. The store keeps unfinished uploads no longer
/// than a day.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(24);

/// Records that the bytes of an upload were not accepted. The upload can be opened again until it expires. Does nothing if
/// it was opened again already.
pub async fn fail(tx: &WriteTx, id: Uuid, upload_id: Option<&str>, reason: FailureReason) -> Result<(), Error> {
    let (document, before) = uploaded(tx, id).await?;
    if before.upload_id.is_none() || before.upload_id.as_deref() != upload_id || before.discarded_at.is_some() {
        return Ok(());
    }
    let after = Model {
        status: Status::Failed,
        failure_reason: Some(reason),
        upload_id: None,
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
