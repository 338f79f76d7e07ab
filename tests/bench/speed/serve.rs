//! Starts the servers, and measures the start of Dossier.

use super::{
    SERVER_CORE,
    callers::Callers,
    connection::{Connection, request},
    operation::Operation,
    process::{BINARY, Running, configure, free_port, part, pinned},
};
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub async fn our_server(data: &Path) -> Running {
    let port = free_port();
    Running::start(&mut command(data, port), port).await
}

pub async fn limit_server(data: &Path) -> Running {
    let port = free_port();
    let mut command = part(SERVER_CORE, "limit");
    Running::start(listening(&mut command, data, port), port).await
}

/// Logs as in production, but to a file.
fn command(data: &Path, port: u16) -> Command {
    let mut command = pinned(SERVER_CORE, Path::new(BINARY));
    let log = std::fs::File::create(data.join("log")).unwrap();
    listening(&mut command, data, port).stderr(log);
    command
}

pub fn listening<'a>(command: &'a mut Command, data: &Path, port: u16) -> &'a mut Command {
    configure(command, data).env("LISTEN", format!("127.0.0.1:{port}"))
}

/// Returns the times from the start of the program to its first answer.
pub async fn starts(data: &Path, callers: &Callers, times: usize) -> Vec<Duration> {
    let mut all = Vec::new();
    for _ in 0..times {
        let port = free_port();
        let script = callers.script(Operation::A, false);
        let begun = Instant::now();
        let _child = Started(command(data, port).stdout(Stdio::null()).spawn().unwrap());
        let mut connection = loop {
            match Connection::open(port).await {
                Ok(connection) => break connection,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        connection.ask(&request(&script.first[0])).await.unwrap();
        all.push(begun.elapsed());
    }
    all
}

struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
