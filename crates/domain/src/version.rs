//! Making an older version of a document the newest again.

use super::{
    check,
    client::open_dossier,
    document::save,
    upload::{UploadUseCase, next_number},
    use_case::UseCase,
    validation::FollowVersion,
};
use dossier_core::error::{Error, UserError};
use dossier_data::{DomainEvent, WriteTx};
use dossier_policy::{DocumentAction, UploadAction};
use entities::{
    document,
    document_version::{Entity, Model},
    event::Kind,
};
use uuid::Uuid;

/// Adds a version that has the bytes of an older one. Both name the same object. Returns the new version.
pub async fn restore(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let version = tx.get::<Entity>(id).await?.ok_or_else(|| UserError::not_found("version_id"))?;
    let document = tx.authorize::<document::Entity>(version.document_id, "version_id", DocumentAction::Upload).await?;
    let version = tx.authorize::<Entity>(id, "version_id", UploadAction::Restore).await?;
    check::revision(expected, document.revision)?;
    let dossier = open_dossier(tx, document.client_id, "version_id").await?;
    UploadUseCase::Restore.check_state(tx, &version).await?;
    let actor = tx.viewer.actor();
    let new = Model {
        id: tx.new_id(),
        number: next_number(tx, document.id).await?,
        restored_from: Some(version.number),
        uploader_id: actor.user,
        uploader_name: actor.name,
        uploader_kind: actor.kind,
        created_at: tx.now,
        ..version.into_row()
    };
    tx.enqueue_job(&FollowVersion { version: new.id }).await?;
    let kind = Kind::DocumentVersionRestored;
    if document.published_version_id.is_some() {
        // The client sees another version, and nothing of this.
        tx.record(&document, DomainEvent::changed(kind, &dossier, &*document, &*document).agency_only());
    } else {
        let after = document::Model { revision: document.revision + 1, ..document.clone() };
        save(tx, &document, after, kind).await?;
    }
    Ok(tx.insert_part(&document, new).await?.id)
}
