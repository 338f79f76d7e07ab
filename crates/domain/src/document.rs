//! Publishing, hiding, moving, renaming and deleting documents. Uploading is in [`super::upload`], and what happens to
//! deleted ones in [`super::trash`].

use super::{
    check, client::dossier_of, file_name, retention::purge_obstacle, use_case::UseCase, validation::FollowVersion,
};
use dossier_core::{
    error::{Error, UserError},
    viewer::Member,
};
use dossier_data::{Allowed, Arguments, Columns, DomainEvent, Order as PageOrder, ReadTx, Slice, WriteTx};
use dossier_policy::{DocumentAction, permit, versions_in_requests};
use entities::{
    client,
    document::{Entity, Model, Status, Zone},
    document_version as version,
    event::Kind,
    membership,
};
use sea_orm::{ColumnTrait, EnumIter, sea_query::Order};
use std::borrow::Cow;
use uuid::Uuid;

/// The use cases of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum DocumentUseCase {
    /// Announce a new version.
    UploadVersion,
    /// Show a version to the client.
    Publish,
    /// Hide it from the client.
    Unpublish,
    /// Put it into another zone.
    Move,
    /// Give it another name.
    Rename,
    /// Move it to the trash.
    Delete,
    /// Take it out of the trash.
    Restore,
    /// Remove it from the trash for good.
    Purge,
}

impl DocumentUseCase {
    pub(super) fn permission(self) -> DocumentAction {
        match self {
            Self::UploadVersion => DocumentAction::Upload,
            Self::Publish | Self::Unpublish | Self::Move | Self::Rename => DocumentAction::Manage,
            Self::Delete | Self::Restore => DocumentAction::Delete,
            Self::Purge => DocumentAction::Purge,
        }
    }
}

impl UseCase for DocumentUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        permit::<Entity>(member, self.permission(), row)
    }

    fn adds_to(self, row: &Model) -> Option<Uuid> {
        matches!(self, Self::UploadVersion | Self::Restore).then_some(row.client_id)
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        let is_of_trash = matches!(self, Self::Restore | Self::Purge);
        match self {
            _ if is_of_trash && row.deleted_at.is_none() => {
                Err(UserError::conflict("This document is not in the trash.").into())
            }
            _ if !is_of_trash && row.deleted_at.is_some() => {
                Err(UserError::conflict("This document is in the trash. Restore it first.").into())
            }
            Self::Publish | Self::Unpublish | Self::Move | Self::Rename if row.status != Status::Ready => {
                Err(UserError::conflict("The upload of this document is not complete.").into())
            }
            Self::Publish if row.zone == Zone::Private => Err(UserError::conflict(
                "A document in the private zone cannot be published. Move it to another zone first.",
            )
            .into()),
            Self::UploadVersion | Self::Publish | Self::Unpublish | Self::Move | Self::Rename | Self::Restore => Ok(()),
            Self::Purge => match purge_obstacle(tx, row).await? {
                Some(obstacle) => Err(UserError::conflict(obstacle).into()),
                None => Ok(()),
            },
            Self::Delete => require_deletable(tx, row).await,
        }
    }
}

/// Staff and clients delete only what no request is about, whether they see the request or not.
async fn require_deletable(tx: &ReadTx, row: &Model) -> Result<(), Error> {
    let decides = tx.viewer.member().is_none_or(|member| member.grant.decides());
    if decides {
        return Ok(());
    }
    let versions = tx.find_whole::<version::Entity>()?.filter(versions_in_requests(tx.organization()?));
    if versions.exists_of(version::Column::DocumentId, row.id).await? {
        let message = "This document cannot be deleted, because a validation request is about it.";
        return Err(UserError::conflict(message).into());
    }
    Ok(())
}

/// Returns the SHA-256 of the newest complete version of a document that the viewer sees. One statement reads those of
/// many documents.
pub async fn newest_sha256(tx: &ReadTx, document: Uuid) -> Result<Option<String>, Error> {
    let mut columns = Columns::NONE;
    columns.add([version::Column::Id, version::Column::DocumentId, version::Column::Sha256]);
    let order = PageOrder { column: None, id: version::Column::Id, descending: true };
    let slice = Slice::new(order, Arguments { first: Some(1), ..Arguments::default() })?;
    let complete = tx.find::<version::Entity>().filter(version::Column::Status.eq(Status::Ready)).columns(columns);
    Ok(complete.page_of(version::Column::DocumentId, document, slice).await?.rows.pop().map(|row| row.sha256))
}

