use super::{ONCE_A_SECOND, PACKAGES, ask_again, exhaust};
use crate::support::{
    Actor,
    actors::mutation,
    json,
    live::{Live, output, repository},
};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

const MAX_WAIT: Duration = Duration::from_secs(30);

/// The running example, and its printed lines.
struct Watcher {
    child: Child,
    lines: Receiver<String>,
    /// The lines on standard error.
    notes: Receiver<String>,
}

fn lines(source: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        BufReader::new(source).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    lines
}

impl Watcher {
    fn start(live: &Live) -> Self {
        let mut command = live.program("node");
        command.arg(repository("client-examples/typescript/dist/watch.js"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, notes) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Self { child, lines: lines(out), notes: lines(notes) }
    }

    /// Checks that the next line is about this request.
    fn prints(&self, title: &str) {
        let line = self.lines.recv_timeout(MAX_WAIT).unwrap();
        assert!(line.contains(&format!("VALIDATION_SUBMITTED\tOlga\t“{title}” (Martin)")), "expected {title}: {line}");
    }

    /// Asks it to stop. If it were killed, it could print its last event again.
    fn stop(mut self) {
        output(Command::new("kill").arg(self.child.id().to_string()));
        self.child.wait().unwrap();
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn submits(actor: &Actor, client: &str, title: &str) {
    actor.does("submitValidationRequest", json!({ "clientId": client, "title": title }), "").await;
}

fn build() {
    let folder = repository("client-examples/typescript/node_modules/..");
    output(Command::new("npm").args(["run", "build"]).current_dir(folder));
}

/// Waits until the watcher has its first cursor, and will show all later events.
async fn watches(live: &Live) {
    while !live.folder.path().join("cursor.txt").exists() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// It shows each event once and in order, even if the watcher or the server was down when it happened.
#[tokio::test]
async fn the_watcher_resumes_where_it_stopped() {
    let _packages = PACKAGES.lock().await;
    build();
    let mut live = Live::start().await;
    let opened = live.olga().does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let martin = opened["client"]["id"].as_str().unwrap();

    let watcher = Watcher::start(&live);
    watches(&live).await;
    submits(&live.olga(), martin, "Maquette").await;
    watcher.prints("Maquette");
    live.restart().await;
    submits(&live.olga(), martin, "Affiche").await;
    submits(&live.olga(), martin, "Dépliant").await;
    watcher.prints("Affiche");
    watcher.prints("Dépliant");
    watcher.stop();

    submits(&live.olga(), martin, "Logo").await;
    let watcher = Watcher::start(&live);
    submits(&live.olga(), martin, "Carte").await;
    watcher.prints("Logo");
    watcher.prints("Carte");
    assert!(watcher.lines.recv_timeout(Duration::from_secs(1)).is_err(), "an event came twice");
}

/// The server warns of the expiry of its token. The watcher renews it on the open socket, and goes on.
#[tokio::test]
async fn the_watcher_renews_its_token_on_the_open_socket() {
    let _packages = PACKAGES.lock().await;
    build();
    let live = Live::embedded(&[("ACCESS_TOKEN_SECONDS", "16")]).await;
    let opened = live.olga().does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let watcher = Watcher::start(&live);
    watches(&live).await;
    for title in ["Maquette", "Affiche"] {
        while watcher.notes.recv_timeout(MAX_WAIT).unwrap() != "Renewed the access token" {}
        submits(&live.olga(), opened["client"]["id"].as_str().unwrap(), title).await;
        watcher.prints(title);
    }
    let notes: Vec<_> = watcher.notes.try_iter().collect();
    assert!(!notes.iter().any(|note| note.starts_with("Disconnected")), "{notes:?}");
}

/// The rate limit is used up: neither the sign-in nor the subscription is accepted at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_watcher_waits_as_long_as_the_server_asks() {
    let _packages = PACKAGES.lock().await;
    build();
    let live = Live::embedded(&ONCE_A_SECOND).await;
    let olga = live.olga();
    let opened = olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    exhaust(&live.anonymous()).await;
    exhaust(&olga).await;
    // Uses the recovering rate limit, so that nothing is left for the watcher.
    let hog = tokio::spawn({
        let olga = live.olga();
        async move {
            loop {
                exhaust(&olga).await;
            }
        }
    });
    let watcher = Watcher::start(&live);
    while !watcher.notes.recv_timeout(MAX_WAIT).unwrap().starts_with("Watching") {}
    // Waits for the refusal. In rare cases, the watcher is faster than this task, and is not refused.
    let _ = watcher.notes.recv_timeout(MAX_WAIT / 6);
    hog.abort();
    let variables = json!({ "input": { "clientId": opened["client"]["id"], "title": "Maquette" } });
    ask_again(&olga, &mutation("submitValidationRequest", ""), variables).await;
    watcher.prints("Maquette");
}
