//! Follows `docs/tutorial.md` as a reader does, and uses the portal in a browser.

use crate::support::{
    json,
    live::{output, repository},
    process::{Process, free_port, run},
};
use std::{
    fs,
    os::unix::{fs::symlink, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;
use tokio::task::block_in_place;

const PACKAGES: &str = "tests/tutorial";

/// The folder of the reader, with what the commands of the page have done so far.
struct Reader {
    data: TempDir,
    folder: TempDir,
    port: u16,
    server: Option<Process>,
    development: Option<Development>,
    password: String,
}

impl Reader {
    fn app(&self) -> PathBuf {
        self.folder.path().join("portal")
    }

    /// Returns a program in the folder of the app, without configuration of this machine.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        let kept = ["HOME", "PATH"].map(|name| (name, std::env::var_os(name).unwrap_or_default()));
        command.env_clear().envs(kept).current_dir(self.app()).stdin(Stdio::null());
        command
    }

    /// Replaces the port of the server, which may be in use.
    fn write(&self, name: &str, text: &str) {
        let path = self.app().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace("127.0.0.1:4000", &format!("127.0.0.1:{}", self.port))).unwrap();
    }

    async fn serve(&mut self, configuration: &[(&str, &str)]) {
        if let Some(server) = self.server.take() {
            server.end();
        }
        let configuration = [&[("ACCESS_TOKEN_SECONDS", "10")], configuration].concat();
        self.server = Some(Process::serve_with(self.data.path(), self.port, &configuration).await);
    }

    async fn execute(&mut self, command: &str) {
        if let Some(arguments) = command.strip_prefix("cargo run --quiet -- ") {
            self.password = run(self.data.path(), &arguments.split(' ').collect::<Vec<_>>());
            return;
        }
        match command {
            "cargo run" => self.serve(&[]).await,
            "mkdir portal && cd portal" => fs::create_dir(self.app()).unwrap(),
            "npm install" => self.install(),
            "npm run schema" | "npm run build" => {
                output(self.program("npm").args(command.split(' ').skip(1)));
            }
            "npm run dev" => {
                output(self.program("node_modules/.bin/tsc").arg("--noEmit"));
                self.development = Some(Development::start(self.program("npm")));
            }
            "WEB_APP=portal/dist cargo run" => {
                let dist = self.app().join("dist");
                self.serve(&[("WEB_APP", dist.to_str().unwrap())]).await;
            }
            other => panic!("the test does not know how to run: {other}"),
        }
    }

    /// Uses the packages that `tests/run` has installed. The page and the lock file name the same ones.
    fn install(&self) {
        let packages = repository(PACKAGES);
        let printed = fs::read_to_string(self.app().join("package.json")).unwrap();
        assert_eq!(printed, fs::read_to_string(packages.join("package.json")).unwrap(), "update {PACKAGES}");
        symlink(repository(&format!("{PACKAGES}/node_modules")), self.app().join("node_modules")).unwrap();
    }

    fn use_portal(&self) {
        let operator = "olivier@atelier-lumen.example";
        let password = run(self.data.path(), &["password", "set", operator, "--generate"]);
        let people = json!({
            "client": { "email": "julien@boulangerie-martin.example", "password": self.password },
            "operator": { "email": operator, "password": password },
        });
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("web");
        fs::create_dir_all(&pictures).unwrap();
        let mut node = self.program("node");
        node.arg(repository(PACKAGES).join("portal.mjs"))
            .env("PEOPLE", people.to_string())
            .env("SCREENSHOTS", pictures);
        node.env("URL", format!("http://127.0.0.1:{}", self.port));
        node.env("DEV", format!("http://localhost:{}", self.development.as_ref().unwrap().port));
        output(&mut node);
    }
}

/// The development server of Vite, with the processes that npm starts for it.
struct Development {
    npm: Child,
    port: u16,
}

impl Development {
    fn start(mut npm: Command) -> Self {
        let port = free_port();
        npm.args(["run", "dev", "--", "--strictPort", "--port", &port.to_string()]);
        let npm = npm.process_group(0).stdout(Stdio::null()).spawn().unwrap();
        Self { npm, port }
    }
}

impl Drop for Development {
    fn drop(&mut self) {
        let group = format!("-{}", self.npm.id());
        let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).status();
        let _ = self.npm.wait();
    }
}

/// Runs the commands and writes the files in the order of the page. The app compiles at both places at which the reader
/// looks at it.
#[tokio::test(flavor = "multi_thread")]
async fn the_tutorial_works_as_printed() {
    let page = fs::read_to_string(repository("docs/tutorial.md")).unwrap();
    let mut reader = Reader {
        data: tempfile::tempdir().unwrap(),
        folder: tempfile::tempdir().unwrap(),
        port: free_port(),
        server: None,
        development: None,
        password: String::new(),
    };
    for block in page.split("\n```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').unwrap();
        if let Some((_, name)) = language.split_once(" file=") {
            reader.write(name, &format!("{text}\n"));
        } else {
            assert_eq!(language, "bash", "{text}");
            for command in text.lines() {
                reader.execute(command).await;
            }
        }
    }
    block_in_place(|| reader.use_portal());
}
