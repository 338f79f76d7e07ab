//! The real binary with a person who has a password: what examples and browsers sign in with.

use super::{
    Actor,
    process::{Process, free_port, run},
    services::Services,
};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

const EMAIL: &str = "olga@atelier.example";

pub struct Live {
    /// Where programs may write.
    pub folder: TempDir,
    port: u16,
    process: Option<Process>,
    _services: Option<Services>,
    data: TempDir,
    password: String,
    token: String,
}

impl Live {
    /// A server for Olga, an operator of the agency `atelier`.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let services = Services::of_set(data.path()).await;
        Self::with(data, services, &[]).await
    }

    /// As [`Live::start`], always with the embedded services.
    pub async fn embedded(configuration: &[(&str, &str)]) -> Self {
        Self::with(tempfile::tempdir().unwrap(), None, configuration).await
    }

    async fn with(data: TempDir, services: Option<Services>, configuration: &[(&str, &str)]) -> Self {
        if let Some(services) = &services {
            services.write(data.path());
        }
        run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
        run(
            data.path(),
            &["member", "add", EMAIL, "--organization", "atelier", "--role", "operator", "--name", "Olga"],
        );
        let password = run(data.path(), &["password", "set", EMAIL, "--generate"]);
        let token = run(data.path(), &["token", EMAIL]);
        let port = free_port();
        let process = Some(Process::serve_with(data.path(), port, configuration).await);
        Self { folder: tempfile::tempdir().unwrap(), port, process, _services: services, data, password, token }
    }

    pub fn olga(&self) -> Actor {
        Actor::new(&self.url(), "olga", Some(self.token.clone()))
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Actor {
        Actor::new(&self.url(), "anonymous", None)
    }

    /// `kill -9`, then the same server again.
    pub async fn restart(&mut self) {
        self.process.take().unwrap().kill();
        self.process = Some(Process::serve(self.data.path(), self.port).await);
    }

    /// Asks it to stop, as a deployment does, then the same server again.
    pub async fn redeploy(&mut self) {
        let mut process = self.process.take().unwrap();
        process.terminate();
        assert_eq!(process.stopped(Duration::from_secs(10)).await, 0);
        self.process = Some(Process::serve(self.data.path(), self.port).await);
    }

    /// A program with the server and Olga's password in its environment, and with nothing else of this machine's.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        let kept = ["HOME", "PATH"].map(|name| (name, std::env::var_os(name).unwrap_or_default()));
        command.env_clear().envs(kept).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("URL", self.url()).env("EMAIL", EMAIL).env("PASSWORD", &self.password);
        command
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// What a program prints; it must succeed.
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; `tests/run` installs it"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// A file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
        .canonicalize()
        .unwrap_or_else(|error| panic!("{path}: {error}; `tests/run` installs the packages of npm"))
}
