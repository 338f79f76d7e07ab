//! `dossier objects`: prepares the object store before the server uses it, and compares it with the database.

use super::{
    output::{self, OutputError},
    serve,
};
use crate::config::Config;
use clap::Subcommand;
use dossier_core::{
    error::BoxError,
    viewer::{SystemPurpose, Viewer},
};
use dossier_domain::inventory::{self, Difference};
use dossier_storage::{DAYS_KEPT, EXPOSED, Error as StorageError, Objects};
use entities::organization;
use sea_orm::{ColumnTrait, sea_query::Order};
use serde_json::{Value, json};

/// `dossier objects …`
#[derive(Clone, Subcommand)]
pub enum ObjectsCommand {
    /// Test the configured store: the bucket, the rights of the key, and whether the bucket is prepared. Changes
    /// nothing. Exits with 1 if something is missing.
    Check,
    /// Prepare the bucket: create it if it is missing, let pages of `CORS_ORIGINS` and `PUBLIC_URL` use it, and let it
    /// delete abandoned uploads. Rules of others are kept. Can be repeated.
    Setup,
    /// Compare the objects in the store with those that the database names. Prints each difference as a line: `orphan`
    /// (no version names the object), `missing` (a complete version has no object) or `size`, the key, and details,
    /// separated by tabs. The server may run meanwhile. Exits with 1 if there is a difference.
    Verify {
        /// Slug of the organization. Without it, all organizations are compared.
        #[arg(long)]
        organization: Option<String>,
        /// Delete the orphans. Do not use it after restoring an older database, because it deletes the files that were
        /// uploaded since.
        #[arg(long)]
        repair: bool,
    },
}

/// Runs the command.
pub async fn run(config: &Config, command: ObjectsCommand) -> Result<(), BoxError> {
    let public_url = config.public(config.listen)?;
    let objects = Objects::open(config.objects(public_url)?).await?;
    match command {
        ObjectsCommand::Verify { organization, repair } => {
            verify(config, &objects, organization.as_deref(), repair).await
        }
        ObjectsCommand::Check | ObjectsCommand::Setup if !objects.is_remote() => {
            let folder = config.data_dir.display();
            Ok(output::line(format!("The objects are files under {folder}. There is nothing to set up."))?)
        }
        ObjectsCommand::Check => check(&objects, &origins(config)).await,
        ObjectsCommand::Setup => setup(&objects, &origins(config)).await,
    }
}

/// Compares the objects of organizations with the database.
async fn verify(config: &Config, objects: &Objects, slug: Option<&str>, repair: bool) -> Result<(), BoxError> {
    let database = serve::database(config).await?;
    let tx = database.read_as(Viewer::platform(SystemPurpose::Command)).await?;
    let mut found = tx.find::<organization::Entity>().order_by(organization::Column::Slug, Order::Asc);
    if let Some(slug) = slug {
        found = found.filter(organization::Column::Slug.eq(slug));
    }
    let found = found.all().await?;
    drop(tx);
    if let (Some(slug), true) = (slug, found.is_empty()) {
        return Err(format!("no organization has the slug `{slug}`").into());
    }
    let mut differences = 0;
    for organization in found {
        let mut inventory = inventory::compare(&database, objects, organization.id).await?;
        for difference in &inventory.differences {
            output::line(describe(difference))?;
        }
        let deleted = if repair { inventory::delete_orphans(objects, &mut inventory).await? } else { 0 };
        let left = inventory.differences.len();
        let (slug, all) = (organization.slug, inventory.objects);
        output::line(format!("{slug}: {all} objects, {deleted} orphans deleted, {left} differences"))?;
        differences += left;
    }
    match differences {
        0 => Ok(()),
        _ => Err("the store and the database differ".into()),
    }
}

/// Returns a difference as a line of columns.
fn describe(difference: &Difference) -> String {
    match difference {
        Difference::Orphan { key, size } => format!("orphan\t{key}\t{size} bytes"),
        Difference::Missing { key, version } => format!("missing\t{key}\tversion {version}"),
        Difference::WrongSize { key, version, expected, size } => {
            format!("size\t{key}\tversion {version}: {expected} bytes expected, {size} stored")
        }
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
