//! Lists, retries and discards jobs.

use super::output;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Subcommand, ValueEnum};
use dossier_core::{
    error::BoxError,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, QueueTx};
use dossier_jobs::{
    CancelResult, JobFilter, JobRow, QueueDatabase, QueueTransaction, QueueViewer, RetryResult, cancel,
    find_organization, list, retry,
};
use entities::{
    job,
    organization::{Column, Entity, Model},
};
use sea_orm::{ActiveEnum, ColumnTrait, sea_query::Order};
use serde_json::{Value, json};
use uuid::Uuid;

/// `dossier jobs …`
#[derive(Clone, Subcommand)]
pub enum JobsCommand {
    /// List jobs, newest first. Prints a line of JSON for each job, without its payload.
    List {
        /// Only jobs in this state.
        #[arg(long, value_enum)]
        state: Option<State>,
        /// Only jobs of this kind, such as `events.clear`.
        #[arg(long)]
        kind: Option<String>,
        /// Only jobs of the organization with this slug.
        #[arg(long)]
        organization: Option<String>,
        /// Maximum number of jobs.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
        limit: u16,
    },
    /// Run dead, cancelled or waiting jobs at once, with all their attempts.
    Retry {
        /// Ids of the jobs, as printed by `dossier jobs list`.
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
    /// Discard jobs: queued and dead ones at once, running ones when they stop.
    Discard {
        /// Ids of the jobs, as printed by `dossier jobs list`.
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
}

/// The state of a job.
#[derive(Clone, Copy, ValueEnum)]
pub enum State {
    Queued,
    Running,
    Done,
    Dead,
    Cancelled,
}

impl From<State> for job::State {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Running => Self::Running,
            State::Done => Self::Done,
            State::Dead => Self::Dead,
            State::Cancelled => Self::Cancelled,
        }
    }
}

/// Runs `dossier jobs`.
pub async fn jobs(database: &Database, command: JobsCommand) -> Result<(), BoxError> {
    match command {
        JobsCommand::List { state, kind, organization, limit } => {
            let filter = JobFilter { state: state.map(Into::into), kind };
            for (organization, row) in find(database, organization.as_deref(), &filter, limit.into()).await? {
                output::line(line(&organization, &row))?;
            }
            Ok(())
        }
        JobsCommand::Retry { ids } => {
            for id in ids {
                retry_one(database, id).await?;
            }
            Ok(())
        }
        JobsCommand::Discard { ids } => {
            for id in ids {
                discard_one(database, id).await?;
            }
            Ok(())
        }
    }
}

/// Returns the newest jobs of one organization, or of all.
async fn find(
    database: &Database,
    slug: Option<&str>,
    filter: &JobFilter,
    limit: usize,
) -> Result<Vec<(String, JobRow)>, BoxError> {
    let mut found = Vec::new();
    for organization in organizations(database, slug).await? {
        let tx = database.begin_read(QueueViewer::System(organization.id)).await?;
        let rows = list(&tx, organization.id, filter, u64::try_from(limit)?).await?;
        found.extend(rows.into_iter().map(|row| (organization.slug.clone(), row)));
    }
    found.sort_by_key(|(_, row)| std::cmp::Reverse(row.job.id));
    found.truncate(limit);
    Ok(found)
}

async fn organizations(database: &Database, slug: Option<&str>) -> Result<Vec<Model>, BoxError> {
    let tx = database.read_as(Viewer::platform(SystemPurpose::Command)).await?;
    let rows = tx.find::<Entity>().order_by(Column::Slug, Order::Asc);
    let Some(slug) = slug else { return Ok(rows.all().await?) };
    let rows = rows.filter(Column::Slug.eq(slug)).all().await?;
    if rows.is_empty() { Err(format!("no organization has the slug `{slug}`").into()) } else { Ok(rows) }
}

fn line(organization: &str, JobRow { job, detail }: &JobRow) -> Value {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let detail = detail.as_ref();
    json!({
        "id": job.id,
        "organization": organization,
        "kind": job.kind,
        "state": job.state.to_value(),
        "priority": job.priority,
        "uniqueKey": job.unique_key,
        "runAt": time(job.run_at),
        "attempts": job.attempts,
        "maxAttempts": job.max_attempts,
        "cancelRequested": job.cancel_requested,
        "createdAt": time(job.created_at),
        "startedAt": job.started_at.map(time),
        "leasedUntil": job.leased_until.map(time),
        "finishedAt": job.finished_at.map(time),
        "progressDone": detail.map(|detail| detail.progress_done),
        "progressTotal": detail.and_then(|detail| detail.progress_total),
        "error": detail.and_then(|detail| detail.error.as_deref()),
    })
}

async fn retry_one(database: &Database, id: Uuid) -> Result<(), BoxError> {
    let (tx, organization) = within(database, id).await?;
    match retry(&tx, tx.now(), organization, id).await? {
        RetryResult::Queued => tx.commit().await?,
        RetryResult::Running => return Err(format!("the job {id} is running").into()),
        RetryResult::Done => return Err(format!("the job {id} is done").into()),
        RetryResult::Duplicate => {
            return Err(format!("the job {id} cannot be retried: an unfinished job has the same unique key").into());
        }
        RetryResult::NotFound => return Err(missing(id)),
    }
    Ok(output::line(json!({ "id": id, "state": "QUEUED" }))?)
}

async fn discard_one(database: &Database, id: Uuid) -> Result<(), BoxError> {
    let (tx, organization) = within(database, id).await?;
    let state = match cancel(&tx, tx.now(), organization, id).await? {
        CancelResult::Cancelled => "CANCELLED",
        CancelResult::Requested => "RUNNING",
        CancelResult::Finished => return Err(format!("the job {id} is finished").into()),
        CancelResult::NotFound => return Err(missing(id)),
    };
    tx.commit().await?;
    Ok(output::line(json!({ "id": id, "state": state }))?)
}

/// Begins a transaction within the organization of a job.
async fn within(database: &Database, id: Uuid) -> Result<(QueueTx, Uuid), BoxError> {
    let tx = database.begin_read(QueueViewer::Worker).await?;
    let organization = find_organization(&tx, id).await?.ok_or_else(|| missing(id))?;
    drop(tx);
    Ok((database.begin_write(QueueViewer::System(organization)).await?, organization))
}

fn missing(id: Uuid) -> BoxError {
    format!("there is no job {id}").into()
}