/// Shows a version to the client: the newest complete one, unless another is named.
pub async fn publish(tx: &WriteTx, id: Uuid, version: Option<Uuid>, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Publish, expected).await?;
    let mut versions = tx
        .find::<version::Entity>()
        .filter(version::Column::DocumentId.eq(id))
        .filter(version::Column::Status.eq(Status::Ready));
    if let Some(version) = version {
        versions = versions.filter(version::Column::Id.eq(version));
    }
    let newest = versions.order_by(version::Column::Number, Order::Desc).limit(1).one().await?;
    let Some(version) = newest else {
        return Err(UserError::conflict("The document has no complete version. Complete an upload first.").into());
    };
    if version.number > 1 {
        tx.enqueue_job(&FollowVersion { version: version.id }).await?;
    }
    let after = Model { published_version_id: Some(version.id), ..before.clone() };
    save(tx, &before, after, Kind::DocumentPublished).await
}

/// Hides it from the client.
pub async fn unpublish(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Unpublish, expected).await?;
    let after = Model { published_version_id: None, ..before.clone() };
    save(tx, &before, after, Kind::DocumentUnpublished).await
}

/// Puts it into another zone; into `PRIVATE`, it is hidden, too. Its objects stay where they are.
pub async fn relocate(tx: &WriteTx, id: Uuid, zone: Zone, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Move, expected).await?;
    let published_version_id = before.published_version_id.filter(|_| zone != Zone::Private);
    let after = Model { zone, published_version_id, ..before.clone() };
    save(tx, &before, after, Kind::DocumentMoved).await
}

/// Gives it another name.
pub async fn rename(tx: &WriteTx, id: Uuid, name: &str, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Rename, expected).await?;
    let name = file_name::check("name", name)?;
    let after = Model { name_key: check::sort_key(&name), name, ..before.clone() };
    save(tx, &before, after, Kind::DocumentRenamed).await
}

/// Moves it to the trash, from which it can be restored.
pub async fn delete(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Delete, expected).await?;
    let dossier = dossier_of(tx, before.client_id).await?;
    remove(tx, &dossier, before).await?;
    Ok(id)
}

/// Marks a document as deleted and announces it. A document without a complete version is purged at once. A trigger
/// discards its open uploads, or all its versions, also those that the viewer does not see; [`super::reclaim`] removes their
/// bytes.
pub(super) async fn remove(tx: &WriteTx, dossier: &client::Model, before: Allowed<Entity>) -> Result<(), Error> {
    let actor = tx.viewer.actor();
    let after = Model {
        deleted_at: Some(tx.now),
        purged_at: (before.status != Status::Ready).then_some(tx.now),
        deleter_id: actor.user,
        deleter_name: Some(actor.name),
        deleter_kind: Some(actor.kind),
        updated_at: tx.now,
        ..before.clone()
    };
    let event = DomainEvent::removed(Kind::DocumentDeleted, dossier, &*before);
    tx.update(&before, after, event).await.map(drop)
}

/// Returns the document, locked, if the viewer may do this with it and its state allows it.
async fn begin(
    tx: &WriteTx,
    id: Uuid,
    use_case: DocumentUseCase,
    expected: Option<i32>,
) -> Result<Allowed<Entity>, Error> {
    let row = tx.authorize::<Entity>(id, "id", use_case.permission()).await?;
    check::revision(expected, row.revision)?;
    use_case.check_state(tx, &row).await?;
    Ok(row)
}

/// Keeps a change and announces it; one that changes nothing is no event.
pub(super) async fn save(tx: &WriteTx, before: &Allowed<Entity>, after: Model, kind: Kind) -> Result<Uuid, Error> {
    if after == **before {
        return Ok(before.id);
    }
    let dossier = dossier_of(tx, before.client_id).await?;
    let after = Model { revision: before.revision + 1, updated_at: tx.now, ..after };
    let event = DomainEvent::changed(kind, &dossier, &**before, &after);
    Ok(tx.update(before, after, event).await?.id)
}

/// Whether the client of the dossier uploaded it, whoever completes it.
pub(super) async fn by_client(tx: &WriteTx, version: &version::Model) -> Result<bool, Error> {
    let Some(uploader) = version.uploader_id else { return Ok(false) };
    tx.find_whole::<membership::Entity>()?
        .filter(membership::Column::UserId.eq(uploader))
        .filter(membership::Column::ClientId.eq(version.client_id))
        .exists()
        .await
}
