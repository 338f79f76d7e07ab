//! `dossier objects`: what an operator does about the object store before the server needs it.

use super::output::{self, OutputError};
use crate::config::Config;
use clap::Subcommand;
use dossier_core::error::BoxError;
use dossier_storage::{DAYS_KEPT, EXPOSED, Error as StorageError, Objects};
use serde_json::{Value, json};

/// `dossier objects …`
#[derive(Clone, Copy, Subcommand)]
pub enum ObjectsCommand {
    /// Try the configured store out: the bucket, what the key may do, and whether the bucket is prepared. Changes
    /// nothing; exits 1 when something is missing.
    Check,
    /// Prepare the bucket: make it if it is missing, let pages of `CORS_ORIGINS` and `PUBLIC_URL` use it, and have it
    /// throw away uploads that nobody finished. Rules that others wrote stay. Can be repeated.
    Setup,
}

/// Runs the command.
pub async fn run(config: &Config, command: ObjectsCommand) -> Result<(), BoxError> {
    let public_url = config.public(config.listen)?;
    let objects = Objects::open(config.objects(public_url)?).await?;
    if !objects.is_remote() {
        let folder = config.data_dir.display();
        return Ok(output::line(format!("The objects are files under {folder}; there is nothing to set up."))?);
    }
    let origins = origins(config);
    match command {
        ObjectsCommand::Check => check(&objects, &origins).await,
        ObjectsCommand::Setup => setup(&objects, &origins).await,
    }
}

/// The origins of pages that get signed URLs from this API.
fn origins(config: &Config) -> Vec<String> {
    let own = config.public_url.as_ref().map(|url| url.origin().ascii_serialization());
    let mut origins: Vec<_> = config.cors_origins.iter().cloned().chain(own).collect();
    origins.sort();
    origins.dedup();
    origins
}

async fn check(objects: &Objects, origins: &[String]) -> Result<(), BoxError> {
    objects.check().await?;
    output::line("ok: the bucket is there, and the key opens it")?;
    objects.try_out().await?;
    output::line("ok: an upload in parts is stored, read and deleted")?;
    let browsers = origins.is_empty() || told("browsers", objects.lets_browsers(origins).await)?;
    let abandoned = told("abandoned uploads", objects.ends_abandoned_uploads().await)?;
    output::line(format!("{}: browsers of {} may send and fetch files", verdict(browsers), named(origins)))?;
    output::line(format!("{}: the store throws away uploads that nobody finished", verdict(abandoned)))?;
    if browsers && abandoned { Ok(()) } else { Err("run `dossier objects setup`, or do what it prints".into()) }
}

/// What cannot be read counts as missing, and is said.
fn told(what: &str, answer: Result<bool, StorageError>) -> Result<bool, OutputError> {
    answer.or_else(|error| {
        output::line(format!("{what}: {error}"))?;
        Ok(false)
    })
}

fn verdict(there: bool) -> &'static str {
    if there { "ok" } else { "missing" }
}

fn named(origins: &[String]) -> String {
    if origins.is_empty() { "no origin (CORS_ORIGINS is not set)".to_owned() } else { origins.join(", ") }
}

async fn setup(objects: &Objects, origins: &[String]) -> Result<(), BoxError> {
    match objects.check().await {
        Err(refused @ StorageError::Refused { .. }) => {
            // Whatever else is wrong, the first answer says it better.
            objects.make_bucket().await.map_err(|error| format!("{refused}; {error}"))?;
            objects.check().await?;
            output::line("made: the bucket")?;
        }
        checked => checked?,
    }
    let browsers =
        origins.is_empty() || done("browsers", &objects.let_browsers(origins).await, &by_hand::cors(origins))?;
    let abandoned = done("abandoned uploads", &objects.end_abandoned_uploads().await, &by_hand::lifecycle())?;
    if browsers && abandoned {
        Ok(())
    } else {
        Err("the store did not take everything; do the rest in its own way".into())
    }
}

/// Says what was done, or what to do instead.
fn done(what: &str, answer: &Result<(), StorageError>, by_hand: &Value) -> Result<bool, OutputError> {
    output::line(match answer {
        Ok(()) => format!("set: {what}"),
        Err(error) => format!("not set: {what}: {error}\nWhat the bucket needs, as S3 writes it:\n{by_hand:#}"),
    })?;
    Ok(answer.is_ok())
}

/// For consoles and other tools, as `aws s3api put-bucket-…` takes it.
mod by_hand {
    use super::{DAYS_KEPT, EXPOSED, Value, json};

    pub(super) fn cors(origins: &[String]) -> Value {
        json!({ "CORSRules": [{
            "AllowedOrigins": origins, "AllowedMethods": ["GET", "HEAD", "PUT"], "AllowedHeaders": ["*"],
            "ExposeHeaders": EXPOSED, "MaxAgeSeconds": 3600,
        }] })
    }

    pub(super) fn lifecycle() -> Value {
        json!({ "Rules": [{
            "ID": "dossier-abandoned-uploads", "Status": "Enabled", "Filter": { "Prefix": "" },
            "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": DAYS_KEPT },
        }] })
    }
}
