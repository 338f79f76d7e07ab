//! Sends many nearly valid requests to the real binary. They are operations that fit the schema, with mutations of
//! their meaning, their JSON or their bytes, over HTTP and sockets. No answer may be an internal error. The process
//! must keep answering other people, and its memory must not grow.
//!
//! `FUZZ_SECONDS` sets the duration, and `FUZZ_SEED` the random draws. Ids and cursors come from the server's answers,
//! so the same seed sends the same requests only if the answers are the same. Findings are therefore printed
//! completely.

mod check;
mod frames;
mod grammar;
mod http;
mod known;
mod mutate;
mod socket;

use crate::support::{
    Actor, json,
    process::{Process, free_port, run},
    services::Services,
};
use check::Tally;
use dossier_seed::generated::Random;
use grammar::Grammar;
use known::Known;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// The duration within the suite, in seconds.
const SECONDS: u64 = 10;

/// The number of concurrent senders. Two thirds of them use sockets, which mostly wait.
const WORKERS: u64 = 9;

/// The maximum growth of the process after its warm-up, in bytes: the size of its caches (16 MiB of documents, 2 MiB of
/// pages for each connection to the embedded database), and as much again for the allocator.
const GROWTH: u64 = 96 << 20;

/// Texts that the log of a correct server never contains.
const FAULTS: [&str; 4] = ["panicked", "broke off", " ERROR ", "INTERNAL_SERVER_ERROR"];

/// The state that all senders share.
pub struct Target {
    /// Such as `127.0.0.1:…`.
    address: String,
    token: String,
    grammar: Grammar,
    known: Known,
    tally: Tally,
}

/// A failure with the request that caused it.
type Finding = String;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_causes_an_internal_error() {
    let (seconds, seed) = (variable("FUZZ_SECONDS").unwrap_or(SECONDS), variable("FUZZ_SEED").unwrap_or_else(any));
    eprintln!("FUZZ_SECONDS={seconds} FUZZ_SEED={seed}");
    let data = tempfile::tempdir().unwrap();
    let services = Services::of_set(data.path()).await;
    if let Some(services) = &services {
        services.write(data.path());
    }
    let token = set_up(data.path());
    // Each sign-in hashes a password. Without a limit, this would leave no time for other requests.
    let server = Process::serve_with(data.path(), free_port(), &[("RATE_SIGN_IN", "20")]).await;
    let olga = server.actor("olga", &token);
    let target = Arc::new(Target {
        address: server.url.trim_start_matches("http://").to_owned(),
        token,
        grammar: Grammar::of_the_schema(),
        known: Known::default(),
        tally: Tally::default(),
    });
    olga.does("createClient", json!({ "name": "Honnête", "track": "LAB" }), "client { id }").await;

    let whole = Duration::from_secs(seconds);
    let faults = |finding: Finding| -> u64 {
        let log = server.log();
        let errors: Vec<_> = log.lines().filter(|line| FAULTS.iter().any(|fault| line.contains(fault))).collect();
        panic!("{finding}\n{}", errors.join("\n"))
    };
    let warming = storm(&target, &olga, seed, whole * 2 / 5).await.unwrap_or_else(faults);
    let warm = server.resident();
    let sent = warming + storm(&target, &olga, seed.wrapping_add(1), whole * 3 / 5).await.unwrap_or_else(faults);
    let end = server.resident();
    target.tally.report(sent);
    eprintln!("{sent} requests and sockets; {} MiB when warm, {} MiB at the end", warm >> 20, end >> 20);
    assert!(end <= warm + GROWTH, "it grew from {} to {} MiB; FUZZ_SEED={seed}", warm >> 20, end >> 20);
    let log = server.log();
    for fault in FAULTS {
        let line = log.lines().find(|line| line.contains(fault));
        assert_eq!(line, None, "FUZZ_SEED={seed}");
    }
    server.end();
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}={value} is no number")))
}

fn any() -> u64 {
    u64::from(std::process::id()) << 32 | u64::from(std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos())
}

/// Creates an agency with one operator. Returns their token.
fn set_up(data: &Path) -> String {
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    run(data, &["token", "olga@atelier.example"])
}

/// Sends for this long, while somebody sends valid requests. Returns the number of requests.
async fn storm(target: &Arc<Target>, honest: &Actor, seed: u64, lasts: Duration) -> Result<u64, Finding> {
    let until = Instant::now() + lasts;
    let mut storm = JoinSet::new();
    for worker in 0..WORKERS {
        storm.spawn(send_until(target.clone(), seed, worker, until));
    }
    while Instant::now() < until {
        honest.query("{ viewer { role } clients(first: 5) { nodes { id name } } }", json!({})).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    storm.join_all().await.into_iter().sum()
}

async fn send_until(target: Arc<Target>, seed: u64, worker: u64, until: Instant) -> Result<u64, Finding> {
    let mut sent = 0;
    while Instant::now() < until {
        let mut random = Random::new(seed.wrapping_add(sent), worker);
        let turn = if worker.is_multiple_of(3) {
            http::turn(&target, &mut random).await
        } else {
            socket::turn(&target, &mut random).await
        };
        turn.map_err(|finding| format!("FUZZ_SEED={seed}, the {sent}th of {worker}: {finding}"))?;
        sent += 1;
    }
    Ok(sent)
}
