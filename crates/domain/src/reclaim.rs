//! Reclaims storage: ends uploads that nobody completes, and removes from the store what is discarded.
//!
//! It takes three steps. A transaction discards the version: from then on its upload can be neither completed nor opened
//! again. Then the store ends the upload and deletes the object, while no transaction is open. A second transaction
//! releases the bytes. Each step can be repeated, by any process; a store that does not answer is asked again later.

use super::{
    client::dossier_of,
    document, preview, quota,
    upload_status::{self, OPEN_FOR},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Allowed, Database, WriteTx};
use dossier_jobs::{Every, JobContext, JobError, JobKind, KindOptions, Missed, Recurring};
use dossier_policy::{DocumentAction, UploadAction};
use dossier_storage::Objects;
use entities::{
    document as documents,
    document::Status,
    document_version::{Column, Entity, FailureReason, Model},
    event::Kind,
};
use sea_orm::{ColumnTrait, sea_query::Order};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// After what time the store is asked again to remove what it did not remove.
const RETRY: TimeDelta = TimeDelta::minutes(10);

/// How many versions of an organization one sweep handles.
const BATCH: u64 = 500;

/// How long an action waits for the store to remove what it discarded. The sweep removes the rest.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Ends the uploads of an organization that are overdue, and removes what is discarded.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReclaimStorage {}

impl JobKind for ReclaimStorage {
    const NAME: &'static str = "storage.reclaim";

    const OPTIONS: KindOptions = KindOptions::MAINTENANCE;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl ReclaimStorage {
    /// Declares that it runs every ten minutes.
    pub fn recurring() -> Recurring {
        Recurring::new(Self::NAME, Every::Minutes(10), Missed::MakeUp, |_| Self {})
    }

    /// Runs the job.
    pub async fn run((database, objects): (Database, Objects), _: Self, context: JobContext) -> Result<(), JobError> {
        Ok(sweep(&database, &objects, context.organization()).await?)
    }
}

/// Ends the uploads of an organization that are overdue, and removes what is discarded.
pub async fn sweep(database: &Database, objects: &Objects, organization: Uuid) -> Result<(), Error> {
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    let due = tx.find_whole::<Entity>()?.filter(Column::SweepAt.lte(tx.now));
    let due = due.order_by(Column::SweepAt, Order::Asc).limit(BATCH).all().await?;
    drop(tx);
    for version in due {
        let idle_since = idle_since(objects, &version).await?;
        reclaim(database, objects, organization, version.id, idle_since).await?;
    }
    Ok(())
}

/// Returns when an open upload was requested, or when its newest part arrived.
async fn idle_since(objects: &Objects, version: &Model) -> Result<DateTime<Utc>, Error> {
    let requested = version.created_at;
    let Some(upload) = version.upload_id.as_deref() else { return Ok(requested) };
    if version.status != Status::Pending || version.discarded_at.is_some() {
        return Ok(requested);
    }
    let size = u64::try_from(version.size).map_err(Error::internal)?;
    let received = objects.received(&version.storage_key, upload, size).await?;
    Ok(requested.max(received.and_then(|received| received.newest_at).unwrap_or(requested)))
}

/// Removes a discarded version, or all those of a document, from the store right after the action that discarded them.
/// The sweep does what fails here.
pub async fn reclaim_now(database: &Database, objects: &Objects, organization: Uuid, discarded: Discarded) {
    let removing = async {
        let tx = database.write_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
        let named = match discarded {
            Discarded::Version(id) => Column::Id.eq(id),
            Discarded::VersionsOf(document) => Column::DocumentId.eq(document),
        };
        let versions = tx.find_whole::<Entity>()?.filter(named).filter(Column::SweepAt.is_not_null());
        let versions = versions.filter(Column::DiscardedAt.is_not_null()).all().await?;
        drop(tx);
        for version in versions {
            reclaim(database, objects, organization, version.id, version.created_at).await?;
        }
        Ok::<_, Error>(())
    };
    match timeout(MAX_WAIT, removing).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "could not reclaim storage; the server retries later"),
        Err(_) => tracing::warn!("could not reclaim storage in time; the server retries later"),
    }
}

/// The bytes that an action discarded.
#[derive(Clone, Copy, Debug)]
pub enum Discarded {
    /// A version.
    Version(Uuid),
    /// The versions of a document.
    VersionsOf(Uuid),
}

