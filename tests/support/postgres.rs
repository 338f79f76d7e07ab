//! Databases on a real server, where there is one.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// Where the suite's own server is, by a user who may create databases.
pub fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names no PostgreSQL; `tests/run` starts one")
}

/// Runs on a database that is dropped afterwards, also when an assertion fails.
pub async fn with_database(prove: impl AsyncFnOnce(DatabaseConnection)) {
    use futures::FutureExt;
    let url = server();
    let name = format!("dossier_{}", uuid::Uuid::now_v7().simple());
    let (server, _) = url.rsplit_once('/').expect("a URL that ends in a database");
    let admin = Database::connect(&url).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let db = Database::connect(format!("{server}/{name}")).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    let outcome = std::panic::AssertUnwindSafe(prove(db)).catch_unwind().await;
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
