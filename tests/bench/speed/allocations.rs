//! Counts the allocations of a request. The server runs in its own process, on one thread, with a counting allocator.
//! Each line on its standard input is a request for the counts.

use super::{
    SERVER_CORE, allocator,
    callers::Callers,
    connection::{Connection, request},
    operation::Operation,
    process::{free_port, part},
    serve::listening,
};
use clap::Parser;
use dossier::{config::Config, observe::log};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Stdio},
    time::Duration,
};

/// The number of requests for warm-up, and the number of counted ones.
const WARM: usize = 200;
const COUNTED: usize = 200;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// Runs the server as `dossier` does.
pub fn serve() {
    dossier::config::env_file::load().unwrap();
    let Cli { config } = Cli::parse_from(["counted"]);
    log::begin(&config.log, config.log_format);
    std::thread::spawn(|| {
        for _ in std::io::stdin().lines() {
            let (calls, bytes) = allocator::so_far();
            println!("{calls} {bytes}");
            std::io::stdout().flush().unwrap();
        }
    });
    allocator::begin();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(dossier::cli::serve::serve(&config)).unwrap();
}

/// The allocations of one request.
pub struct Allocated {
    pub calls: u64,
    pub bytes: u64,
}

pub async fn count(data: &Path, callers: &Callers, operation: Operation) -> Allocated {
    let port = free_port();
    let mut server = Counted::start(data, port);
    let mut connection = loop {
        match Connection::open(port).await {
            Ok(connection) => break connection,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    let script = callers.script(operation, false);
    let mut requests = script.first.iter().map(request).cycle();
    for request in requests.by_ref().take(WARM) {
        connection.ask(&request).await.unwrap();
    }
    let before = server.so_far();
    for request in requests.take(COUNTED) {
        connection.ask(&request).await.unwrap();
    }
    let after = server.so_far();
    let each = |after: u64, before: u64| (after - before) / COUNTED as u64;
    Allocated { calls: each(after.0, before.0), bytes: each(after.1, before.1) }
}

struct Counted {
    child: Child,
    ask: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Counted {
    fn start(data: &Path, port: u16) -> Self {
        let mut command = part(SERVER_CORE, "counted");
        listening(&mut command, data, port).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (ask, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, ask, stdout: BufReader::new(stdout) }
    }

    fn so_far(&mut self) -> (u64, u64) {
        let mut connection = String::new();
        self.ask.write_all(b"\n").unwrap();
        self.stdout.read_line(&mut connection).unwrap();
        let (calls, bytes) = connection.trim().split_once(' ').unwrap();
        (calls.parse().unwrap(), bytes.parse().unwrap())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
