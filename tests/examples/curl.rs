use super::blocks;
use crate::support::{
    json,
    live::{Live, output, repository},
};
use std::fs;

#[tokio::test]
async fn every_block_of_curl_md_runs_as_printed() {
    let live = Live::start().await;
    live.olga().does("createClient", json!({ "name": "Martin", "track": "LAB" }), "").await;
    let script = blocks(&fs::read_to_string(repository("client-examples/curl.md")).unwrap());
    let printed = output(live.program("bash").args(["-euo", "pipefail", "-c", &script]));
    assert!(printed.ends_with("downloaded-livrable.txt: OK\n"), "{printed}");
    let document = live.olga().query("{ documents(first: 2) { nodes { name visible } } }", json!({})).await;
    assert_eq!(document["documents"]["nodes"], json!([{ "name": "livrable.txt", "visible": true }]));
}
