//! The trash: restoring deleted documents, and purging them.
//!
//! Purging takes three steps. A transaction marks the document, and a trigger discards its versions. Then
//! [`super::reclaim`] removes their bytes from the store. Later, the rows are deleted, unless a validation request names
//! one of the versions. Each step can be repeated, by any process.

use super::{
    check,
    client::{dossier_of, open_dossier},
    document::DocumentUseCase,
    retention::{obstacle_within, purge_obstacle},
    session,
    use_case::UseCase,
};
use chrono::TimeDelta;
use dossier_core::{
    error::{Error, UserError},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Allowed, AuditRecord, Database, DomainEvent, IDEMPOTENCY_KEPT_FOR, WriteTx};
use dossier_jobs::{Every, JobContext, JobError, JobKind, KindOptions, Missed, Recurring};
use dossier_policy::{DocumentAction, documents_in_requests};
use entities::{
    audit_entry::Action,
    document::{Column, Entity, Model},
    document_version as version,
    event::Kind,
};
use sea_orm::{ColumnTrait, sea_query::Order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many documents are read together.
const BATCH: u64 = 500;

/// Takes a document out of the trash, as it was.
pub async fn restore(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Restore, expected).await?;
    DocumentUseCase::Restore.check_state(tx, &before).await?;
    let dossier = open_dossier(tx, before.client_id, "id").await?;
    let after = Model {
        deleted_at: None,
        deleter_id: None,
        deleter_name: None,
        deleter_kind: None,
        revision: before.revision + 1,
        updated_at: tx.now,
        ..before.clone()
    };
    let event = DomainEvent::added(Kind::DocumentRestored, &dossier, &after);
    Ok(tx.update(&before, after, event).await?.id)
}

/// Removes a document from the trash for good.
pub async fn purge(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = begin(tx, id, DocumentUseCase::Purge, expected).await?;
    session::require_recent_proof(tx).await?;
    DocumentUseCase::Purge.check_state(tx, &before).await?;
    if let Some(obstacle) = purge_row(tx, before).await? {
        return Err(UserError::conflict(obstacle).into());
    }
    Ok(id)
}

/// Returns a document, locked, if the viewer may do this with documents in the trash.
async fn begin(
    tx: &WriteTx,
    id: Uuid,
    use_case: DocumentUseCase,
    expected: Option<i32>,
) -> Result<Allowed<Entity>, Error> {
    let row = match tx.find_in_trash::<Entity>().filter(Column::Id.eq(id)).for_update().one().await? {
        Some(row) => row,
        None => tx.visible::<Entity>(id, "id").await?,
    };
    let row = tx.authorize_row::<Entity>(use_case.permission(), row)?;
    check::revision(expected, row.revision)?;
    Ok(row)
}

/// Purges a document, unless something stops it. Returns the reason then. No event announces it, because the deletion was
/// announced.
async fn purge_row(tx: &WriteTx, before: Allowed<Entity>) -> Result<Option<String>, Error> {
    let dossier = dossier_of(tx, before.client_id).await?;
    if let Some(obstacle) = obstacle_within(tx, &before, &dossier).await? {
        return Ok(Some(obstacle));
    }
    let after = Model { purged_at: Some(tx.now), published_version_id: None, ..before.clone() };
    let after = tx.update_part(&before, &*before, after).await?;
    let record = AuditRecord::new(Action::DocumentPurged, after.id).of_client(Some(after.client_id));
    tx.audit(record.named(after.name));
    Ok(None)
}

/// Purges the documents of an organization that have been in the trash for long enough.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PurgeTrash {}

impl JobKind for PurgeTrash {
    const NAME: &'static str = "trash.purge";

    const OPTIONS: KindOptions = KindOptions::MAINTENANCE;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl PurgeTrash {
    /// Declares that it runs every hour.
    pub fn recurring() -> Recurring {
        Recurring::new(Self::NAME, Every::Hours(1), Missed::MakeUp, |_| Self {})
    }

    /// Runs the job.
    pub async fn run(database: Database, _: Self, context: JobContext) -> Result<(), JobError> {
        Ok(purge_expired(&database, context.organization()).await?)
    }
}

/// Purges the documents of an organization that have been in the trash for long enough, and deletes the rows of those that
/// were purged.
pub async fn purge_expired(database: &Database, organization: Uuid) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let (due, last) = due(database, organization, after).await?;
        for id in due {
            let tx = system(database, organization).await?;
            let row = tx.find_in_trash::<Entity>().filter(Column::Id.eq(id)).for_update().one().await?;
            let Some(row) = row else { continue };
            let row = tx.authorize_row::<Entity>(DocumentAction::Purge, row)?;
            if purge_row(&tx, row).await?.is_none() {
                tx.commit().await?;
            }
        }
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    delete_purged(database, organization).await
}

async fn system(database: &Database, organization: Uuid) -> Result<WriteTx, Error> {
    database.write_as(Viewer::system(organization, SystemPurpose::Storage)).await
}

/// Returns the next documents that can be purged, and the last one that was looked at, if there may be more.
async fn due(database: &Database, organization: Uuid, after: Uuid) -> Result<(Vec<Uuid>, Option<Uuid>), Error> {
    let tx = database.read_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    let days = super::calendar::organization(&tx).await?.trash_days;
    let expired = Column::DeletedAt.lte(tx.now - TimeDelta::days(days.into()));
    let rows = tx.find_in_trash::<Entity>().filter(expired).filter(Column::Id.gt(after));
    let rows = rows.order_by(Column::Id, Order::Asc).limit(BATCH).all().await?;
    let last = rows.last().filter(|_| rows.len() as u64 == BATCH).map(|row| row.id);
    let mut due = Vec::new();
    for row in rows {
        match purge_obstacle(&tx, &row).await? {
            None => due.push(row.id),
            Some(obstacle) => tracing::debug!(document = %row.id, obstacle, "a document is not purged yet"),
        }
    }
    Ok((due, last))
}

/// Deletes the rows of purged documents whose bytes are gone. Rows stay as long as the result of a mutation may be asked
/// for again, and as long as a validation request names a version.
async fn delete_purged(database: &Database, organization: Uuid) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let tx = system(database, organization).await?;
        let purged = Column::PurgedAt.lt(tx.now - IDEMPOTENCY_KEPT_FOR);
        let rows = tx.find_whole::<Entity>()?.filter(purged).filter(documents_in_requests(organization).not());
        let rows = rows.filter(Column::Id.gt(after)).order_by(Column::Id, Order::Asc).limit(BATCH);
        let rows = rows.for_update().all().await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
        after = last;
        for row in rows {
            let versions = tx.find_whole::<version::Entity>()?.filter(version::Column::DocumentId.eq(row.id));
            if versions.filter(version::Column::ReleasedAt.is_null()).exists().await? {
                continue;
            }
            let id = row.id;
            let row = tx.authorize_row::<Entity>(DocumentAction::Purge, row)?;
            tx.delete_parts::<Entity, version::Entity>(&row, version::Column::DocumentId.eq(id)).await?;
            tx.delete_parts::<Entity, Entity>(&row, Column::Id.eq(id)).await?;
        }
        tx.commit().await?;
    }
}
