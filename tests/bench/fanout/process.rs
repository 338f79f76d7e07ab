//! Programs on a core of their own, and what they use.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The kernel counts time in these, whatever its own clock: `USER_HZ`.
const TICKS: u64 = 100;

/// The program on one core, with as many open files as it may have.
pub fn pinned(core: u8, program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec taskset --cpu-list \"$@\"", "sh", &core.to_string()]);
    command.arg(program);
    command
}

/// A server.
pub struct Running {
    child: Child,
    pub port: u16,
}

impl Running {
    /// Starts it, and waits until it takes connections.
    pub async fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let running = Self { child: child.unwrap(), port };
        while reqwest::get(running.url()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        running
    }

    pub async fn bare(core: u8) -> Self {
        let port = free_port();
        let mut command = pinned(core, &std::env::current_exe().unwrap());
        command.args(["--part", "bare"]).env("PORT", port.to_string());
        Self::start(&mut command, port).await
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/graphql", self.port)
    }

    /// Its resident memory, in KiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// The processor time that it has used.
    pub fn processor(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // The name may contain anything; behind it, user and system time are the 12th and 13th field.
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 1_000 / TICKS)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
