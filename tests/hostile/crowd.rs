//! A crowd of attackers. The server answers other people, and disconnects the attackers. `cargo bench --bench hostile`
//! measures a larger crowd.

use crate::support::{
    crowd, json,
    process::{Process, free_port, run},
};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// An attacker who is still connected after this time counts as never disconnected. It is long, because a busy machine
/// is slow.
const MAX_WAIT: Duration = Duration::from_mins(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attackers_are_disconnected_and_harm_nobody() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    let token = run(data.path(), &["token", "olga@atelier.example"]);
    // The speed of the machine must not fail the test.
    let settings = [("SOCKET_KEEPALIVE", "2"), ("DATABASE_POOL_WAIT", "60")];
    let server = Process::serve_with(data.path(), free_port(), &settings).await;
    let olga = server.actor("olga", &token);
    let address: SocketAddr = server.url.trim_start_matches("http://").parse().unwrap();
    // The errors do not matter, because the server ended the connections.
    let mut crowd = JoinSet::new();
    for number in 0..50 {
        let token = token.clone();
        crowd.spawn(async move { crowd::deaf(address, &token, number, Duration::from_secs(12)).await });
        crowd.spawn(crowd::garbage(address, number));
    }
    for number in 0..20 {
        crowd.spawn(crowd::loris(address, number));
    }
    let begun = Instant::now();
    let mut asked = 0;
    while !crowd.is_empty() {
        assert!(begun.elapsed() < MAX_WAIT, "{} are still there after {asked} queries", crowd.len());
        let name = format!("Client {asked}");
        olga.does("createClient", json!({ "name": name, "track": "LAB" }), "client { id }").await;
        olga.query("{ clients(first: 5) { nodes { name } } }", json!({})).await;
        asked += 1;
        tokio::time::sleep(Duration::from_millis(250)).await;
        while crowd.try_join_next().is_some() {}
    }
    server.end();
}
