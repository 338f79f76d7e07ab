//! Operations in the database have time limits, and end when nobody waits for them any more.

use crate::support::{Actor, App, Value, World, app::call, json, postgres, services::Services};
use async_graphql::{EmptyMutation, EmptySubscription};
use dossier::graphql::{Executor, Query};
use dossier_core::credentials::Credentials;
use entities::client;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use std::time::{Duration, Instant};
use url::Url;

const CLIENTS: &str = "{ clients { totalCount } }";
const ROLE: &str = "{ viewer { role } }";

/// The statement that reads a client takes a minute for each.
const SLOW: &str = "CREATE POLICY slow ON client AS RESTRICTIVE USING (pg_sleep(60)::text IS NOT NULL)";

/// Reading a client writes a row.
const WRITING: &str = "CREATE TABLE written (n int);
    CREATE FUNCTION writes() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS
        'BEGIN INSERT INTO public.written VALUES (1); RETURN true; END';
    CREATE POLICY writing ON client AS RESTRICTIVE FOR SELECT USING (writes())";

pub struct LimitedServer {
    pub world: World,
    /// A connection as the owner of the tables.
    owner: DatabaseConnection,
    /// A connection as a role that sees the activity of others.
    admin: DatabaseConnection,
    server: Url,
}

impl LimitedServer {
    /// Starts with a single connection. A connection that is not returned blocks everybody.
    pub async fn with(limits: &[(&'static str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut services = Services::production(data.path()).await;
        services.add("DATABASE_POOL_SIZE", "1");
        services.add("DATABASE_POOL_WAIT", "20");
        for (name, value) in limits {
            services.add(name, value);
        }
        let server = services.get("DATABASE_URL").parse().unwrap();
        let owner = Database::connect(services.get("MIGRATE_DATABASE_URL")).await.unwrap();
        let admin = Database::connect(postgres::server()).await.unwrap();
        let world = World::on(App::on(data, services).await).await;
        Self { world, owner, admin, server }
    }

    pub async fn make(&self, sql: &str) {
        self.owner.execute_unprepared(sql).await.unwrap();
    }

    pub fn operator(&self) -> &Actor {
        &self.world.operator
    }

    fn credentials(&self) -> Credentials {
        let parts = &self.world.app.parts;
        let token = self.operator().token.as_deref().unwrap();
        Credentials::Bearer(parts.tokens.check(token, parts.database.clock.now()).unwrap().into())
    }

    /// Ends the server's connections, as an administrator of the database may do.
    pub async fn terminate(&self) {
        let sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND usename = $2";
        let (database, role) = (self.server.path().trim_start_matches('/'), self.server.username());
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [database.into(), role.into()]);
        assert!(!self.admin.query_all_raw(statement).await.unwrap().is_empty());
    }

    /// Returns the number of the server's connections in this state.
    async fn count_in_state(&self, state: &str) -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND usename = $2 AND state = $3";
        let (database, role) = (self.server.path().trim_start_matches('/'), self.server.username());
        let values = [database.into(), role.into(), state.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        self.admin.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    pub async fn until(&self, count: i64, state: &str) {
        let begun = Instant::now();
        while self.count_in_state(state).await != count {
            assert!(
                begun.elapsed() < Duration::from_secs(5),
                "{} connections are {state}",
                self.count_in_state(state).await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub fn unavailable(answer: &Value) {
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{answer:#}");
    assert!(!answer.to_string().contains("cancel"), "the database's own words: {answer:#}");
}

#[tokio::test]
async fn a_statement_has_a_time_limit() {
    let server = LimitedServer::with(&[("DATABASE_STATEMENT_TIMEOUT", "1")]).await;
    server.make(SLOW).await;
    let (status, answer) = server.operator().send_with(CLIENTS, json!({}), &[]).await;
    assert_eq!(status, 503);
    unavailable(&answer);
    server.operator().query(ROLE, json!({})).await;
}

#[tokio::test]
async fn a_lock_has_a_time_limit() {
    let server = LimitedServer::with(&[("DATABASE_LOCK_TIMEOUT", "1"), ("DATABASE_STATEMENT_TIMEOUT", "60")]).await;
    let holding = server.owner.begin().await.unwrap();
    holding.execute_unprepared("SELECT 1 FROM client FOR UPDATE").await.unwrap();
    let update = "mutation($id: ID!) { updateClient(input: { id: $id, name: \"Autre\" }) { client { name } } }";
    let martin = json!({ "id": server.world.martin_id });
    unavailable(&server.operator().send(update, martin.clone()).await);
    holding.rollback().await.unwrap();
    let answer = server.operator().query(update, martin).await;
    assert_eq!(answer["updateClient"]["client"]["name"], "Autre");
}

#[tokio::test]
async fn an_operation_over_its_time_limit_ends_in_the_database_too() {
    let server = LimitedServer::with(&[("DATABASE_STATEMENT_TIMEOUT", "60")]).await;
    server.make(SLOW).await;
    let app = server.world.app.parts.clone();
    let executor = Executor::<Query, EmptyMutation, EmptySubscription>::new(app);
    let executor = executor.within(Duration::from_secs(1));
    let call = call(CLIENTS, server.credentials());
    let running = tokio::spawn(async move { executor.answer(call).await });
    server.until(1, "active").await;
    let answer = serde_json::to_value(running.await.unwrap()).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TIMEOUT", "{answer:#}");
    server.until(0, "active").await;
    server.operator().query(ROLE, json!({})).await;
}

#[tokio::test]
async fn a_disconnected_caller_leaves_nothing_running() {
    let server = LimitedServer::with(&[("DATABASE_STATEMENT_TIMEOUT", "60")]).await;
    server.make(SLOW).await;
    let operator = server.operator().clone();
    let asking = tokio::spawn(async move { operator.send(CLIENTS, json!({})).await });
    server.until(1, "active").await;
    asking.abort();
    server.until(0, "active").await;
    server.operator().query(ROLE, json!({})).await;
}

#[tokio::test]
async fn a_transaction_ends_even_if_nobody_needs_its_connection() {
    let server = LimitedServer::with(&[]).await;
    server.operator().query(ROLE, json!({})).await;
    server.until(1, "idle").await;
    let name = json!({ "id": server.world.martin_id, "name": "Autre" });
    server.operator().does("updateClient", name, "client { name }").await;
    server.until(1, "idle").await;
}

#[tokio::test]
async fn a_read_transaction_cannot_write() {
    let server = LimitedServer::with(&[]).await;
    server.make(WRITING).await;
    let answer = server.operator().send(CLIENTS, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{answer:#}");
    let written =
        server.owner.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT n FROM written")).await;
    assert!(written.unwrap().is_none());
    // The same statement in a writing transaction.
    let tx = server.world.app.parts.database.write(&server.credentials()).await.unwrap();
    assert_eq!(tx.find::<client::Entity>().all().await.unwrap().len(), 2);
}
