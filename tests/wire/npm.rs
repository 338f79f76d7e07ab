//! Programs by others that use these protocols.

use crate::support::{
    World, json,
    live::{Live, output, repository},
};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// Waits for the next line of the client.
async fn prints(lines: &Receiver<String>, expected: &str) {
    for _ in 0..600 {
        if let Ok(line) = lines.try_recv() {
            assert_eq!(line, expected);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the client does not print {expected:?}");
}

#[tokio::test]
async fn every_audit_of_graphql_over_http_passes() {
    let world = World::new().await;
    let audits = repository("tests/wire/node_modules/graphql-http/../../audit.mjs");
    let (url, token) = (world.app.url.clone(), world.operator.token.clone().unwrap());
    let printed = tokio::task::spawn_blocking(move || {
        output(Command::new("node").arg(audits).env("URL", url).env("TOKEN", token))
    });
    assert_eq!(printed.await.unwrap().trim(), "61 of 61");
}

#[tokio::test]
async fn a_real_client_survives_deployments_and_crashes() {
    let mut live = Live::start().await;
    let script = repository("tests/wire/node_modules/graphql-ws/../../client.mjs");
    let mut child = live.program("node").arg(script).stdout(Stdio::piped()).spawn().unwrap();
    let (out, (sender, lines)) = (child.stdout.take().unwrap(), channel());
    std::thread::spawn(move || {
        BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    let create = async |live: &Live, name: &str| {
        live.olga().does("createClient", json!({ "name": name, "track": "LAB" }), "").await;
    };
    prints(&lines, "connected").await;
    prints(&lines, "event Un").await;
    create(&live, "Deux").await;
    prints(&lines, "event Deux").await;

    live.redeploy().await;
    prints(&lines, "closed 1012 service-restart").await;
    create(&live, "Trois").await;
    prints(&lines, "connected again").await;
    prints(&lines, "event Trois").await;

    live.restart().await;
    create(&live, "Quatre").await;
    prints(&lines, "connected again").await;
    prints(&lines, "event Quatre").await;

    create(&live, "Fin").await;
    prints(&lines, "event Fin").await;
    prints(&lines, "closed 1000 Normal Closure").await;
    assert!(child.wait().unwrap().success());
}
