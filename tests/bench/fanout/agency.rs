//! An agency of operators and clients, created by the command line and the API, and the topics of its people.

use super::{
    SERVER_CORE,
    crowd::Subscription,
    measure::Cause,
    process::{BINARY, Running, configure, free_port, pinned, run},
};
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use std::{fmt, path::Path, sync::Arc};
use tempfile::TempDir;

const OPERATORS: usize = 20;
const CLIENTS: usize = 100;

const HUB: &str = "subscription { validationHub { cursor type validationRequest { id title status } } }";
const EVENTS: &str = "subscription { dossierEvents { cursor type subject { ... on Message { id body } } } }";

/// The topics of the subscribers.
#[derive(Clone, Copy)]
pub enum Topics {
    /// All are operators in the hub.
    Hub,
    /// Half are operators. Half are clients, who get only the events of their own dossier.
    Portals,
}

impl fmt::Display for Topics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hub => "hub",
            Self::Portals => "portals",
        })
    }
}

impl Topics {
    /// Returns the number of operators among the subscribers.
    fn operators(self, count: usize) -> usize {
        match self {
            Self::Hub => count,
            Self::Portals => count / 2,
        }
    }

    /// Returns the number of subscribers who get the events of a client's dossier.
    fn receivers(self, count: usize, client: usize) -> usize {
        let operators = self.operators(count);
        operators + (0..count - operators).filter(|place| place % CLIENTS == client).count()
    }
}

pub struct Agency {
    data: TempDir,
    /// The name of its database and the URL of the server, if it created one.
    database: Option<(String, String)>,
    operators: Vec<Arc<str>>,
    clients: Vec<Client>,
}

struct Client {
    id: String,
    token: Arc<str>,
    conversation: String,
}

impl Agency {
    pub async fn found() -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = prepare(data.path());
        let mut agency = Self { data, database, operators: Vec::new(), clients: Vec::new() };
        agency.run(&["organization", "create", "atelier", "--name", "L’Atelier"]);
        for number in 0..OPERATORS {
            let token = agency.join(&format!("operator{number}@atelier.example"), &["--role", "operator"]);
            agency.operators.push(token);
        }
        let server = agency.serve().await;
        for number in 0..CLIENTS {
            let client = agency.client(&server, number).await;
            agency.clients.push(client);
        }
        agency
    }

    async fn client(&self, server: &Running, number: usize) -> Client {
        let input = json!({ "name": format!("Client {number}"), "track": "LAB" });
        let made = self.ask(server, "createClient", "CreateClientInput", "client { id }", &input).await;
        let id = made["client"]["id"].as_str().unwrap().to_owned();
        let token = self.join(&format!("client{number}@client.example"), &["--role", "client", "--client", &id]);
        let input = json!({ "clientId": id, "subject": "Bonjour" });
        let selection = "conversation { id }";
        let made = self.ask(server, "startConversation", "StartConversationInput", selection, &input).await;
        Client { id, token, conversation: made["conversation"]["id"].as_str().unwrap().to_owned() }
    }

    /// Adds a member. Returns their token.
    fn join(&self, email: &str, role: &[&str]) -> Arc<str> {
        self.run(&[&["member", "add", email, "--organization", "atelier"], role].concat());
        self.run(&["token", email]).into()
    }

    fn run(&self, arguments: &[&str]) -> String {
        run(self.data.path(), arguments)
    }

    pub async fn serve(&self) -> Running {
        let port = free_port();
        let mut command = pinned(SERVER_CORE, Path::new(BINARY));
        configure(&mut command, self.data.path()).env("LISTEN", format!("127.0.0.1:{port}")).env("LOG", "warn");
        Running::start(&mut command, port).await
    }

    async fn ask(&self, server: &Running, name: &str, kind: &str, selection: &str, input: &Value) -> Value {
        let body = mutation(name, kind, selection, input);
        let request = reqwest::Client::new().post(server.url()).bearer_auth(&self.operators[0]);
        let request = request.header("Content-Type", "application/json").body(body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"][name].clone()
    }

    pub fn services(&self) -> &'static str {
        if self.database.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    pub fn subscribers(&self, mix: Topics, count: usize) -> Vec<Subscription> {
        let operators = mix.operators(count);
        let query: Arc<str> = match mix {
            Topics::Hub => HUB,
            Topics::Portals => EVENTS,
        }
        .into();
        let operator = |place: usize| self.operators[place % OPERATORS].clone();
        let client = |place: usize| self.clients[place % CLIENTS].token.clone();
        let tokens = (0..operators).map(operator).chain((0..count - operators).map(client));
        tokens.map(|token| Subscription { token, query: query.clone() }).collect()
    }

    /// Returns requests that cause events one after the other, each in another dossier, for this many subscribers.
    pub fn causes(&self, mix: Topics, count: usize, events: usize) -> Vec<Cause> {
        let token = self.operators[0].to_string();
        let cause = |event: usize| {
            let body = self.event(mix, event);
            Cause { token: token.clone(), body, receivers: mix.receivers(count, event % CLIENTS) }
        };
        (0..events).map(cause).collect()
    }

    fn event(&self, mix: Topics, number: usize) -> String {
        let (client, text) = (&self.clients[number % CLIENTS], format!("Évènement {number}"));
        match mix {
            Topics::Hub => {
                let input = json!({ "clientId": client.id, "title": text });
                mutation("submitValidationRequest", "SubmitValidationRequestInput", "", &input)
            }
            Topics::Portals => {
                let input = json!({ "conversationId": client.conversation, "body": text });
                mutation("postMessage", "PostMessageInput", "", &input)
            }
        }
    }

    /// Drops its database.
    pub async fn close(self) {
        let Some((admin, name)) = self.database else { return };
        let admin = Database::connect(admin).await.unwrap();
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
        for role in ["owner", "server"] {
            admin.execute_unprepared(&format!("DROP ROLE {name}_{role}")).await.unwrap();
        }
    }
}

/// Writes the configuration of a server in this folder. Returns the database, if it created one.
fn prepare(data: &Path) -> Option<(String, String)> {
    let admin = std::env::var("TEST_POSTGRES_URL").ok()?;
    let name = format!("dossier_fanout_{}", std::process::id());
    let made = run(data, &["database", "create", "--admin-url", &admin, "--name", &name]);
    let redis = std::env::var("TEST_REDIS_URL").map(|url| format!("REDIS_URL={url}\n")).unwrap_or_default();
    let secret = "JWT_SECRET='a secret that all processes of a test share'";
    std::fs::write(data.join(".env"), format!("{made}\n{redis}{secret}\n")).unwrap();
    Some((admin, name))
}

fn mutation(name: &str, kind: &str, selection: &str, input: &Value) -> String {
    let query =
        format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code }} }} }}");
    json!({ "query": query, "variables": { "input": input } }).to_string()
}
