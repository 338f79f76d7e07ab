//! Measures the cost of Row Level Security. The same queries read the same rows, as the server's role, which is subject
//! to policies, and as a role that bypasses them. `cargo bench --bench row_security`. `TEST_POSTGRES_URL` names a `PostgreSQL`
//! whose user may create databases and roles.

#![allow(missing_docs, clippy::unwrap_used)]

use clap::Parser;
use dossier::{app::App, cli::serve::Server, config::Config, database::roles};
use dossier_data::Source;
use dossier_seed::generated::{Person, Plan};
use indicatif::ProgressBar;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use url::Url;

const POINT: &str = "query($id: ID!) { client(id: $id) { id name email status } }";

const NESTED: &str = "{ clients(first: 20) { nodes { id name
    documents(first: 10) { nodes { id name zone status } }
    conversations(first: 5) { nodes { id subject messages(last: 3) { nodes { id body } } } } } } }";

/// The number of concurrent callers.
const CONNECTIONS: usize = 16;

/// The duration of one measurement.
const TURN: Duration = Duration::from_secs(3);

/// The number of measurements per side.
const TURNS: usize = 7;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// A server, and a caller.
struct Side {
    url: String,
    token: String,
    _data: tempfile::TempDir,
}

#[tokio::main]
async fn main() {
    let admin = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL");
    let name = format!("dossier_bench_{}", std::process::id());
    let made = roles::DatabaseRoles::generate(&admin, &name).unwrap();
    roles::create(&admin, &made).await.unwrap();
    let owner = Database::connect(made.owner.as_str()).await.unwrap();
    migration::up(&owner, Some(made.server.username())).await.unwrap();
    let people = seed(&owner).await;
    println!(
        "query   role      rls/s    no rls/s  ratio (median of {TURNS} turns of {TURN:?}, {CONNECTIONS} connections)"
    );
    for role in ["OPERATOR", "MANAGER", "CLIENT"] {
        let person = people.iter().find(|person| person["role"] == role).unwrap();
        let with = Side::start(&made.server, person).await;
        let without = Side::start(&made.owner, person).await;
        let clients = with.ask("{ clients(first: 1) { nodes { id } } }", &json!({})).await;
        let id = json!({ "id": clients["data"]["clients"]["nodes"][0]["id"] });
        for (name, query, variables) in [("point", POINT, id), ("nested", NESTED, json!({}))] {
            assert_eq!(with.ask(query, &variables).await, without.ask(query, &variables).await, "the same rows");
            let mut turns = Vec::new();
            for _ in 0..TURNS {
                turns.push((with.rate(query, &variables).await, without.rate(query, &variables).await));
            }
            turns.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
            let (with, without) = turns[TURNS / 2];
            println!("{name:7} {role:9} {with:8.0} {without:10.0}  {:.3}", with / without);
        }
    }
    owner.close().await.unwrap();
    drop_all(&admin, &name, &made.server, &made.owner).await;
}

async fn seed(owner: &DatabaseConnection) -> Vec<Value> {
    let plan = Plan {
        organizations: 2,
        clients: 200,
        documents: 50,
        conversations: 5,
        messages: 20,
        requests: 10,
        invoices: 10,
        seed: 1,
    };
    let mut people = Vec::new();
    let introduce = |person: Person<'_>| {
        people.push(serde_json::to_value(person)?);
        Ok(())
    };
    dossier_seed::generated::run(owner, &plan, &ProgressBar::hidden(), introduce).await.unwrap();
    people
}

async fn drop_all(admin: &str, name: &str, server: &Url, owner: &Url) {
    let admin = Database::connect(admin).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    for role in [server.username(), owner.username()] {
        admin.execute_unprepared(&format!("DROP ROLE {role}")).await.unwrap();
    }
}

impl Side {
    /// Starts a server with this database. It skips the check that refuses a role that bypasses policies.
    async fn start(database: &Url, person: &Value) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap();
        let Cli { config } = Cli::parse_from(["bench", "--listen", "127.0.0.1:0", "--data-dir", folder]);
        let server = Server::bind(&config).await.unwrap();
        let url = server.public_url.as_str().trim_end_matches('/').to_owned();
        let parts = server.app(&config).await.unwrap();
        let source = Source::of(&Database::connect(database.as_str()).await.unwrap());
        let (database, objects) = (&parts.database, parts.objects.clone());
        let app = App::new(&config, source, database.clock.clone(), parts.bus.clone(), objects, parts.tracer.clone())
            .unwrap();
        tokio::spawn(async move { server.run(app, &config, Vec::new(), std::future::pending()).await });
        let mut side = Self { url, token: String::new(), _data: data };
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }";
        let input = json!({ "input": { "email": person["email"], "password": person["password"] } });
        let token = side.ask(query, &input).await["data"]["signIn"]["accessToken"].as_str().map(str::to_owned);
        side.token = token.unwrap();
        side
    }

    async fn ask(&self, query: &str, variables: &Value) -> Value {
        let request = reqwest::Client::new().post(format!("{}/graphql", self.url));
        let request = if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        let answer: Value = request
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer
    }

    /// Returns answers per second.
    async fn rate(&self, query: &str, variables: &Value) -> f64 {
        let body = bytes::Bytes::from(json!({ "query": query, "variables": variables }).to_string());
        let begun = Instant::now();
        let mut asking = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = reqwest::Client::new()
                .post(format!("{}/graphql", self.url))
                .bearer_auth(&self.token)
                .header("Content-Type", "application/json")
                .body(body.clone());
            asking.spawn(async move {
                let mut answers = 0_u32;
                while begun.elapsed() < TURN {
                    request.try_clone().unwrap().send().await.unwrap().bytes().await.unwrap();
                    answers += 1;
                }
                answers
            });
        }
        let answers: u32 = asking.join_all().await.into_iter().sum();
        f64::from(answers) / begun.elapsed().as_secs_f64()
    }
}
