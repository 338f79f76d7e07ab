//! Creates the sample at the first start. It is created in a temporary database, which is renamed when it is complete.
//! A crash therefore leaves no partial sample.

use crate::{
    config::{Config, sqlite},
    database::{connect, update},
};
use dossier_core::error::BoxError;
use dossier_data::Source;
use dossier_seed::sample::{self, SignIn};
use dossier_storage::Objects;
use entities::organization;
use sea_orm::{EntityTrait, PaginatorTrait};
use std::{fs, io, path::Path};

/// Creates the sample if the embedded database is empty. Returns the people who can sign in.
pub async fn make(config: &Config, objects: &Objects) -> Result<Option<Vec<SignIn>>, BoxError> {
    let path = config.data_dir.join("dossier.db");
    if path.exists() && !is_empty(&path).await? {
        return Ok(None);
    }
    let beside = config.data_dir.join("sample.db");
    remove(&beside)?;
    let db = connect(&sqlite::url(&beside)).await?;
    update(&db, None).await?;
    let signed = sample::fill(Source::of(&db), config.session_settings(), objects).await?;
    // Closing writes the log into the file, which is then the complete database.
    db.close().await?;
    if path.exists() && !is_empty(&path).await? {
        return Err("the database was set up while the sample was created; start again, without a sample".into());
    }
    remove(&path)?;
    fs::rename(&beside, &path)?;
    Ok(Some(signed))
}

#[expect(clippy::disallowed_methods, reason = "no viewer can ask whether any organization exists")]
async fn is_empty(path: &Path) -> Result<bool, BoxError> {
    let db = connect(&sqlite::url(path)).await?;
    update(&db, None).await?;
    let organizations = organization::Entity::find().count(&db).await?;
    db.close().await?;
    Ok(organizations == 0)
}

/// Removes a database and the files that SQLite stores next to it.
fn remove(path: &Path) -> io::Result<()> {
    for file in sqlite::files(path) {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
