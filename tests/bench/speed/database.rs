//! The database of the benchmark, and the folder with its configuration.

use super::{
    Scope,
    process::{configure, run},
};
use sea_orm::{ConnectionTrait, Database};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The file with the people who can sign in, as `dossier seed` prints them.
pub const PEOPLE: &str = "people";

pub struct BenchDatabase<'r> {
    runtime: &'r Runtime,
    folder: Folder,
    /// The database and the URL of its server, if it must be dropped.
    made: Option<(String, String)>,
}

enum Folder {
    Gone(TempDir),
    Kept(PathBuf),
}

impl<'r> BenchDatabase<'r> {
    pub fn prepare(runtime: &'r Runtime, scope: &Scope) -> Self {
        let built = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let admin = std::env::var("TEST_POSTGRES_URL").ok();
        let folder = match &scope.keep {
            Some(name) => Folder::Kept(built.join(if admin.is_some() { "postgres" } else { "sqlite" }).join(name)),
            None => Folder::Gone(tempfile::tempdir_in(built).unwrap()),
        };
        let mut database = Self { runtime, folder, made: None };
        if database.data().join(PEOPLE).exists() {
            // An older version may have created it.
            run(database.data(), &["migrate"]);
            return database;
        }
        fs::create_dir_all(database.data()).unwrap();
        let name = scope.keep.clone().unwrap_or_else(|| format!("dossier_speed_{}", std::process::id()));
        let reached = admin.map(|admin| {
            let reached = run(database.data(), &["database", "create", "--admin-url", &admin, "--name", &name]);
            database.made = Some((admin, name));
            reached.lines().map(unencrypted).collect::<Vec<_>>().join("\n")
        });
        let secret = "JWT_SECRET='a secret that all processes of a test share'";
        fs::write(database.data().join(".env"), format!("{}\n{secret}\n", reached.unwrap_or_default())).unwrap();
        database.seed(scope);
        if scope.keep.is_some() {
            database.made = None;
        }
        database
    }

    pub fn data(&self) -> &Path {
        match &self.folder {
            Folder::Gone(folder) => folder.path(),
            Folder::Kept(folder) => folder,
        }
    }

    fn seed(&self, scope: &Scope) {
        let mut seed = Command::new(super::process::BINARY);
        configure(&mut seed, self.data()).args(["seed", "--documents", "50", "--conversations", "5"]);
        seed.args(["--messages", "20", "--requests", "10", "--invoices", "10"]);
        seed.args(["--organizations", &scope.organizations.to_string(), "--clients", &scope.clients.to_string()]);
        let people = seed.stderr(Stdio::inherit()).output().unwrap();
        assert!(people.status.success(), "dossier seed");
        self.runtime.block_on(settle(self.data()));
        fs::write(self.data().join(PEOPLE), people.stdout).unwrap();
    }
}

/// Returns the configuration line of a database URL without TLS, because one server might be faster with TLS.
fn unencrypted(connection: &str) -> String {
    let (name, url) = connection.split_once('=').unwrap();
    let mut url = url::Url::parse(url).unwrap();
    url.query_pairs_mut().append_pair("sslmode", "disable");
    format!("{name}={url}")
}

/// Returns the URL of the database for the owner of the tables.
pub fn owner(data: &Path) -> String {
    let written = fs::read_to_string(data.join(".env")).unwrap();
    let url = written.lines().find_map(|connection| connection.strip_prefix("MIGRATE_DATABASE_URL="));
    url.map_or_else(|| format!("sqlite://{}?mode=rwc", data.join("dossier.db").display()), str::to_owned)
}

/// Imitates a database in use: old events are kept, and statistics are current.
async fn settle(data: &Path) {
    let url = owner(data);
    let db = Database::connect(&url).await.unwrap();
    db.execute_unprepared("UPDATE organization SET event_days = 3650").await.unwrap();
    if url.starts_with("postgres") {
        db.execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
    db.close().await.unwrap();
}

impl Drop for BenchDatabase<'_> {
    fn drop(&mut self) {
        let Some((admin, name)) = self.made.take() else { return };
        self.runtime.block_on(async {
            let admin = Database::connect(admin).await.unwrap();
            let roles = format!("DROP ROLE {name}_owner, {name}_server");
            for sql in [format!("DROP DATABASE {name} WITH (FORCE)"), roles] {
                if let Err(error) = admin.execute_unprepared(&sql).await {
                    eprintln!("{sql}: {error}");
                }
            }
        });
    }
}
