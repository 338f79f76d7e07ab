use super::PACKAGES;
use crate::support::{
    Actor, json,
    live::{Live, output, repository},
};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// The running example, and the lines that it prints.
struct Watcher {
    child: Child,
    lines: Receiver<String>,
}

impl Watcher {
    fn start(live: &Live) -> Self {
        let mut command = live.program("node");
        command.arg(repository("client-examples/typescript/dist/watch.js"));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (out, (sender, lines)) = (child.stdout.take().unwrap(), channel());
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// The next line must be about this request.
    fn prints(&self, title: &str) {
        let line = self.lines.recv_timeout(Duration::from_secs(30)).unwrap();
        assert!(line.contains(&format!("VALIDATION_SUBMITTED\tOlga\t“{title}” (Martin)")), "expected {title}: {line}");
    }

    /// Asks it to stop. Killed, it may print its last event once more.
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

/// Each event once and in order, whoever was away when it happened.
#[tokio::test]
async fn the_watcher_goes_on_where_it_stopped() {
    let _packages = PACKAGES.lock().await;
    output(
        Command::new("npm")
            .args(["run", "build"])
            .current_dir(repository("client-examples/typescript/node_modules/..")),
    );
    let mut live = Live::start().await;
    let opened = live.olga().does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let martin = opened["client"]["id"].as_str().unwrap();

    let watcher = Watcher::start(&live);
    while !live.folder.path().join("cursor.txt").exists() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
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
