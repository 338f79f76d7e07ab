//! URLs and files of `SQLite` databases.

use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};

/// Returns the URL of an `SQLite` file, which is created if it is missing.
pub fn url(path: &Path) -> String {
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode=rwc")
}

/// Parses a URL. `None` if it is not an `SQLite` URL.
pub(super) fn options(url: &SecretString) -> Option<SqliteConnectOptions> {
    url.expose_secret().starts_with("sqlite:").then(|| url.expose_secret().parse().ok())?
}

/// Returns the database file and the files that `SQLite` stores next to it.
pub fn files(path: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|suffix| {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        file.into()
    })
}
