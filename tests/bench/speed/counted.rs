//! Counts the allocations of a request. The server runs in its own process, on one thread, with a counting allocator.
//! Each line on its standard input is a request for the counts.

use super::{
    SERVER_CORE, count,
    desk::Desk,
    line::{Line, request},
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
            let (calls, bytes) = count::so_far();
            println!("{calls} {bytes}");
            std::io::stdout().flush().unwrap();
        }
    });
    count::begin();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(dossier::cli::serve::serve(&config)).unwrap();
}

/// The allocations of one request.
pub struct Allocated {
    pub calls: u64,
    pub bytes: u64,
}

pub async fn count(data: &Path, desk: &Desk, operation: Operation) -> Allocated {
    let port = free_port();
    let mut server = Counted::start(data, port);
    let mut line = loop {
        match Line::open(port).await {
            Ok(line) => break line,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    let script = desk.script(operation, false);
    let mut requests = script.first.iter().map(request).cycle();
    for request in requests.by_ref().take(WARM) {
        line.ask(&request).await.unwrap();
    }
    let before = server.so_far();
    for request in requests.take(COUNTED) {
        line.ask(&request).await.unwrap();
    }
    let after = server.so_far();
    let each = |after: u64, before: u64| (after - before) / COUNTED as u64;
    Allocated { calls: each(after.0, before.0), bytes: each(after.1, before.1) }
}

struct Counted {
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Counted {
    fn start(data: &Path, port: u16) -> Self {
        let mut command = part(SERVER_CORE, "counted");
        listening(&mut command, data, port).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (ask, told) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, ask, told: BufReader::new(told) }
    }

    fn so_far(&mut self) -> (u64, u64) {
        let mut line = String::new();
        self.ask.write_all(b"\n").unwrap();
        self.told.read_line(&mut line).unwrap();
        let (calls, bytes) = line.trim().split_once(' ').unwrap();
        (calls.parse().unwrap(), bytes.parse().unwrap())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
