//! Verifying uploads: the parts are joined, and the bytes are read once and compared with what was announced.

use super::{
    client::open_dossier,
    file_type::{self, Mismatch},
    upload::complete,
    upload_status::{Failure, OPEN_FOR, change_status, fail, uploaded},
};
use dossier_core::{
    error::{Error, UserError},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, WriteTx};
use dossier_jobs::{Backoff, Concurrency, JobContext, JobError, JobKind, KindOptions};
use dossier_storage::{Checkpoint, Digest, Finished, Objects, ScanError, Scanner, Verdict as ScanVerdict};
use entities::{
    document::Status,
    document_version::{Entity, FailureReason, Model, UNKNOWN_SHA256},
    event::Kind,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Uploads up to this size, in bytes, are verified in the request that completes them.
const SMALL: u64 = 8 << 20;

/// How long a request waits for the verification of a small upload, before it leaves it to [`VerifyUpload`].
const MAX_WAIT: Duration = Duration::from_secs(20);

/// The state of an upload whose bytes were sent.
pub enum Verdict {
    /// The bytes are what was announced. Contains their SHA-256.
    Verified(String),
    /// The bytes have arrived, and what remains to be done takes longer than a request may.
    Arrived,
    /// The bytes have not all arrived; the upload goes on.
    Incomplete(UserError),
    /// The bytes are not accepted.
    Failed(Failure, UserError),
    /// The upload ended before.
    Ended(UserError),
}

/// Verifies a small upload, and looks whether a larger one has arrived. No transaction is open meanwhile. A job scans the
/// bytes if there is a scanner.
pub async fn verify(objects: &Objects, version: &Model, scans: bool) -> Result<Verdict, Error> {
    let Some(upload) = version.upload_id.as_deref() else { return Ok(Verdict::Ended(ended())) };
    let (key, size) = (&version.storage_key, announced(version)?);
    if size > SMALL {
        let arrived = objects.has_arrived(key, upload, size).await?;
        return Ok(if arrived { Verdict::Arrived } else { Verdict::Incomplete(missing()) });
    }
    let Ok(finished) = tokio::time::timeout(MAX_WAIT, objects.finish_upload(key, upload, size)).await else {
        return Ok(Verdict::Arrived);
    };
    Ok(match finished? {
        Finished::Incomplete => Verdict::Incomplete(missing()),
        Finished::Over => Verdict::Failed(FailureReason::UploadLost.into(), ended()),
        Finished::Object(digest) => match compare(version, &digest) {
            Ok(()) if scans => Verdict::Arrived,
            Ok(()) => Verdict::Verified(digest.sha256),
            Err((failure, user_error)) => {
                if !failure.keeps_bytes() {
                    objects.abandon_upload(key, upload).await?;
                }
                Verdict::Failed(failure, user_error)
            }
        },
    })
}

fn announced(version: &Model) -> Result<u64, Error> {
    u64::try_from(version.size).map_err(Error::internal)
}

fn missing() -> UserError {
    UserError::conflict("Some bytes are still missing. Send them to the upload's URLs first.")
}

fn ended() -> UserError {
    UserError::conflict("This upload has ended, and its bytes were not accepted. Request a new upload.")
}

/// Hands an upload over to [`VerifyUpload`]: its bytes have arrived, and what remains to be done takes longer than a
/// request may. The media type may be another one than announced.
pub async fn begin_verification(tx: &WriteTx, id: Uuid, content_type: String) -> Result<Uuid, Error> {
    let (document, before) = uploaded(tx, id).await?;
    let document_id = document.id;
    if matches!(before.status, Status::Verifying | Status::Ready) {
        return Ok(document_id);
    }
    open_dossier(tx, document.client_id, "version_id").await?;
    let sweep_at = Some(tx.now + OPEN_FOR);
    let after = Model {
        status: Status::Verifying,
        failure_reason: None,
        recognized_type: None,
        content_type,
        sweep_at,
        ..before.clone()
    };
    change_status(tx, &document, &before, after, Kind::DocumentUploadRequested).await?;
    tx.enqueue_job(&VerifyUpload { version: id }).await?;
    Ok(document_id)
}

/// Verifies an upload, on behalf of the member who completed it. An attempt goes on where an earlier one stopped.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct VerifyUpload {
    /// The version that was uploaded.
    pub version: Uuid,
}

