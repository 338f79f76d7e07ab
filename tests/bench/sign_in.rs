//! Measures whether the time of an answer tells if an address has an account. It signs in with wrong passwords, and
//! requests password resets, in turns for an address with an account and for addresses without one.
//!
//! `cargo bench --bench sign_in`. For each way, it prints the median, the 90th percentile, and how often the answer for
//! the account took longer than the answer for another address just before. Without a difference, this is half of the
//! pairs: 50 %, give or take the printed deviation.

#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The number of pairs. `PAIRS=1000` measures more.
const PAIRS: usize = 200;

/// The pairs before the measurement.
const WARM_UP: usize = 10;

const ACCOUNT: &str = "claire@atelier.example";

const SIGN_IN: &str = "mutation($email: String!) {
    signIn(input: { email: $email, password: \"not the right one\" }) { userErrors { message } }
}";
const RESET: &str =
    "mutation($email: String!) { requestPasswordReset(input: { email: $email }) { userErrors { message } } }";

struct Server {
    child: Child,
    url: String,
    client: reqwest::Client,
    _data: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::main]
async fn main() {
    let server = start().await;
    let pairs = std::env::var("PAIRS").map_or(PAIRS, |pairs| pairs.parse().unwrap());
    for (name, query) in [("wrong password", SIGN_IN), ("password reset", RESET)] {
        measure(&server, name, query, pairs).await;
    }
}

/// Measures a mutation, and prints the result.
async fn measure(server: &Server, name: &str, query: &str, pairs: usize) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..WARM_UP + pairs {
        let stranger = format!("stranger{number}@atelier.example");
        let (first, second) = (server.ask(query, &stranger).await, server.ask(query, ACCOUNT).await);
        assert_eq!(first.0, second.0, "the answers differ");
        if number >= WARM_UP {
            unknown.push(first.1);
            known.push(second.1);
        }
    }
    let slower = known.iter().zip(&unknown).filter(|(known, unknown)| known > unknown).count();
    let share = 100.0 * f64::from(u32::try_from(slower).unwrap()) / f64::from(u32::try_from(pairs).unwrap());
    let deviation = 50.0 / f64::from(u32::try_from(pairs).unwrap()).sqrt();
    println!("{name}: with account {}, without {}", summary(&mut known), summary(&mut unknown));
    println!("{name}: the account took longer in {share:.0} % of {pairs} pairs (50 % ± {deviation:.0} % by chance)");
}

fn summary(took: &mut [Duration]) -> String {
    took.sort();
    let [median, high] = [took.len() / 2, took.len() * 9 / 10].map(|place| took[place]);
    format!("p50 {median:.2?} p90 {high:.2?}")
}

impl Server {
    /// Returns the answer, and how long it took.
    async fn ask(&self, query: &str, email: &str) -> (Value, Duration) {
        let body = json!({ "query": query, "variables": { "email": email } });
        let begun = Instant::now();
        let answer = self.client.post(format!("{}/graphql", self.url)).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let took = begun.elapsed();
        assert!(answer["data"].is_object(), "{answer}");
        (answer["data"].clone(), took)
    }
}

/// Starts a server without rate limits and with one account.
async fn start() -> Server {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", ACCOUNT, "--organization", "atelier", "--role", "owner"]);
    run(data.path(), &["password", "set", ACCOUNT, "--generate"]);
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let log = std::fs::File::create(data.path().join("log")).unwrap();
    let mut serve = dossier(data.path());
    serve
        .env("LISTEN", listen.to_string())
        .env("RATE_SIGN_IN", "0")
        .env("RATE_OPERATIONS", "0")
        .env("RATE_POINTS", "0");
    serve.stdout(log.try_clone().unwrap()).stderr(log);
    let client = reqwest::Client::new();
    let server = Server { child: serve.spawn().unwrap(), url: format!("http://{listen}"), client, _data: data };
    while reqwest::get(format!("{}/health/ready", server.url)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server
}

fn dossier(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.env_clear().env("DATA_DIR", data).current_dir(data).stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) {
    let output = dossier(data).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
