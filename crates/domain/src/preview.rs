//! Previews: small pictures of versions, which are objects beside those of the versions.
//!
//! A version has its previews before it is known that it has them, and is known to be without a version only after they
//! are gone. A restored version shares the previews of the version that was uploaded, as it shares its bytes.

use chrono::TimeDelta;
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, WriteTx};
use dossier_jobs::{Concurrency, Every, JobContext, JobError, JobKind, KindOptions, Missed, Recurring};
use dossier_policy::UploadAction;
use dossier_preview::{Format, MAX_BYTES, Pictures, Renderer, WIDTHS};
use dossier_storage::Objects;
use entities::{
    document::Status,
    document_version::{Column, Entity, Model, Preview},
};
use sea_orm::{ColumnTrait, sea_query::Order};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How many versions one sweep handles.
const BATCH: u64 = 500;

/// The parts of the server that the jobs use.
pub type PreviewContext = (Database, Objects, Renderer);

/// Makes the previews of a version.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MakePreviews {
    /// The version, which is complete.
    pub version: Uuid,
}

impl JobKind for MakePreviews {
    const NAME: &'static str = "document.preview";

    const OPTIONS: KindOptions = KindOptions {
        timeout: Duration::from_mins(5),
        // Each process needs much memory.
        concurrency: Concurrency { per_process: Some(1), overall: None, per_organization: Some(1) },
        ..KindOptions::DEFAULT
    };

    fn unique_key(&self) -> Option<String> {
        Some(self.version.to_string())
    }
}

impl MakePreviews {
    /// Runs the job.
    pub async fn run(
        (database, objects, renderer): PreviewContext,
        job: Self,
        context: JobContext,
    ) -> Result<(), JobError> {
        let system = Viewer::system(context.organization(), SystemPurpose::Jobs);
        let tx = database.read_as(system.clone()).await?;
        let version = tx.find_whole::<Entity>()?.filter(Column::Id.eq(job.version)).one().await?;
        drop(tx);
        let Some(version) = version.filter(waits) else { return Ok(()) };
        let preview = match render(&objects, &renderer, &version).await? {
            Some(pictures) => store(&objects, &version, pictures).await?,
            None => Preview::None,
        };
        let tx = database.write_as(system).await?;
        let is_kept = record(&tx, &version, preview).await?;
        tx.commit().await?;
        // The job ends after this, so that another attempt removes what a killed process has left.
        if is_kept { Ok(()) } else { Ok(remove(&objects, &version).await?) }
    }
}

/// Finds versions that have waited for their previews for too long, such as those of an earlier Dossier.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FindMissingPreviews {}

impl JobKind for FindMissingPreviews {
    const NAME: &'static str = "document.previews";

    const OPTIONS: KindOptions = KindOptions::MAINTENANCE;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl FindMissingPreviews {
    /// Declares that it runs every hour.
    pub fn recurring() -> Recurring {
        Recurring::new(Self::NAME, Every::Minutes(60), Missed::MakeUp, |_| Self {})
    }

    /// Runs the job.
    pub async fn run(database: Database, _: Self, context: JobContext) -> Result<(), JobError> {
        let tx = database.write_as(Viewer::system(context.organization(), SystemPurpose::Jobs)).await?;
        let waiting = tx.find_whole::<Entity>()?.filter(Column::Preview.is_null());
        let waiting = waiting.filter(Column::Status.eq(Status::Ready)).filter(Column::DiscardedAt.is_null());
        let waiting = waiting.filter(Column::CreatedAt.lt(tx.now - TimeDelta::hours(1)));
        for version in waiting.order_by(Column::Id, Order::Desc).limit(BATCH).all().await? {
            tx.enqueue_job(&MakePreviews { version: version.id }).await?;
        }
        tx.complete_job(&context.lease).await?;
        Ok(tx.commit().await?)
    }
}

/// Returns what is known about the previews of a version that has just become complete. A job makes them.
pub(super) async fn begin(tx: &WriteTx, version: Uuid, content_type: &str) -> Result<Option<Preview>, Error> {
    if !dossier_preview::is_supported(content_type) {
        return Ok(Some(Preview::None));
    }
    tx.enqueue_job(&MakePreviews { version }).await?;
    Ok(None)
}

/// Returns the key and the media type of the narrowest preview that is at least this wide, in pixels.
pub fn preview_of(version: &Model, width: u32) -> Option<(String, &'static str)> {
    let format = match version.preview? {
        Preview::None => return None,
        Preview::Jpeg => Format::Jpeg,
        Preview::Png => Format::Png,
    };
    let index = WIDTHS.iter().position(|one| *one >= width).unwrap_or(WIDTHS.len() - 1);
    Some((keys(version)[index].clone(), format.media_type()))
}

/// Returns the keys of the previews of a version, whether there are any or not.
pub(super) fn keys(version: &Model) -> [String; WIDTHS.len()] {
    WIDTHS.map(|width| format!("{}.{width}", version.storage_key))
}

/// Removes the previews of a version from the store. Only complete versions have any.
pub(super) async fn remove(objects: &Objects, version: &Model) -> Result<(), Error> {
    if version.status == Status::Ready && version.preview != Some(Preview::None) {
        for key in keys(version) {
            objects.delete(&key).await?;
        }
    }
    Ok(())
}

fn waits(version: &Model) -> bool {
    version.status == Status::Ready && version.preview.is_none()
}

async fn render(objects: &Objects, renderer: &Renderer, version: &Model) -> Result<Option<Pictures>, JobError> {
    let is_small = u64::try_from(version.size).is_ok_and(|size| size <= MAX_BYTES);
    if !is_small || version.discarded_at.is_some() || !dossier_preview::is_supported(&version.content_type) {
        return Ok(None);
    }
    let send = async |input: &mut dossier_preview::Input| objects.copy_to(&version.storage_key, input).await;
    Ok(renderer.render(&version.content_type, send).await?)
}

async fn store(objects: &Objects, version: &Model, pictures: Pictures) -> Result<Preview, Error> {
    let format = pictures.format;
    for (key, file) in keys(version).iter().zip(pictures.files) {
        objects.put(key, format.media_type(), file).await?;
    }
    Ok(match format {
        Format::Jpeg => Preview::Jpeg,
        Format::Png => Preview::Png,
    })
}

/// Records the previews of a version and of those that share its bytes. Returns false if none is left.
async fn record(tx: &WriteTx, version: &Model, preview: Preview) -> Result<bool, Error> {
    let sharing = tx.find_whole::<Entity>()?.filter(Column::DocumentId.eq(version.document_id));
    let sharing = sharing.filter(Column::StorageKey.eq(&version.storage_key)).filter(Column::DiscardedAt.is_null());
    let sharing = sharing.order_by(Column::Id, Order::Asc).for_update().all().await?;
    let is_kept = !sharing.is_empty();
    for before in sharing {
        let after = Model { preview: Some(preview), ..before.clone() };
        let before = tx.authorize_row::<Entity>(UploadAction::Complete, before)?;
        tx.update_part(&before, &*before, after).await?;
    }
    Ok(is_kept)
}
