//! New versions of documents that requests are about.

use super::{
    round::{Versions, versions_of_round},
    step::{UNDECIDED, history, save},
    submit::{first_of_round, insert},
};
use crate::client::dossier_of;
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, WriteTx};
use dossier_jobs::{Concurrency, JobContext, JobError, JobKind, KindOptions};
use dossier_policy::ValidationAction;
use entities::{
    client,
    document::{self, Status as UploadStatus},
    document_version as version,
    event::ActorKind,
    validation_request::{Column, Entity, Model, Status},
    validation_step::{self as step, Action},
    validation_version as part,
};
use sea_orm::{
    ColumnTrait,
    sea_query::{ExprTrait, Order, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Brings the requests about a document to its new version. A pending request begins another round. If the document was
/// decided on and no request about it is open, a new request begins. What was decided never changes.
///
/// This is a job, because the person who uploads a version may not see the requests about it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FollowVersion {
    /// The new version.
    pub version: Uuid,
}

impl JobKind for FollowVersion {
    const NAME: &'static str = "validation.follow";

    const OPTIONS: KindOptions = KindOptions {
        priority: 5,
        concurrency: Concurrency { per_process: Some(4), overall: None, per_organization: Some(1) },
        ..KindOptions::MAINTENANCE
    };

    fn unique_key(&self) -> Option<String> {
        Some(self.version.to_string())
    }
}

impl FollowVersion {
    /// Runs the job.
    pub async fn run(database: Database, job: Self, context: JobContext) -> Result<(), JobError> {
        let system = Viewer::system(context.organization(), SystemPurpose::Jobs);
        let tx = database.write_as(system).await?;
        if let Some(version) = tx.get::<version::Entity>(job.version).await?.filter(is_complete) {
            follow(&tx, &version).await?;
        }
        tx.complete_job(&context.lease).await?;
        Ok(tx.commit().await?)
    }
}

fn is_complete(version: &version::Model) -> bool {
    version.status == UploadStatus::Ready && version.discarded_at.is_none()
}

async fn follow(tx: &WriteTx, version: &version::Model) -> Result<(), Error> {
    // The document is locked first, as everywhere. It may be in the trash by now.
    let document = tx.find::<document::Entity>().filter(document::Column::Id.eq(version.document_id)).for_update();
    let Some(document) = document.one().await? else { return Ok(()) };
    let is_published = document.published_version_id == Some(version.id);
    let requests = tx.find::<Entity>().filter(Column::RoundId.in_subquery(rounds_about(version)));
    let mut is_open = false;
    let undecided = requests.filter(Column::Status.is_in(UNDECIDED));
    // All requests are locked before the dossier, which somebody who decides locks after theirs.
    for request in undecided.order_by(Column::Id, Order::Asc).for_update().all().await? {
        let (before, dossier) = tx.authorize_in_dossier::<Entity>(request.id, "id", ValidationAction::Submit).await?;
        is_open |= UNDECIDED.contains(&before.status);
        // A client who sees the request must not learn of a hidden version. Publishing it follows it again.
        let is_hidden = !before.internal && !is_published;
        let versions = versions_of_round(tx, &before).await?;
        let is_closed = before.status != Status::Pending || dossier.status == client::Status::Archived;
        if is_closed || is_hidden || !is_newer(version, &versions) {
            continue;
        }
        let versions = versions.with(version);
        let after = Model { document_version_id: versions.first(), ..before.clone() };
        let step = by_uploader(history(tx, &after, Action::VersionReplaced, None).await?, version);
        let after = Model { round_id: step.id, ..after };
        let after = save(tx, &dossier, &before, after, step).await?;
        versions.insert(tx, &after).await?;
    }
    if is_open { Ok(()) } else { reopen(tx, version).await }
}

/// Submits a new request about a document whose last request was decided.
async fn reopen(tx: &WriteTx, version: &version::Model) -> Result<(), Error> {
    let decided = tx
        .find::<Entity>()
        .filter(Column::RoundId.in_subquery(rounds_about(version)))
        .filter(Column::Status.is_in([Status::Approved, Status::Rejected]));
    let Some(last) = decided.order_by(Column::Id, Order::Desc).one().await? else { return Ok(()) };
    let versions = versions_of_round(tx, &last).await?;
    let dossier = dossier_of(tx, last.client_id).await?;
    let is_approved = last.status == Status::Approved && versions.contains_bytes_of(version);
    if is_approved || !is_newer(version, &versions) || dossier.status == client::Status::Archived {
        return Ok(());
    }
    let versions = versions.with(version);
    let row = Model {
        id: tx.new_id(),
        organization_id: last.organization_id,
        client_id: last.client_id,
        document_version_id: versions.first(),
        previous_id: Some(last.id),
        title: last.title,
        description: last.description,
        status: Status::Pending,
        // A client sees what they submit, unless it would show them a request that was never shared with them.
        internal: last.internal || version.uploader_kind != ActorKind::Client,
        submitter_id: version.uploader_id,
        submitter_name: version.uploader_name.clone(),
        submitter_kind: version.uploader_kind,
        assignee_id: last.assignee_id,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
        ..Model::default()
    };
    let step = by_uploader(history(tx, &row, Action::Submitted, None).await?, version);
    insert(tx, &dossier, row, step, &versions).await.map(drop)
}

/// The rounds with a version of the same document.
fn rounds_about(version: &version::Model) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(part::Column::RoundId)
        .from(part::Entity)
        .and_where(part::Column::OrganizationId.into_expr().eq(version.organization_id))
        .and_where(part::Column::DocumentId.into_expr().eq(version.document_id))
        .take()
}

fn is_newer(version: &version::Model, versions: &Versions) -> bool {
    versions.number_of(version.document_id).is_some_and(|number| number < version.number)
}

/// Returns the first step of a round, which the uploader of the version has caused.
fn by_uploader(step: step::Model, version: &version::Model) -> step::Model {
    let (actor_id, actor_name) = (version.uploader_id, version.uploader_name.clone());
    first_of_round(step::Model { actor_kind: version.uploader_kind, actor_id, actor_name, ..step })
}
