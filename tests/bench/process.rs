//! Programs that run on one core, and their resources. Several benchmarks use this.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub const BINARY: &str = env!("CARGO_BIN_EXE_dossier");

/// The number of the kernel's time units per second: `USER_HZ`.
const TICKS: u64 = 100;

/// Returns the program on one core, with the maximum number of open files.
pub fn pinned(core: u8, program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec taskset --cpu-list \"$@\"", "sh", &core.to_string()]);
    command.arg(program);
    command
}

/// Returns a part of this benchmark, on one core.
pub fn part(core: u8, name: &str) -> Command {
    let mut command = pinned(core, &std::env::current_exe().unwrap());
    command.args(["--part", name]);
    command
}

/// Removes this machine's configuration, except for the one in the folder, and sets high limits.
pub fn configure<'a>(command: &'a mut Command, data: &Path) -> &'a mut Command {
    let limits = [
        ("RATE_OPERATIONS", "0"),
        ("RATE_POINTS", "0"),
        ("RATE_SIGN_IN", "0"),
        ("MAX_CONNECTIONS", "1000000"),
        ("MAX_SOCKETS_PER_ADDRESS", "0"),
    ];
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).envs(limits);
    command.env("DATA_DIR", data).current_dir(data).stdin(Stdio::null())
}

/// Returns the output of the command, which must succeed.
pub fn run(data: &Path, arguments: &[&str]) -> String {
    let output = configure(&mut Command::new(BINARY), data).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A running server.
pub struct Running {
    child: Child,
    pub port: u16,
}

impl Running {
    /// Starts it, and waits until it accepts connections.
    pub async fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let running = Self { child: child.unwrap(), port };
        while reqwest::get(running.url()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        running
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/graphql", self.port)
    }

    /// Returns its memory in KiB, by a name of the kernel such as `VmRSS`.
    pub fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Returns its CPU time.
    pub fn processor(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // The name may contain any characters. After it, user and system time are the 12th and 13th field.
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
