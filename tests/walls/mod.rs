//! The two walls are one: over generated data and for every kind of viewer, the row rules (`api/src/policy`) let through
//! what Row Level Security (`migration/src/rls.rs`) lets through, each of them alone.

mod divided;
mod pooler;
mod read;
mod stir;
mod viewers;
mod write;

use crate::support::postgres;
use dossier_policy::Rows;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::BTreeSet;
use viewers::Seat;

/// A database full of rows that people would hardly make, seen by its owner, whom no policy binds, and by the server's
/// role, whom only policies do.
struct Ground {
    owner: DatabaseConnection,
    server: DatabaseConnection,
    seats: Vec<Seat>,
    database: postgres::Fresh,
}

impl Ground {
    async fn prepare() -> Self {
        let database = postgres::Fresh::copy(&postgres::template().await).await;
        let owner = Database::connect(database.owner.as_str()).await.unwrap();
        let server = Database::connect(database.server.as_str()).await.unwrap();
        stir::fill(&owner).await;
        let seats = viewers::seats(&owner).await;
        Self { owner, server, seats, database }
    }

    async fn migrate(&self) {
        migration::up(&self.owner, Some(self.database.server.username())).await.unwrap();
    }

    async fn as_owner(&self, sql: &str) {
        self.owner.execute_unprepared(sql).await.unwrap();
    }
}

/// What the row rule alone lets through.
async fn by_rule<E: Rows>(ground: &Ground, seat: &Seat) -> BTreeSet<String> {
    rows(&E::find().filter(E::visible_to(&seat.viewer)).all(&ground.owner).await.unwrap())
}

/// What Row Level Security alone lets through.
async fn by_wall<E: EntityTrait>(tx: &DatabaseTransaction) -> BTreeSet<String> {
    rows(&E::find().all(tx).await.unwrap())
}

fn rows<M: std::fmt::Debug>(rows: &[M]) -> BTreeSet<String> {
    rows.iter().map(|row| format!("{row:?}")).collect()
}
