use super::{ONCE_A_SECOND, blocks, exhaust, macos};
use crate::support::{
    json,
    live::{Live, output, repository},
};
use std::fs;

/// Runs the blocks of the document with only the tools of macOS.
fn runs(live: &Live) {
    let tools = macos::tools(&["curl", "jq", "openssl"]);
    let script = blocks(&fs::read_to_string(repository("client-examples/curl.md")).unwrap());
    let mut bash = live.program("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).env("PATH", tools.path());
    let printed = output(&mut bash);
    let (_, happened) = printed.split_once("downloaded-livrable.txt: OK\n").unwrap_or_else(|| panic!("{printed}"));
    assert!(happened.lines().next().unwrap().ends_with("  DOCUMENT_PUBLISHED  Olga  Martin"), "{happened}");
    assert_eq!(happened.lines().count(), 3, "{happened}");
}

#[tokio::test]
async fn every_block_of_curl_md_runs_as_printed() {
    let live = Live::start().await;
    live.olga().does("createClient", json!({ "name": "Martin", "track": "LAB" }), "").await;
    runs(&live);
    let document = live.olga().query("{ documents(first: 2) { nodes { name visible } } }", json!({})).await;
    assert_eq!(document["documents"]["nodes"], json!([{ "name": "livrable.txt", "visible": true }]));
}

#[tokio::test]
async fn curl_waits_as_long_as_the_server_asks() {
    let live = Live::embedded(&ONCE_A_SECOND).await;
    live.olga().does("createClient", json!({ "name": "Martin", "track": "LAB" }), "").await;
    exhaust(&live.olga()).await;
    exhaust(&live.anonymous()).await;
    runs(&live);
}
