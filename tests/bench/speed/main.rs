//! Measures the speed of answers. It compares with the limit: a server with hand-written SQL on the same stack, with
//! the same transactions, token check and number of connections to the database. `cargo bench --bench speed`.
//!
//! It uses `PostgreSQL` if `TEST_POSTGRES_URL` names a user who may create databases and roles, and otherwise the
//! embedded database. `dossier seed` fills it. `--keep NAME` keeps it, with all later changes, for the next run. The
//! servers run on core 0, this client on core 1. They are measured in turn, after a comparison of all answers. It
//! prints a table and draws `target/speed.svg`.
//!
//! A: one client. B: a page of clients. C: a page of clients with documents, conversations and messages. D: filtered
//! documents with their number. E: a validation request, submitted and approved (two HTTP requests).

#![allow(missing_docs, clippy::unwrap_used)]

mod allocations;
mod allocator;
mod callers;
mod compare_answers;
mod compare_rows;
mod connection;
mod database;
mod limit;
mod load;
mod operation;
mod plot;
#[path = "../process.rs"]
mod process;
mod report;
mod serve;

use callers::Callers;
use clap::{Args, Parser, ValueEnum};
use database::BenchDatabase;
use operation::Operation;
use process::part;
use report::Level;
use serve::{limit_server, our_server};
use std::{path::PathBuf, time::Duration};

const SERVER_CORE: u8 = 0;
const CLIENT_CORE: u8 = 1;

/// The number of measured starts.
const STARTS: usize = 5;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    scope: Scope,
    #[arg(long, hide = true, default_value = "begin")]
    part: Part,
    /// The folder of the servers.
    #[arg(long, hide = true, default_value = ".")]
    data: PathBuf,
    /// `cargo bench` passes this.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Args)]
struct Scope {
    /// The duration of one measurement.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// The number of measurements per server.
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// The numbers of concurrent connections.
    #[arg(long, value_delimiter = ',', default_value = "16,64")]
    connections: Vec<usize>,
    /// The operations.
    #[arg(long, value_delimiter = ',', default_value = "A,B,C,D,E", ignore_case = true)]
    only: Vec<Operation>,
    /// The number of generated organizations.
    #[arg(long, default_value_t = 10)]
    organizations: u32,
    /// The number of clients per organization.
    #[arg(long, default_value_t = 200)]
    clients: u32,
    /// Keep the database under this name, or use a kept one.
    #[arg(long, value_parser = dossier::database::roles::name)]
    keep: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Begin,
    Client,
    Limit,
    Counted,
}

fn main() {
    let cli = Cli::parse();
    match cli.part {
        Part::Begin => begin(&cli.scope),
        Part::Client => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(measure(&cli));
        }
        Part::Limit => {
            dossier::config::env_file::load().unwrap();
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(limit::serve());
        }
        Part::Counted => allocations::serve(),
    }
}

/// Keeps the database and the folder until the client has ended, even after an interruption, which also stops the
/// client.
fn begin(scope: &Scope) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    let database = BenchDatabase::prepare(&runtime, scope);
    let mut client = part(CLIENT_CORE, "client");
    client.args(std::env::args_os().skip(1)).arg("--data").arg(database.data());
    let status = client.status();
    drop(database);
    assert!(status.unwrap().success());
}

async fn measure(cli: &Cli) {
    let (data, scope) = (&cli.data, &cli.scope);
    let callers_by_organization = {
        let (ours, limit) = (our_server(data).await, limit_server(data).await);
        let callers_by_organization = Callers::all(&ours, data).await;
        for callers in &callers_by_organization {
            compare_answers::check(callers, &ours, &limit, &scope.only).await;
        }
        if scope.only.contains(&Operation::E) {
            compare_rows::check(&callers_by_organization[0], data, &ours, &limit).await;
        }
        callers_by_organization
    };
    report::introduce(data, &callers_by_organization);
    report::started(serve::starts(data, &callers_by_organization[0], STARTS).await);
    for operation in scope.only.iter().filter(|operation| **operation != Operation::E) {
        report::allocated(*operation, &allocations::count(data, &callers_by_organization[0], *operation).await);
    }
    let (ours, limit) = (our_server(data).await, limit_server(data).await);
    let (turn, idle) = (Duration::from_secs_f64(scope.seconds), ours.memory("VmRSS"));
    report::head(scope.turns, turn);
    let mut levels = Vec::new();
    for &connections in &scope.connections {
        let mut level = Level { connections, rows: Vec::new() };
        for &operation in &scope.only {
            let scripts = [true, false]
                .map(|limit| callers_by_organization.iter().map(|callers| callers.script(operation, limit)).collect());
            let [by_hand, asked]: [Vec<_>; 2] = scripts;
            let mut turns = Vec::new();
            for _ in 0..scope.turns {
                let limit = load::turn(&limit, &by_hand, connections, turn).await;
                turns.push((limit, load::turn(&ours, &asked, connections, turn).await));
            }
            level.rows.push(report::row(operation, connections, turns));
        }
        println!("memory: {idle:.0} KiB idle, at most {:.0} KiB so far", ours.memory("VmHWM"));
        levels.push(level);
    }
    println!("{}", plot::draw(&levels).display());
}
