//! The commands for API keys.

use crate::support::{
    Actor, json,
    process::{Process, command, free_port, run},
};

#[tokio::test]
async fn keys_are_created_listed_and_revoked_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["site", "add", "Paris", "--organization", "atelier"]);
    let organization = ["--organization", "atelier"];
    let key = |arguments: &[&str]| run(data, &[&["api-key"], arguments, &organization].concat());
    let token = key(&["create", "Export", "--scope", "clients:read", "--site", "Paris", "--days", "30"]);
    let list = key(&["list"]);
    let fields: Vec<_> = list.split('\t').collect();
    assert_eq!(fields[1..], [&token[..12], "Export", "active", "clients:read", "-"]);
    let output =
        command(data).args(["api-key", "create", "Export", "--scope", "keys:manage"]).args(organization).output();
    let error = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(error.contains("only owners have"), "{error}");
    // The key does not depend on the secret of the server that created it.
    let secret = ("JWT_SECRET", "another secret, which is long enough for a server");
    let server = Process::serve_with(data, free_port(), &[secret]).await;
    let script = Actor::new(&server.url, "script", Some(token));
    assert_eq!(script.query("{ viewer { role } }", json!({})).await["viewer"]["role"], "MANAGER");
    key(&["revoke", fields[0]]);
    assert_eq!(script.code("{ viewer { role } }", json!({})).await, "UNAUTHENTICATED");
    assert!(key(&["list"]).contains("\trevoked\t"));
}
