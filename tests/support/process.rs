//! The real binary as a process that tests stop and kill.

use super::{Actor, actors::http_client, app::PLENTY};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

pub const BINARY: &str = env!("CARGO_BIN_EXE_dossier");

pub struct Process {
    child: Child,
    log: PathBuf,
    pub url: String,
}

/// Returns the command with the embedded database in this folder, and without configuration of this machine.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.current_dir(data);
    configured(command, data)
}

/// Returns a program that runs the command with the embedded services in this folder.
pub fn configured(mut program: Command, data: &Path) -> Command {
    program.env_clear().envs(PLENTY).env("DATA_DIR", data).stdin(Stdio::null());
    program
}

/// Returns the output of the command, which must succeed.
pub fn run(data: &Path, arguments: &[&str]) -> String {
    succeed(command(data), arguments)
}

/// Returns the output of a prepared command with these arguments, which must succeed.
pub fn succeed(mut command: Command, arguments: &[&str]) -> String {
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Sends a process a signal, such as `TERM`.
pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success(), "kill -s {name}");
}

/// Returns a free port that stays free: below the range for outgoing connections, and never returned twice.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 100).unwrap() * 200;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Process {
    /// Starts a server, and waits until it answers.
    pub async fn serve(data: &Path, port: u16) -> Self {
        Self::serve_with(data, port, &[]).await
    }

    /// Starts a server as [`Process::serve`] does, with further configuration.
    pub async fn serve_with(data: &Path, port: u16, configuration: &[(&str, &str)]) -> Self {
        let mut command = command(data);
        command.envs(configuration.iter().copied());
        Self::start(command, &data.join("log"), port).await
    }

    /// Starts a prepared command that serves, and waits until it answers.
    pub async fn start(mut command: Command, path: &Path, port: u16) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(path).unwrap();
        let child =
            command.env("LISTEN", format!("127.0.0.1:{port}")).stdout(log.try_clone().unwrap()).stderr(log).spawn();
        let process = Self { child: child.unwrap(), log: path.to_owned(), url: format!("http://127.0.0.1:{port}") };
        let http = http_client();
        for _ in 0..600 {
            // The server accepts connections before it is ready, and answers later.
            if http.get(format!("{}/graphql", process.url)).send().await.is_ok() {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not answer: {}", process.log());
    }

    pub fn actor(&self, name: &str, token: &str) -> Actor {
        Actor::new(&self.url, name, Some(token.to_owned()))
    }

    /// Returns its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns its memory, in bytes.
    pub fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// Returns the maximum of its memory so far, in bytes.
    pub fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }

    /// Asks it to stop, and waits. It must exit without an error.
    pub fn end(mut self) {
        signal(&self.child, "TERM");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.log());
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Returns its exit code. It must stop within this time.
    pub async fn stopped(&mut self, within: Duration) -> i32 {
        let deadline = std::time::Instant::now() + within;
        while std::time::Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server did not stop within {within:?}");
    }

    /// Kills it with `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
