//! The real binary with a person who has a password, for examples and browsers.

use super::{
    Actor,
    process::{Process, free_port, run},
    proxy::Proxy,
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
    /// A folder for files of programs.
    pub folder: TempDir,
    port: u16,
    process: Option<Process>,
    _services: Option<Services>,
    data: TempDir,
    password: String,
    token: String,
}

impl Live {
    /// Starts a server with Olga, an operator of the agency `atelier`.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let services = Services::of_set(data.path()).await;
        Self::with(data, services, &[]).await
    }

    /// Starts as [`Live::start`] does, but always with the embedded services.
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

    /// Returns an actor who is not signed in.
    pub fn anonymous(&self) -> Actor {
        Actor::new(&self.url(), "anonymous", None)
    }

    /// Kills the server with `kill -9`, then starts it again.
    pub async fn restart(&mut self) {
        self.process.take().unwrap().kill();
        self.process = Some(Process::serve(self.data.path(), self.port).await);
    }

    /// Stops the server as a deployment does, then starts it again.
    pub async fn redeploy(&mut self) {
        let mut process = self.process.take().unwrap();
        process.terminate();
        assert_eq!(process.stopped(Duration::from_secs(10)).await, 0);
        self.process = Some(Process::serve(self.data.path(), self.port).await);
    }

    /// Returns a program whose environment contains the server and Olga's password, but no other configuration of this
    /// machine.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        let kept = ["HOME", "PATH"].map(|name| (name, std::env::var_os(name).unwrap_or_default()));
        command.env_clear().envs(kept).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("URL", self.url()).env("EMAIL", EMAIL).env("PASSWORD", &self.password);
        command
    }

    /// Returns the token of a new API key with these scopes.
    pub fn api_key(&self, scopes: &[&str]) -> String {
        let create = ["api-key", "create", "Import", "--organization", "atelier"];
        let scopes = scopes.iter().flat_map(|scope| ["--scope", scope]);
        run(self.data.path(), &create.into_iter().chain(scopes).collect::<Vec<_>>())
    }

    /// Gives Olga another role.
    pub fn change_role(&self, role: &str) {
        run(self.data.path(), &["member", "role", EMAIL, role, "--organization", "atelier"]);
    }

    /// Returns the log of the running server.
    pub fn log(&self) -> String {
        self.process.as_ref().unwrap().log()
    }

    /// Starts a proxy whose connections to the server can be cut.
    pub async fn proxy(&self) -> Proxy {
        Proxy::before(self.port).await
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Returns the output of a program, which must succeed.
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; `tests/run` installs it"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// Returns the path of a file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
        .canonicalize()
        .unwrap_or_else(|error| panic!("{path}: {error}; `tests/run` installs the packages of npm"))
}
