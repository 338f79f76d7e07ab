//! Runs the recipes of `docs/frontend.md` in node, and its session in a browser.

use crate::support::{
    Actor, json,
    live::{Live, output, repository},
    proxy::Proxy,
};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::symlink,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

const MAX_WAIT: Duration = Duration::from_secs(30);

/// The seconds for which an access token is valid.
const LIFETIME: u64 = 16;

/// The events of the app's own changes.
const CHANGES: [&str; 4] = [
    "own VALIDATION_SUBMITTED Maquette",
    "own DOCUMENT_UPLOAD_REQUESTED plan.txt",
    "own DOCUMENT_UPLOAD_REQUESTED plan.txt",
    "other DOCUMENT_UPLOADED plan.txt",
];

/// Returns the blocks of a document that name a file, with these names.
fn files(document: &str) -> Vec<(&str, &str)> {
    let fenced = document.split("\n```").skip(1).step_by(2);
    let named = fenced.filter_map(|block| block.split_once(" file=")?.1.split_once('\n'));
    named.collect()
}

/// Writes the files of a recipe to the server's folder for programs, and generates what a build would.
fn build(live: &Live, recipe: &str) {
    let folder = live.folder.path();
    for document in ["docs/frontend.md", &format!("docs/frontend/{recipe}.md")] {
        let page = fs::read_to_string(repository(document)).unwrap();
        let blocks = files(&page);
        assert!(!blocks.is_empty(), "{document}");
        for (name, text) in blocks {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    fs::write(folder.join("package.json"), r#"{ "type": "module" }"#).unwrap();
    fs::copy(repository("schema.graphql"), folder.join("schema.graphql")).unwrap();
    symlink(repository("tests/frontend/node_modules"), folder.join("node_modules")).unwrap();
    output(live.program("node").arg("types.js"));
    if recipe == "relay" {
        output(live.program("node").arg(repository("tests/frontend/compile.mjs")));
    }
}

/// A running recipe.
struct App {
    child: Child,
    lines: Receiver<String>,
    /// The displayed list after each change.
    lists: Vec<String>,
    /// The lines about the app itself.
    notes: Vec<String>,
}

impl App {
    fn start(live: &Live, proxy: &Proxy, recipe: &str) -> Self {
        let mut node = live.program("node");
        node.arg(format!("{recipe}.js")).env("URL", &proxy.url).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = node.spawn().unwrap();
        let (sender, lines) = channel();
        for source in [
            Box::new(child.stdout.take().unwrap()) as Box<dyn std::io::Read + Send>,
            Box::new(child.stderr.take().unwrap()),
        ] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                BufReader::new(source).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
            });
        }
        Self { child, lines, lists: Vec::new(), notes: Vec::new() }
    }

    /// Returns the next line that is not the displayed list.
    fn line(&mut self) -> Option<String> {
        loop {
            let line = self.lines.recv_timeout(MAX_WAIT).ok()?;
            match line.strip_prefix("list ") {
                Some(list) => self.lists.push(list.to_owned()),
                None => return Some(line),
            }
        }
    }

    /// Checks that these are the next events.
    fn handles(&mut self, events: &[&str]) {
        for event in events {
            loop {
                let line = self.line().unwrap_or_else(|| panic!("{event} does not arrive: {:?}", self.notes));
                if line.starts_with("own ") || line.starts_with("other ") {
                    assert_eq!(line, *event, "{:?}", self.notes);
                    break;
                }
                self.notes.push(line);
            }
        }
    }

    /// Checks that the subscription fails because the person must sign in. The program then ends, too.
    fn ends(mut self) -> Vec<String> {
        let line = self.line().unwrap();
        assert!(line.starts_with("The subscription failed:") && line.contains("SignInRequired"), "{line}");
        while self.lines.recv_timeout(MAX_WAIT).is_ok() {}
        assert!(self.child.wait().unwrap().success());
        std::mem::take(&mut self.lists)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn submits(actor: &Actor, client: &str, title: &str) {
    actor.does("submitValidationRequest", json!({ "clientId": client, "title": title }), "").await;
}

fn opened_sockets(live: &Live) -> usize {
    live.log().matches("socket opened").count()
}

/// Returns how often the app has read the displayed data.
fn displayed(live: &Live) -> usize {
    live.log().lines().filter(|line| line.contains("request id=") && line.contains("Overview")).count()
}

/// The app uploads a file, recognizes its own changes, and renews its token on the open socket. It handles each event once,
/// also if its connections are cut. If it gets other rights, it reads its data again. It ends when its session does.
async fn check(recipe: &str) {
    let live = Live::embedded(&[("ACCESS_TOKEN_SECONDS", &LIFETIME.to_string())]).await;
    build(&live, recipe);
    let (olga, proxy) = (live.olga(), live.proxy().await);
    let opened = olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let martin = opened["client"]["id"].as_str().unwrap();
    let mut app = App::start(&live, &proxy, recipe);
    app.handles(&CHANGES);
    let renewed = Instant::now() + Duration::from_secs(LIFETIME + 2);
    let documents = olga.query("{ documents { nodes { name status } } }", json!({})).await;
    assert_eq!(documents["documents"]["nodes"], json!([{ "name": "plan.txt", "status": "READY" }]));

    submits(&olga, martin, "Affiche").await;
    app.handles(&["other VALIDATION_SUBMITTED Affiche"]);
    tokio::time::sleep(renewed.saturating_duration_since(Instant::now())).await;
    submits(&olga, martin, "Carte").await;
    app.handles(&["other VALIDATION_SUBMITTED Carte"]);
    assert_eq!(opened_sockets(&live), 1, "the socket was not renewed: {}", live.log());

    proxy.cut();
    submits(&olga, martin, "Logo").await;
    submits(&olga, martin, "Badge").await;
    app.handles(&["other VALIDATION_SUBMITTED Logo", "other VALIDATION_SUBMITTED Badge"]);
    proxy.cut();
    submits(&olga, martin, "Fin").await;
    app.handles(&["other VALIDATION_SUBMITTED Fin"]);
    assert_eq!(opened_sockets(&live), 3, "{}", live.log());
    assert!(app.notes.contains(&"viewer Olga".to_owned()), "{:?}", app.notes);
    assert!(app.notes.contains(&"uploaded plan.txt VERIFYING".to_owned()), "{:?}", app.notes);

    assert_eq!(displayed(&live), 1, "{}", live.log());
    live.change_role("owner");
    app.handles(&["other RESYNC_REQUIRED undefined"]);
    for _ in 0..600 {
        if displayed(&live) > 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(displayed(&live), 2, "the displayed data is read again: {}", live.log());

    olga.does("endAllSessions", json!({}), "").await;
    let lists = app.ends();
    let shown = lists.iter().filter(|list| *list == "Maquette").count();
    assert!(shown >= 2, "the list is displayed before the server answers, and afterwards: {lists:?}");
    assert_eq!(lists.last().unwrap(), "Fin, Badge, Logo, Carte, Affiche, Maquette", "{lists:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_apollo_client_handles_each_event_once() {
    check("apollo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_urql_handles_each_event_once() {
    check("urql").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_relay_handles_each_event_once() {
    check("relay").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_graphql_ws_handles_each_event_once() {
    check("plain").await;
}

/// The access token would be valid for several minutes. The app does not send it again after the server refused it.
#[tokio::test(flavor = "multi_thread")]
async fn an_app_whose_session_has_ended_asks_the_person_to_sign_in() {
    let live = Live::embedded(&[]).await;
    build(&live, "plain");
    let (olga, proxy) = (live.olga(), live.proxy().await);
    olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "").await;
    let mut app = App::start(&live, &proxy, "plain");
    app.handles(&CHANGES);
    olga.does("endAllSessions", json!({}), "").await;
    app.ends();
}

/// Concurrent requests share a renewal, with the cookie and without. A device with a slow clock renews, too.
#[tokio::test]
async fn a_session_is_renewed_once_for_all_requests_of_a_page() {
    let live = Live::embedded(&[("ACCESS_TOKEN_SECONDS", &LIFETIME.to_string())]).await;
    build(&live, "plain");
    repository("tests/graphiql/node_modules");
    output(live.program("node").arg(repository("tests/frontend/session.mjs")));
}

/// A subscription continues after its last cursor when a rate limit refuses it, and when the server ends it.
#[tokio::test]
async fn a_subscription_continues_after_a_refusal_and_after_its_end() {
    let live = Live::embedded(&[]).await;
    build(&live, "plain");
    output(live.program("node").arg(repository("tests/frontend/subscribe.mjs")));
}
