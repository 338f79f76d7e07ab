//! Measures how many subscribers one process holds on one core, and how fast an event reaches all of them. It compares
//! with the limit: a bare WebSocket server on the same stack, which sends one text to all. `cargo bench --bench fanout
//! -- --subscribers 10000`.
//!
//! The servers run on core 0, this client on core 1. It uses the embedded services, or those of `TEST_POSTGRES_URL` (a
//! user who may create databases) and `TEST_REDIS_URL`. The latency of an event starts when its request is sent: a
//! mutation to Dossier, or the text itself to the bare server.

#![allow(missing_docs, clippy::unwrap_used)]

mod agency;
mod bare;
mod crowd;
mod measure;
#[path = "../process.rs"]
mod process;

use agency::{Agency, Topics};
use clap::{Parser, ValueEnum};
use measure::{Figures, Side};
use process::{Running, free_port, part};
use std::time::Duration;

// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SERVER_CORE: u8 = 0;
const CLIENT_CORE: u8 = 1;

#[derive(Parser)]
struct Cli {
    /// The number of sockets.
    #[arg(long, default_value_t = 10_000)]
    subscribers: usize,
    /// The number of events, one per second.
    #[arg(long, default_value_t = 20)]
    events: usize,
    /// `cargo bench` passes this.
    #[arg(long, hide = true)]
    bench: bool,
    #[arg(long, hide = true, default_value = "begin")]
    part: Part,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Begin,
    Client,
    Bare,
}

fn main() {
    let cli = Cli::parse();
    match cli.part {
        Part::Begin => {
            let (subscribers, events) = (cli.subscribers.to_string(), cli.events.to_string());
            let mut client = part(CLIENT_CORE, "client");
            client.args(["--subscribers", &subscribers, "--events", &events]);
            assert!(client.status().unwrap().success());
        }
        Part::Client => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(compare(&cli));
        }
        Part::Bare => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(bare::serve());
        }
    }
}

async fn compare(cli: &Cli) {
    let agency = Agency::found().await;
    println!("{} sockets, {} events, on {}", cli.subscribers, cli.events, agency.services());
    println!(
        "{:8} {:8} {:>7} {:>7} {:>15} {:>9} {:>9} {:>9} {:>13} {:>5}",
        "mix", "server", "sockets", "hear", "KiB per socket", "first ms", "p50 ms", "p99 ms", "CPU µs/event", "lost"
    );
    for mix in [Topics::Hub, Topics::Portals] {
        let server = agency.serve().await;
        let side = Side {
            subscribers: agency.subscribers(mix, cli.subscribers),
            causes: agency.causes(mix, cli.subscribers, cli.events),
        };
        let ours = side.measure(&server).await;
        drop(server);
        print("dossier", mix, &ours);
        let port = free_port();
        let bare = Running::start(part(SERVER_CORE, "bare").env("PORT", port.to_string()), port).await;
        let limit = Side::bare(&side, &ours.text).measure(&bare).await;
        print("bare", mix, &limit);
        let ratio = ours.p99.as_secs_f64() / limit.p99.as_secs_f64();
        println!(
            "{mix:8} {:8} {:>31.1} {:>29.1} {:>13.1}",
            "ratio",
            ours.idle / limit.idle,
            ratio,
            ours.processor.as_secs_f64() / limit.processor.as_secs_f64()
        );
    }
    agency.close().await;
}

fn print(server: &str, mix: Topics, figures: &Figures) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{mix:8} {server:8} {:>7} {:>7} {:>15.1} {:>9.1} {:>9.1} {:>9.1} {:>13.1} {:>5}",
        figures.sockets,
        figures.receivers,
        figures.idle,
        milliseconds(figures.first),
        milliseconds(figures.p50),
        milliseconds(figures.p99),
        milliseconds(figures.processor) * 1_000.0,
        figures.lost
    );
}
