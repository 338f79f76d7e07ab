//! A server with generated agencies of any size.

use crate::{
    seed,
    support::{Actor, App, Value, services::Services},
};
use dossier_seed::generated::Plan;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

pub struct Seeded {
    pub app: App,
    people: Vec<Value>,
}

impl Seeded {
    /// Starts it on the suite's services.
    pub async fn start(plan: &Plan) -> Self {
        let data = tempfile::tempdir().unwrap();
        if let Some(services) = Services::of_set(data.path()).await {
            return Self::on(data, services, plan, async |_| ()).await;
        }
        let people = fill(&seed::database(data.path()).await, plan).await;
        Self { app: App::over(data).await, people }
    }

    /// Starts it on these services. The database is prepared before its first use.
    pub async fn on(data: TempDir, services: Services, plan: &Plan, prepare: impl AsyncFnOnce(&str)) -> Self {
        let url = services.get("MIGRATE_DATABASE_URL");
        let people = fill(&Database::connect(url).await.unwrap(), plan).await;
        prepare(url).await;
        Self { app: App::on(data, services).await, people }
    }

    /// Signs in the first member with this role in the first agency.
    pub async fn signed_in(&self, role: &str) -> Actor {
        let person = self.people.iter().find(|person| person["role"] == role).unwrap();
        seed::api::signed_in(&self.app, person).await
    }
}

async fn fill(db: &DatabaseConnection, plan: &Plan) -> Vec<Value> {
    let people = seed::seed(db, plan).await.unwrap();
    // Keeps old events from being cleared.
    db.execute_unprepared("UPDATE organization SET event_days = 3650").await.unwrap();
    people
}