impl JobKind for VerifyUpload {
    const NAME: &'static str = "upload.verify";

    const OPTIONS: KindOptions = KindOptions {
        priority: 5,
        max_attempts: 20,
        timeout: Duration::from_hours(1),
        backoff: Backoff { first: Duration::from_secs(5), max: Duration::from_mins(15) },
        concurrency: Concurrency { per_process: Some(4), overall: None, per_organization: Some(2) },
    };

    fn unique_key(&self) -> Option<String> {
        Some(self.version.to_string())
    }
}

impl VerifyUpload {
    /// Runs the job.
    pub async fn run(
        (database, objects, scanner): (Database, Objects, Option<Scanner>),
        job: Self,
        context: JobContext,
    ) -> Result<(), JobError> {
        let system = Viewer::system(context.organization(), SystemPurpose::Jobs);
        let version = database.read_as(system).await?.get::<Entity>(job.version).await?;
        let Some(version) = version.filter(|version| version.status == Status::Verifying) else { return Ok(()) };
        let Some(upload) = version.upload_id.as_deref() else { return Ok(()) };
        let failure = match finish(&objects, &version, upload, &context).await {
            Ok(Finished::Object(digest)) => match compare(&version, &digest) {
                Ok(()) => match scan(&objects, scanner.as_ref(), &version).await {
                    Ok(None) => return job.complete(&database, &objects, &version, digest.sha256, &context).await,
                    Ok(Some(failure)) => failure,
                    Err(error) if !is_last(&context) => return Err(error.into()),
                    Err(ScanError::Scanner(_)) => FailureReason::ScannerUnavailable.into(),
                    Err(ScanError::Store(_)) => FailureReason::StoreUnavailable.into(),
                },
                Err((failure, _)) => failure,
            },
            Ok(Finished::Over) => FailureReason::UploadLost.into(),
            Ok(Finished::Incomplete) if !is_last(&context) => {
                return Err(JobError::message("the parts of the upload changed while they were joined"));
            }
            Err(error) if !is_last(&context) => return Err(error.into()),
            Ok(Finished::Incomplete) | Err(_) => FailureReason::StoreUnavailable.into(),
        };
        if !failure.keeps_bytes() {
            objects.abandon_upload(&version.storage_key, upload).await?;
        }
        job.fail(&database, &version, failure, &context).await
    }

    /// Makes the version part of the dossier, if the member may still do that.
    async fn complete(
        self,
        database: &Database,
        objects: &Objects,
        version: &Model,
        sha256: String,
        context: &JobContext,
    ) -> Result<(), JobError> {
        let completing = async {
            let tx = database.write_for_job(context).await?;
            complete(&tx, self.version, version.content_type.clone(), sha256).await?;
            tx.complete_job(&context.lease).await?;
            tx.commit().await
        };
        match completing.await {
            Err(Error::User(_) | Error::Unauthenticated(_)) => {
                if let Some(upload) = version.upload_id.as_deref() {
                    objects.abandon_upload(&version.storage_key, upload).await?;
                }
                self.fail(database, version, FailureReason::NotPermitted.into(), context).await
            }
            completed => Ok(completed?),
        }
    }

    /// Records the failure as the member's, or as Dossier's if the member may no longer do that.
    async fn fail(
        self,
        database: &Database,
        version: &Model,
        failure: Failure,
        context: &JobContext,
    ) -> Result<(), JobError> {
        let failing = async |tx: Result<_, Error>| {
            let tx: WriteTx = tx?;
            fail(&tx, self.version, version.upload_id.as_deref(), failure).await?;
            tx.complete_job(&context.lease).await?;
            tx.commit().await
        };
        match failing(database.write_for_job(context).await).await {
            Err(Error::User(_) | Error::Unauthenticated(_)) => {
                let system = Viewer::system(context.organization(), SystemPurpose::Jobs);
                match failing(database.write_as(system).await).await {
                    // The upload was cancelled meanwhile.
                    Err(Error::User(_)) => Ok(()),
                    failed => Ok(failed?),
                }
            }
            failed => Ok(failed?),
        }
    }
}

