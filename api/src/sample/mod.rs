//! The sample: a small agency to look at on the first start. People make it, in the same way as everybody, so
//! that its events, numbers and totals are real.
//!
//! It is made in a database beside, which takes its place when it is whole: a crash leaves no half of it.

mod billing;
mod cast;
mod dossiers;
mod files;
mod stage;

use crate::{
    app::App,
    config::{Config, private},
    database::{connect, sqlite_url, update},
    observe::Tracer,
};
use dossier_core::error::BoxError;
use dossier_data::Source;
use dossier_events::Bus;
use dossier_storage::Objects;
use entities::organization;
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait};
use std::{fs, io, path::Path};

/// Who can sign in, and with what.
pub struct SignIn {
    /// Their address.
    pub email: String,
    /// Their role, and what they are there for.
    pub role: &'static str,
    /// Generated.
    pub password: String,
}

/// Makes the sample if the embedded database is empty; `app` gives everything but the database.
pub async fn make(config: &Config, objects: &Objects) -> Result<Option<Vec<SignIn>>, BoxError> {
    let path = config.data_dir.join("dossier.db");
    if path.exists() && !is_empty(&path).await? {
        return Ok(None);
    }
    let beside = config.data_dir.join("sample.db");
    remove(&beside)?;
    let db = connect(&sqlite_url(&beside)).await?;
    update(&db, None).await?;
    let signed = fill(config, db.clone(), objects.clone()).await?;
    // Closing writes the log into the file itself, which is then the whole database.
    db.close().await?;
    if path.exists() && !is_empty(&path).await? {
        return Err("somebody set up the database while the sample was made; start again, without a sample".into());
    }
    remove(&path)?;
    fs::rename(&beside, &path)?;
    Ok(Some(signed))
}

async fn fill(config: &Config, db: DatabaseConnection, objects: Objects) -> Result<Vec<SignIn>, BoxError> {
    let hands = stage::Hands::default();
    let app = App::new(config, Source::of(&db), hands.clock(), Bus::default(), objects, Tracer::default())?;
    let cast = cast::gather(&app, &hands).await?;
    let stage = stage::Stage { app: &app, hands: &hands, cast: &cast };
    let clients = dossiers::open(&stage).await?;
    billing::bill(&stage, &clients).await?;
    cast.leave(&app).await?;
    Ok(cast.sign_ins())
}

#[expect(clippy::disallowed_methods, reason = "whether there is any organization at all is no viewer's question")]
async fn is_empty(path: &Path) -> Result<bool, BoxError> {
    let db = connect(&sqlite_url(path)).await?;
    update(&db, None).await?;
    let organizations = organization::Entity::find().count(&db).await?;
    db.close().await?;
    Ok(organizations == 0)
}

/// Removes a database with the files that SQLite keeps beside it.
fn remove(path: &Path) -> io::Result<()> {
    for file in private::database_files(path) {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
