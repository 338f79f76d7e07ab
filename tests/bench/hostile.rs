//! Measures the cost of attackers for other people. It compares the latency of honest queries without and with 1,000
//! sockets that subscribe and never read, 1,000 connections that send garbage, and 200 that send their requests letter
//! by letter. Disconnected attackers come back.
//!
//! `ulimit -n 8192; cargo bench --bench hostile`. It uses the embedded database and the default limits. There are many
//! honest people, because each has a rate limit.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../support/crowd.rs"]
mod crowd;

use serde_json::{Value, json};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep};

const DEAF: u16 = 1_000;
const GARBAGE: u16 = 1_000;
const LORIS: u16 = 200;

/// The number of honest people.
const PEOPLE: usize = 40;

/// The duration of the measurement without and with attackers.
const CALM: Duration = Duration::from_secs(20);
const STORM: Duration = Duration::from_secs(40);

/// The pauses between two queries, and between two changes that cause events.
const PAUSE: Duration = Duration::from_millis(40);
const CHANGES: Duration = Duration::from_secs(1);

/// How long a client that never reads stays before it reconnects. It is longer than the server waits.
const STAY: Duration = Duration::from_secs(30);

const QUERY: &str = "{ clients(first: 20) { nodes { id name status documents(first: 5) { nodes { name } } } } }";

struct Server {
    child: Child,
    url: String,
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
    if let [_, role, address, token] = std::env::args().collect::<Vec<_>>().as_slice()
        && role == "crowd"
    {
        return mob(address.parse().unwrap(), token).await;
    }
    enough_files();
    let (server, tokens) = start().await;
    let address: SocketAddr = server.url.trim_start_matches("http://").parse().unwrap();
    for number in 0..20 {
        change(&server.url, &tokens[0], &format!("Client {number}")).await;
    }
    let before = measure("without them", &server, &tokens, CALM).await;
    // A separate process with low priority, because attackers would be on other machines.
    let mut crowd = Command::new("nice");
    crowd.args(["-n", "19"]).arg(std::env::current_exe().unwrap()).args(["crowd", &address.to_string(), &tokens[1]]);
    let mut crowd = crowd.stdin(Stdio::piped()).spawn().unwrap();
    // Waits until all are connected.
    sleep(Duration::from_secs(5)).await;
    let during = measure("with them", &server, &tokens, STORM).await;
    drop(crowd.stdin.take());
    assert!(crowd.wait().unwrap().success());
    sleep(Duration::from_secs(5)).await;
    measure("after them", &server, &tokens, CALM).await;
    for (name, place) in [("p50", 0), ("p99", 1)] {
        println!("ratio of {name}: {:.2}", during[place].as_secs_f64() / before[place].as_secs_f64());
    }
}

/// Runs all attackers until standard input ends.
async fn mob(address: SocketAddr, token: &str) {
    let ended: Arc<[AtomicU64; 3]> = Arc::default();
    let crowd = gather(address, token, &ended);
    let waited = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    waited.await.unwrap().unwrap();
    drop(crowd);
    let [deaf, garbage, loris] = ended.each_ref().map(|count| count.load(Ordering::Relaxed));
    println!("got rid of meanwhile: {deaf} who never read, {garbage} with garbage, {loris} who dawdle");
}

/// Starts the attackers. They end when the set is dropped.
fn gather(address: SocketAddr, token: &str, ended: &Arc<[AtomicU64; 3]>) -> JoinSet<()> {
    let mut crowd = JoinSet::new();
    for number in 0..DEAF {
        let (token, ended) = (token.to_owned(), ended.clone());
        crowd.spawn(async move {
            loop {
                let _ = crowd::deaf(address, &token, number, STAY).await;
                ended[0].fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    for number in 0..GARBAGE {
        let ended = ended.clone();
        crowd.spawn(async move {
            loop {
                let _ = crowd::garbage(address, number).await;
                ended[1].fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    for number in 0..LORIS {
        let ended = ended.clone();
        crowd.spawn(async move {
            loop {
                let _ = crowd::loris(address, number).await;
                ended[2].fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    crowd
}

/// Returns the median and the 99th percentile of honest queries. Each uses a new connection. Prints the number of
/// failures.
async fn measure(name: &str, server: &Server, tokens: &[String], lasts: Duration) -> [Duration; 2] {
    let begun = Instant::now();
    let (mut took, mut failed, mut changed) = (Vec::new(), 0, begun);
    let honest = &tokens[2..];
    while begun.elapsed() < lasts {
        let asked = Instant::now();
        let answer = ask(&server.url, &honest[took.len() % honest.len()], QUERY, &json!({})).await;
        took.push(asked.elapsed());
        failed += usize::from(answer.get("errors").is_some());
        if changed.elapsed() > CHANGES {
            changed = Instant::now();
            change(&server.url, &tokens[0], &format!("At {:?}", begun.elapsed())).await;
        }
        sleep(PAUSE).await;
    }
    took.sort();
    let [median, high] = [took.len() / 2, took.len() * 99 / 100].map(|place| took[place]);
    let memory = resident(server.child.id()) >> 20;
    println!(
        "{name:12} {:5} queries, {failed} failed  p50 {median:9.2?}  p99 {high:9.2?}  server {memory} MiB",
        took.len()
    );
    [median, high]
}

async fn change(url: &str, token: &str, name: &str) {
    let query = "mutation($name: String!) { createClient(input: { name: $name, track: LAB }) { client { id } } }";
    ask(url, token, query, &json!({ "name": name })).await;
}

async fn ask(url: &str, token: &str, query: &str, variables: &Value) -> Value {
    let request = reqwest::Client::new().post(format!("{url}/graphql")).bearer_auth(token);
    let answer = request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap();
    answer.json().await.unwrap()
}

/// Starts a server with an agency. Returns the tokens of its people.
async fn start() -> (Server, Vec<String>) {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let tokens = (0..PEOPLE + 2).map(|number| {
        let email = format!("person{number}@atelier.example");
        run(data.path(), &["member", "add", &email, "--organization", "atelier", "--role", "operator"]);
        run(data.path(), &["token", &email])
    });
    let tokens = tokens.collect();
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let log = std::fs::File::create(data.path().join("log")).unwrap();
    let mut serve = dossier(data.path());
    serve.env("LISTEN", listen.to_string()).stdout(log.try_clone().unwrap()).stderr(log);
    let server = Server { child: serve.spawn().unwrap(), url: format!("http://{listen}"), _data: data };
    while reqwest::get(format!("{}/health/ready", server.url)).await.is_err() {
        sleep(Duration::from_millis(50)).await;
    }
    (server, tokens)
}

fn dossier(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.env_clear().env("DATA_DIR", data).current_dir(data).stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> String {
    let output = dossier(data).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Returns the memory of a process, in bytes.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// Checks the limit of file descriptors, because each process needs one for each connection.
fn enough_files() {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let soft = line.split_whitespace().next().unwrap();
    let most = soft.parse::<u64>().unwrap_or(u64::MAX);
    assert!(most >= 8_192, "at most {most} files may be open; `ulimit -n 8192` allows enough");
}
