//! Databases on a real server.

use dossier::database::roles::{self, DatabaseRoles};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use url::Url;
use uuid::Uuid;

/// Returns the URL of the suite's server, with a user who may create databases.
pub fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names no PostgreSQL; `tests/run` starts one")
}

/// Returns a unique name.
pub fn name() -> String {
    format!("dossier_{}", Uuid::now_v7().simple())
}

/// Creates a database with all migrations, Row Level Security, and roles, as an operator would.
pub async fn template() -> DatabaseRoles {
    let made = DatabaseRoles::generate(&server(), &name()).unwrap();
    roles::create(&server(), &made).await.unwrap();
    let owner = Database::connect(made.owner.as_str()).await.unwrap();
    migration::up(&owner, Some(made.server.username())).await.unwrap();
    owner.close().await.unwrap();
    made
}

/// A database that is dropped with this value.
pub struct Fresh {
    pub server: Url,
    pub owner: Url,
}

impl Fresh {
    /// Copies a template with its roles.
    pub async fn copy(template: &DatabaseRoles) -> Self {
        let name = name();
        let (from, owner) = (template.owner.path().trim_start_matches('/'), template.owner.username());
        execute(&server(), &format!("CREATE DATABASE {name} TEMPLATE {from} OWNER {owner}")).await;
        let [server, owner] = [&template.server, &template.owner].map(|url| {
            let mut url = url.clone();
            url.set_path(&name);
            url
        });
        Self { server, owner }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        at_the_end(vec![drop_database(self.server.path().trim_start_matches('/'))]);
    }
}

/// The name of a database that a command creates. It is dropped with this value, and so are its roles.
pub struct Named(pub String);

impl Drop for Named {
    fn drop(&mut self) {
        let Self(name) = self;
        let roles = ["owner", "server"].map(|role| format!("DROP ROLE IF EXISTS {name}_{role}"));
        at_the_end([drop_database(name)].into_iter().chain(roles).collect());
    }
}

fn drop_database(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

/// Runs on another thread, because the test's own runtime may have ended.
fn at_the_end(statements: Vec<String>) {
    let dropping = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for sql in statements {
            runtime.block_on(execute(&server(), &sql));
        }
    });
    let _ = dropping.join();
}

pub async fn execute(url: &str, sql: &str) {
    let db = Database::connect(url).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}

/// Runs with a new database as a role that is not subject to policies. The database is dropped afterwards, even after a
/// failed assertion.
pub async fn with_database(prove: impl AsyncFnOnce(DatabaseConnection)) {
    let mut url: Url = server().parse().unwrap();
    let name = name();
    execute(url.as_str(), &format!("CREATE DATABASE {name}")).await;
    url.set_path(&name);
    let fresh = Fresh { server: url.clone(), owner: url };
    let db = Database::connect(fresh.owner.as_str()).await.unwrap();
    migration::up(&db, None).await.unwrap();
    prove(db).await;
}
