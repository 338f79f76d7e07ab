//! A `PostgreSQL` for one test, which can stop and start it.

use crate::support::{process::free_port, unprivileged};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub struct Cluster {
    /// The URL for its superuser.
    pub url: String,
    port: u16,
    folder: TempDir,
}

impl Cluster {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let cluster = Self { url: format!("postgres://suite@127.0.0.1:{port}/postgres"), port, folder };
        let data = cluster.data();
        cluster.run(
            "initdb",
            &["--pgdata", data.to_str().unwrap(), "--username=suite", "--auth=trust", "--encoding=UTF8", "--no-sync"],
        );
        cluster.control(&["start"]);
        cluster
    }

    /// Runs `pg_ctl` and waits for it.
    pub fn control(&self, arguments: &[&str]) {
        let folder = self.folder.path().display();
        let options = format!("-c listen_addresses=127.0.0.1 -p {} -k {folder}", self.port);
        let (data, log) = (self.data(), self.folder.path().join("log"));
        let mut all = vec!["--pgdata", data.to_str().unwrap(), "--log", log.to_str().unwrap(), "--wait"];
        all.extend(["--options", &options]);
        all.extend(arguments);
        self.run("pg_ctl", &all);
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let done = unprivileged::command(&programs().join(program), self.folder.path()).args(arguments).output();
        let done = done.unwrap();
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{program} {arguments:?}: {out}{err}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let stop = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.run("pg_ctl", &["--pgdata", data.to_str().unwrap(), "--mode", "immediate", "stop"]);
        }));
        drop(stop);
    }
}

/// Returns the newest installed version.
fn programs() -> PathBuf {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is not installed; `tests/run` installs it")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|bin: &PathBuf| Path::exists(&bin.join("initdb")))
        .collect();
    versions.sort();
    versions.pop().expect("an installed version of PostgreSQL")
}
