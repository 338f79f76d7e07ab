//! The row rules (`crates/policy`) and Row Level Security (`migration/src/rls.rs`) agree. Over generated data and for
//! each kind of viewer, each of them alone shows the same rows.

mod generate;
mod limited;
mod partitions;
mod pooler;
mod read;
mod viewers;
mod write;

use crate::support::postgres;
use dossier_policy::RowPolicy;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::BTreeSet;
use viewers::ViewerCase;

/// A database of unusual rows. The owner's connection is not subject to policies, and the connection of the server's
/// role is.
struct TestDatabase {
    owner: DatabaseConnection,
    server: DatabaseConnection,
    cases: Vec<ViewerCase>,
    database: postgres::Fresh,
}

impl TestDatabase {
    async fn prepare() -> Self {
        let database = postgres::Fresh::copy(&postgres::template().await).await;
        let owner = Database::connect(database.owner.as_str()).await.unwrap();
        let server = Database::connect(database.server.as_str()).await.unwrap();
        generate::fill(&owner).await;
        let cases = viewers::cases(&owner).await;
        Self { owner, server, cases, database }
    }

    async fn migrate(&self) {
        migration::up(&self.owner, Some(self.database.server.username())).await.unwrap();
    }

    async fn as_owner(&self, sql: &str) {
        self.owner.execute_unprepared(sql).await.unwrap();
    }
}

/// Returns the rows that the row rule alone shows.
async fn by_rule<E: RowPolicy>(db: &TestDatabase, case: &ViewerCase) -> BTreeSet<String> {
    rows(&E::find().filter(E::visible_to(&case.viewer)).all(&db.owner).await.unwrap())
}

/// Returns the rows that Row Level Security alone shows.
async fn by_policies<E: EntityTrait>(tx: &DatabaseTransaction) -> BTreeSet<String> {
    rows(&E::find().all(tx).await.unwrap())
}

fn rows<M: std::fmt::Debug>(rows: &[M]) -> BTreeSet<String> {
    rows.iter().map(|row| format!("{row:?}")).collect()
}