/// Joins the parts and reads the object from the newest checkpoint on.
async fn finish(objects: &Objects, version: &Model, upload: &str, context: &JobContext) -> Result<Finished, Error> {
    let size = announced(version)?;
    let checkpoint = context.checkpoint.as_deref().and_then(|text| checkpoint_of(upload, text));
    let save = |checkpoint: Checkpoint| {
        if let Ok(text) = serde_json::to_string(&(upload, &checkpoint)) {
            context.save_checkpoint(checkpoint.size, Some(size), text);
        }
    };
    let finished = objects.finish_large_upload(&version.storage_key, upload, size, checkpoint.as_ref(), save).await?;
    Ok(finished)
}

/// Reads a stored checkpoint, unless it belongs to an earlier upload: other bytes may have been sent since.
fn checkpoint_of(upload: &str, stored: &str) -> Option<Checkpoint> {
    let (id, checkpoint): (String, _) = serde_json::from_str(stored).ok()?;
    (id == upload).then_some(checkpoint)
}

/// Whether a failure of this attempt is final.
fn is_last(context: &JobContext) -> bool {
    context.attempt >= VerifyUpload::OPTIONS.max_attempts.into()
}

/// Scans the bytes if there is a scanner. Returns a failure if they contain malware.
async fn scan(objects: &Objects, scanner: Option<&Scanner>, version: &Model) -> Result<Option<Failure>, ScanError> {
    let Some(scanner) = scanner else { return Ok(None) };
    match objects.scan(&version.storage_key, scanner).await? {
        ScanVerdict::Clean => Ok(None),
        ScanVerdict::Infected(name) => {
            tracing::warn!(version = %version.id, name, "an upload contains malware");
            Ok(Some(FailureReason::MalwareFound.into()))
        }
    }
}

fn compare(version: &Model, digest: &Digest) -> Result<(), (Failure, UserError)> {
    let Digest { size, sha256, head } = digest;
    if i64::try_from(*size) != Ok(version.size) {
        let message = format!("received {size} bytes, but {} were announced", version.size);
        return Err((FailureReason::SizeMismatch.into(), UserError::invalid("size", message)));
    }
    if version.sha256 != UNKNOWN_SHA256 && *sha256 != version.sha256 {
        let message = format!("the received bytes have the SHA-256 {sha256}");
        return Err((FailureReason::Sha256Mismatch.into(), UserError::invalid("sha256", message)));
    }
    let announced = &version.content_type;
    let (reason, recognized, message) = match file_type::compare(announced, head) {
        Ok(()) => return Ok(()),
        Err(Mismatch::Executable) => {
            (FailureReason::TypeNotAccepted, None, "executable programs are not accepted".to_owned())
        }
        Err(Mismatch::OtherKind(actual)) => {
            let message = format!(
                "the bytes have the type {actual}, not {announced}; they are kept, so complete the upload again with the \
                 right type"
            );
            (FailureReason::TypeMismatch, Some(actual), message)
        }
    };
    Err((Failure { reason, recognized }, UserError::invalid("content_type", message)))
}

#[cfg(test)]
mod tests {
    use super::checkpoint_of;

    #[test]
    fn a_checkpoint_of_an_earlier_upload_is_ignored() {
        let stored = r#"["first", { "size": 5, "state": "", "head": "" }]"#;
        assert_eq!(checkpoint_of("first", stored).map(|checkpoint| checkpoint.size), Some(5));
        assert_eq!(checkpoint_of("second", stored), None);
        assert_eq!(checkpoint_of("first", "{}"), None);
    }
}