/// Takes a version through the three steps, or schedules when it is to be looked at again.
async fn reclaim(
    database: &Database,
    objects: &Objects,
    organization: Uuid,
    id: Uuid,
    idle_since: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(version) = discard(database, organization, id, idle_since).await? else { return Ok(()) };
    // The version that was uploaded removes the object, and no sooner than the last one that shares it is discarded.
    if version.restored_from.is_none() {
        if is_shared(database, organization, &version).await? {
            return Ok(());
        }
        objects.remove(&version.storage_key, version.upload_id.as_deref()).await?;
        preview::remove(objects, &version).await?;
    }
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    quota::lock_stored(&tx).await?;
    let before = tx.find_whole::<Entity>()?.filter(Column::Id.eq(id)).for_update().one().await?;
    if let Some(before) = before.filter(|before| before.released_at.is_none()) {
        let after = Model { released_at: Some(tx.now), sweep_at: None, upload_id: None, ..before.clone() };
        let before = tx.authorize_row::<Entity>(UploadAction::Cancel, before)?;
        tx.update_part(&before, &*before, after).await?;
    }
    tx.commit().await
}

/// Returns whether a version that is not discarded has the same object.
async fn is_shared(database: &Database, organization: Uuid, version: &Model) -> Result<bool, Error> {
    let tx = database.read_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    let others = tx.find_whole::<Entity>()?.filter(Column::DocumentId.eq(version.document_id));
    let others = others.filter(Column::StorageKey.eq(&version.storage_key)).filter(Column::Id.ne(version.id));
    others.filter(Column::DiscardedAt.is_null()).exists().await
}

/// The version, if its bytes are to be removed: it is discarded, or is discarded now because it is overdue.
async fn discard(
    database: &Database,
    organization: Uuid,
    id: Uuid,
    idle_since: DateTime<Utc>,
) -> Result<Option<Model>, Error> {
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    let Some(version) = tx.find_whole::<Entity>()?.filter(Column::Id.eq(id)).one().await? else { return Ok(None) };
    // The document is locked before its version, as everywhere.
    let document = tx.find_whole::<documents::Entity>()?.filter(documents::Column::Id.eq(version.document_id));
    let document = document.for_update().one().await?;
    let before = tx.find_whole::<Entity>()?.filter(Column::Id.eq(id)).for_update().one().await?;
    let (Some(document), Some(before)) = (document, before) else { return Ok(None) };
    let document = tx.authorize_row::<documents::Entity>(DocumentAction::EndUpload, document)?;
    let before = tx.authorize_row::<Entity>(UploadAction::Cancel, before)?;
    let expires = idle_since + OPEN_FOR;
    let sweep_at = match (before.status, before.discarded_at) {
        _ if before.released_at.is_some() => None,
        (_, Some(_)) => Some(tx.now + RETRY),
        (Status::Ready, None) => None,
        (Status::Pending, None) if expires > tx.now => Some(expires),
        // The job that verifies it was given up.
        (Status::Verifying, None) => {
            let upload = before.upload_id.clone();
            drop((document, before));
            upload_status::fail(&tx, id, upload.as_deref(), FailureReason::StoreUnavailable.into()).await?;
            tx.commit().await?;
            return Ok(None);
        }
        (Status::Pending | Status::Failed, None) => {
            end(&tx, document, &before).await?;
            tx.commit().await?;
            return Ok(Some(before.into_row()));
        }
    };
    tx.update_part(&before, &*before, Model { sweep_at, ..before.clone() }).await?;
    tx.commit().await?;
    let removable = before.discarded_at.is_some() && before.released_at.is_none();
    Ok(removable.then(|| before.into_row()))
}

/// Discards an open upload. A document that consists of nothing else goes with it.
pub(super) async fn end(
    tx: &WriteTx,
    document: Allowed<documents::Entity>,
    version: &Allowed<Entity>,
) -> Result<(), Error> {
    if document.status != Status::Ready && !others_open(tx, version).await? {
        let dossier = dossier_of(tx, version.client_id).await?;
        // This discards its versions, too.
        return document::remove(tx, &dossier, document).await;
    }
    let after = Model { discarded_at: Some(tx.now), sweep_at: Some(tx.now), ..Model::clone(version) };
    tx.update_part(version, &**version, after).await?;
    upload_status::record(tx, &document, version, Kind::DocumentUploadRequested).await
}

async fn others_open(tx: &WriteTx, version: &Model) -> Result<bool, Error> {
    let others = tx.find_whole::<Entity>()?.filter(Column::DocumentId.eq(version.document_id));
    others.filter(Column::Id.ne(version.id)).filter(Column::DiscardedAt.is_null()).exists().await
}
