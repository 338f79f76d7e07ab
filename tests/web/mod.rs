//! The hub and the portal in a browser. `browser.mjs` describes how a script and its test work together.

use crate::support::{
    Actor, Value, json,
    live::{output, repository},
    process::{Process, free_port, run},
    services::Services,
};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};
use tempfile::TempDir;
use tokio::task::block_in_place;

const APP: &str = "client-examples/web";

/// A server with the app, and people who sign in to it.
struct Server {
    data: TempDir,
    port: u16,
    process: Option<Process>,
    /// The people as JSON. Without it, they are those of the sample.
    people: Option<String>,
    _services: Option<Services>,
}

impl Server {
    /// Starts with the services of the set. The embedded ones have the sample.
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let services = Services::of_set(data.path()).await;
        Self::with(data, services).await
    }

    /// Starts with the embedded services, which have the sample.
    async fn embedded() -> Self {
        Self::with(tempfile::tempdir().unwrap(), None).await
    }

    async fn with(data: TempDir, services: Option<Services>) -> Self {
        let has_sample = services.is_none();
        if let Some(services) = &services {
            services.write(data.path());
        }
        let mut server = Self { data, port: free_port(), process: None, people: None, _services: services };
        if !has_sample {
            run(server.data.path(), &["organization", "create", "atelier", "--name", "Atelier Lumen"]);
        }
        server.serve().await;
        if !has_sample {
            server.people = Some(server.add_people().await);
        }
        server
    }

    /// Adds the people whom the scripts need. Returns them as JSON.
    async fn add_people(&self) -> String {
        let owner = self.add("claire@atelier.example", "Claire Fontaine", &["--role", "owner"]);
        let operator = self.add("olivier@atelier.example", "Olivier Marchand", &["--role", "operator"]);
        let token = run(self.data.path(), &["token", "olivier@atelier.example"]);
        let olivier = Actor::new(&self.url(), "olivier", Some(token));
        let dossier = json!({ "name": "Boulangerie Martin", "track": "LAB" });
        let dossier = olivier.does("createClient", dossier, "client { id }").await["client"]["id"].clone();
        let of_dossier = ["--role", "client", "--client", dossier.as_str().unwrap()];
        let client = self.add("julien@boulangerie-martin.example", "Julien Martin", &of_dossier);
        json!({ "owner": owner, "operator": operator, "client": client }).to_string()
    }

    fn add(&self, email: &str, name: &str, rights: &[&str]) -> Value {
        let data = self.data.path();
        let member = ["member", "add", email, "--organization", "atelier", "--name", name];
        run(data, &[&member, rights].concat());
        let password = run(data, &["password", "set", email, "--generate"]);
        json!({ "name": name, "email": email, "password": password })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn serve(&mut self) {
        let app = built();
        self.process = Some(Process::serve_with(self.data.path(), self.port, &[("WEB_APP", app)]).await);
    }

    /// Kills the server with `kill -9`, then starts it again.
    async fn restart(&mut self) {
        self.process.take().unwrap().kill();
        self.serve().await;
    }

    fn script(&self, name: &str) -> Command {
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("web");
        fs::create_dir_all(&pictures).unwrap();
        let mut node = Command::new("node");
        let kept = ["HOME", "PATH"].map(|name| (name, std::env::var_os(name).unwrap_or_default()));
        node.env_clear().envs(kept).arg(repository("tests/web").join(name)).current_dir(self.data.path());
        node.env("URL", self.url()).env("SCREENSHOTS", pictures);
        node.envs(self.people.as_ref().map(|people| ("PEOPLE", people)));
        node
    }

    /// Runs a script that may ask for crashes of the server.
    async fn check(&mut self, name: &str) {
        let mut node = self.script(name);
        let mut child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (mut input, mut errors) = (child.stdin.take().unwrap(), child.stderr.take().unwrap());
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).map(|_| text)
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        while let Some(line) = block_in_place(|| lines.next()) {
            let line = line.unwrap();
            if line == "RESTART" {
                self.restart().await;
                writeln!(input, "restarted").unwrap();
            }
            said.push(line);
        }
        let status = block_in_place(|| child.wait()).unwrap();
        let errors = errors.join().unwrap().unwrap();
        assert!(status.success(), "{name}: {status}\n{}\n{errors}", said.join("\n"));
    }
}

/// Returns the folder of the built app. `tests/run` has built it already.
fn built() -> &'static str {
    static BUILT: OnceLock<String> = OnceLock::new();
    BUILT.get_or_init(|| {
        let app = repository(APP);
        if std::env::var_os("WEB_APP_IS_BUILT").is_none() {
            output(Command::new("npm").args(["run", "--silent", "build"]).current_dir(&app));
        }
        app.join("dist").display().to_string()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_document_is_told_on_a_computer_and_on_a_phone() {
    Server::start().await.check("story.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_a_fault_of_accessibility() {
    Server::embedded().await.check("axe.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_requests_are_decided_by_keyboard_alone() {
    Server::start().await.check("keyboard.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_the_network_is_away() {
    Server::start().await.check("offline.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_installed_app_opens_without_a_network_and_forgets_who_signs_out() {
    Server::start().await.check("installed.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_of_the_app_takes_over_without_a_blank_page() {
    Server::embedded().await.check("newVersion.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_files_are_sent_together_and_once() {
    Server::start().await.check("uploads.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_of_a_dossier_shows_what_its_client_sees() {
    Server::embedded().await.check("asClient.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_of_one_person_agree_about_what_was_read() {
    Server::start().await.check("twoWindows.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_document_is_restored_and_purged() {
    Server::start().await.check("trash.mjs").await;
}
