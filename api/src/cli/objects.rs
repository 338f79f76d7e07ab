//! `dossier objects`: prepares the object store before the server uses it.

use super::output::{self, OutputError};
use crate::config::Config;
use clap::Subcommand;
use dossier_core::error::BoxError;
use dossier_storage::{DAYS_KEPT, EXPOSED, Error as StorageError, Objects};
use serde_json::{Value, json};

/// `dossier objects …`
#[derive(Clone, Copy, Subcommand)]
pub enum ObjectsCommand {
    /// Test the configured store: the bucket, the rights of the key, and whether the bucket is prepared. Changes
    /// nothing. Exits with 1 if something is missing.
    Check,
    /// Prepare the bucket: create it if it is missing, let pages of `CORS_ORIGINS` and `PUBLIC_URL` use it, and let it
    /// delete abandoned uploads. Rules of others are kept. Can be repeated.
    Setup,
}

/// Runs the command.
pub async fn run(config: &Config, command: ObjectsCommand) -> Result<(), BoxError> {
    let public_url = config.public(config.listen)?;
    let objects = Objects::open(config.objects(public_url)?).await?;
    if !objects.is_remote() {
        let folder = config.data_dir.display();
        return Ok(output::line(format!("The objects are files under {folder}. There is nothing to set up."))?);
    }
    let origins = origins(config);
    match command {
        ObjectsCommand::Check => check(&objects, &origins).await,
        ObjectsCommand::Setup => setup(&objects, &origins).await,
    }
}

/// Returns the origins of pages that receive signed URLs from this API.
fn origins(config: &Config) -> Vec<String> {
    let own = config.public_url.as_ref().map(|url| url.origin().ascii_serialization());
    let mut origins: Vec<_> = config.cors_origins.iter().cloned().chain(own).collect();
    origins.sort();
    origins.dedup();
    origins
}

async fn check(objects: &Objects, origins: &[String]) -> Result<(), BoxError> {
    objects.check().await?;
    output::line("ok: the bucket exists, and the key opens it")?;
    objects.try_out().await?;
    output::line("ok: an upload in parts can be stored, read and deleted")?;
    let browsers = origins.is_empty() || checked("browsers", objects.lets_browsers(origins).await)?;
    let abandoned = checked("abandoned uploads", objects.ends_abandoned_uploads().await)?;
    output::line(format!(
        "{}: browsers can upload and download files from {}",
        verdict(browsers),
        list_origins(origins)
    ))?;
    output::line(format!("{}: the store deletes abandoned uploads", verdict(abandoned)))?;
    if browsers && abandoned { Ok(()) } else { Err("run `dossier objects setup`, or do what it prints".into()) }
}

/// Prints an error. An unreadable setting counts as missing.
fn checked(what: &str, answer: Result<bool, StorageError>) -> Result<bool, OutputError> {
    answer.or_else(|error| {
        output::line(format!("{what}: {error}"))?;
        Ok(false)
    })
}

fn verdict(there: bool) -> &'static str {
    if there { "ok" } else { "missing" }
}

fn list_origins(origins: &[String]) -> String {
    if origins.is_empty() { "no origin (CORS_ORIGINS is not set)".to_owned() } else { origins.join(", ") }
}

async fn setup(objects: &Objects, origins: &[String]) -> Result<(), BoxError> {
    match objects.check().await {
        Err(refused @ StorageError::Refused { .. }) => {
            // The first error explains the cause better than a later one.
            objects.make_bucket().await.map_err(|error| format!("{refused}; {error}"))?;
            objects.check().await?;
            output::line("created: the bucket")?;
        }
        checked => checked?,
    }
    let browsers =
        origins.is_empty() || print_outcome("browsers", &objects.let_browsers(origins).await, &by_hand::cors(origins))?;
    let abandoned = print_outcome("abandoned uploads", &objects.end_abandoned_uploads().await, &by_hand::lifecycle())?;
    if browsers && abandoned {
        Ok(())
    } else {
        Err("the store did not accept all settings; configure the remaining ones with the store's own tools".into())
    }
}

/// Prints the result, or what to do instead.
fn print_outcome(what: &str, answer: &Result<(), StorageError>, by_hand: &Value) -> Result<bool, OutputError> {
    output::line(match answer {
        Ok(()) => format!("set: {what}"),
        Err(error) => {
            format!("not set: {what}: {error}\nThe bucket needs this setting, in the syntax of S3:\n{by_hand:#}")
        }
    })?;
    Ok(answer.is_ok())
}

/// The settings in the syntax of `aws s3api put-bucket-…`, for consoles and other tools.
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
