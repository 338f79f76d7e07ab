//! The steps of an upload that call the object store. No transaction is open meanwhile.

use crate::graphql::request::ContextExt;
use async_graphql::Context;
use dossier_core::error::{Error, UserError, separate};
use dossier_data::ReadTx;
use dossier_domain::{
    completion::Verified,
    reclaim::{self, Discarded},
    upload, upload_status,
    verification::{self, Verdict},
};
use dossier_storage::Objects;
use entities::{document::Status, document_version as version};
use futures::{StreamExt, stream};
use uuid::Uuid;

/// The number of calls to the store at a time for one mutation.
const PARALLEL: usize = 8;

/// An upload whose bytes were sent, and its right media type if another one was announced.
pub struct Sent {
    pub version: Uuid,
    pub content_type: Option<String>,
}

/// Returns the error for a repeated request whose upload was cancelled or expired, or whose document was deleted.
fn ended() -> UserError {
    UserError::conflict("This upload has ended. Request a new one with another idempotency key.")
}

/// Opens the store's uploads of versions that have none yet. Returns the refusals, each with the index of its version.
pub async fn open(ctx: &Context<'_>, versions: &[Uuid]) -> Result<Vec<(usize, UserError)>, Error> {
    let request = ctx.request()?;
    let tx = ctx.tx().await?;
    let (mut refused, mut rows) = (Vec::new(), Vec::new());
    for (index, id) in versions.iter().enumerate() {
        match tx.get::<version::Entity>(*id).await? {
            None => refused.push((index, ended())),
            Some(row) if row.status == Status::Ready || row.upload_id.is_some() => {}
            Some(row) => rows.push((index, row)),
        }
    }
    drop(tx);
    request.end_tx().await;
    let objects = request.objects();
    let open_one = async |(index, row): (usize, version::Model)| {
        let begun = objects.begin_upload(&row.storage_key, &row.content_type).await;
        (index, row, begun)
    };
    let begun: Vec<_> = stream::iter(rows).map(open_one).buffer_unordered(PARALLEL).collect().await;
    if begun.is_empty() {
        return Ok(refused);
    }
    let ids: Vec<_> = begun.iter().map(|(_, row, _)| row.id).collect();
    let (mut unused, mut failure) = (Vec::new(), None);
    let tx = request.write().await?;
    upload_status::lock_uploads(&tx, &ids).await?;
    for (index, row, begun) in begun {
        match begun {
            Ok(upload) => match separate(upload::opened(&tx, row.id, &upload).await)? {
                Ok(true) => {}
                Ok(false) => unused.push((row.storage_key, upload)),
                Err(user_error) => {
                    refused.push((index, user_error));
                    unused.push((row.storage_key, upload));
                }
            },
            Err(error) => failure = Some(error),
        }
    }
    tx.commit().await?;
    for (key, upload) in unused {
        objects.cancel_upload(&key, &upload).await?;
    }
    failure.map_or(Ok(refused), |error| Err(error.into()))
}

/// Compares the received bytes with the announced ones, unless this takes too long for a request.
pub async fn verify(ctx: &Context<'_>, uploads: Vec<Sent>) -> Result<Vec<Result<Verified, UserError>>, Error> {
    let request = ctx.request()?;
    // Each mutation begins a new transaction, and reads the viewer again.
    request.end_tx().await;
    let tx = ctx.tx().await?;
    let mut rows = Vec::with_capacity(uploads.len());
    for Sent { version, content_type } in uploads {
        rows.push(separate(pending(&tx, version, content_type).await)?);
    }
    drop(tx);
    request.end_tx().await;
    let (objects, scans) = (request.objects(), ctx.app()?.scanner.is_some());
    let verify = async |row: Result<version::Model, UserError>| match row {
        Ok(row) => verify_one(objects, row, scans).await,
        Err(user_error) => Ok(Checked::Refused(user_error)),
    };
    let checked: Vec<_> = stream::iter(rows).map(verify).buffered(PARALLEL).collect().await;
    record(ctx, checked.into_iter().collect::<Result<_, _>>()?).await
}

/// The result of looking at an upload's bytes.
enum Checked {
    Verified(Verified),
    Refused(UserError),
    Failed(Box<version::Model>, upload_status::Failure, UserError),
}

/// Returns the version that is to be completed, with its right media type.
async fn pending(tx: &ReadTx, id: Uuid, content_type: Option<String>) -> Result<version::Model, Error> {
    let row = upload::pending(tx, id).await?;
    match content_type {
        Some(content_type) => Ok(version::Model { content_type: upload::media_type(&content_type)?, ..row }),
        None => Ok(row),
    }
}

async fn verify_one(objects: &Objects, row: version::Model, scans: bool) -> Result<Checked, Error> {
    let content_type = row.content_type.clone();
    match row.status {
        Status::Ready => return Ok(Checked::Verified(Verified::Before)),
        Status::Verifying => return Ok(Checked::Verified(Verified::Later { content_type })),
        Status::Pending | Status::Failed => {}
    }
    Ok(match verification::verify(objects, &row, scans).await? {
        Verdict::Verified(sha256) => Checked::Verified(Verified::Now { content_type, sha256 }),
        Verdict::Arrived => Checked::Verified(Verified::Later { content_type }),
        Verdict::Incomplete(user_error) | Verdict::Ended(user_error) => Checked::Refused(user_error),
        Verdict::Failed(failure, user_error) => Checked::Failed(Box::new(row), failure, user_error),
    })
}

/// Records the uploads whose bytes were not accepted.
async fn record(ctx: &Context<'_>, checked: Vec<Checked>) -> Result<Vec<Result<Verified, UserError>>, Error> {
    let (mut results, mut failed) = (Vec::with_capacity(checked.len()), Vec::new());
    for (index, one) in checked.into_iter().enumerate() {
        results.push(match one {
            Checked::Verified(verified) => Ok(verified),
            Checked::Refused(user_error) => Err(user_error),
            Checked::Failed(row, failure, user_error) => {
                failed.push((row, failure, index));
                Err(user_error)
            }
        });
    }
    if failed.is_empty() {
        return Ok(results);
    }
    let ids: Vec<_> = failed.iter().map(|(row, ..)| row.id).collect();
    let tx = ctx.request()?.write().await?;
    upload_status::lock_uploads(&tx, &ids).await?;
    for (row, failure, index) in failed {
        let recorded = upload_status::fail(&tx, row.id, row.upload_id.as_deref(), failure).await;
        // The upload may have been cancelled meanwhile.
        if let Err(user_error) = separate(recorded)? {
            results[index] = Err(user_error);
        }
    }
    tx.commit().await?;
    Ok(results)
}

/// Deletes the objects that the last mutation discarded. The reclaim job repeats failed deletions.
pub async fn reclaim(ctx: &Context<'_>, discarded: Discarded) {
    let Ok(request) = ctx.request() else { return };
    let organization = ctx.tx().await.and_then(|read_tx| read_tx.organization());
    request.end_tx().await;
    if let Ok(organization) = organization {
        reclaim::reclaim_now(&request.app().database, request.objects(), organization, discarded).await;
    }
}
