//! Runs the guide's installation, backup and restore as printed, on a new database.

use super::text;
use crate::{
    examples::blocks,
    support::{
        json,
        live::output,
        objects,
        postgres::{Named, name, server},
        process::{BINARY, Process, free_port},
        services::store,
    },
};
use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

fn section(title: &str) -> String {
    let guide = text("docs/operate.md");
    let (_, rest) = guide.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    blocks(rest.split("\n## ").next().unwrap())
}

/// Replaces the value in a line of the configuration.
fn set(script: &str, name: &str, value: &str) -> String {
    let line =
        |line: &str| if line.starts_with(&format!("{name}=")) { format!("{name}={value}") } else { line.to_owned() };
    assert!(script.lines().any(|line| line.starts_with(&format!("{name}="))), "{name} is not in\n{script}");
    script.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn bash(script: &str, folder: &Path, path: &str) -> String {
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(folder).env_clear();
    output(bash.env("PATH", path).env("HOME", folder))
}

/// The differences from the guide are the addresses, the database's name, and the store with its key. `dossier` is the
/// binary of this build.
#[tokio::test(flavor = "multi_thread")]
async fn the_guide_installs_a_server() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let named = Named(name());
    let redis = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL names no Redis; `tests/run` starts one");
    let (settings, _stop) = store(data.path()).await;
    let mut script = section("Installing on a machine");
    script = script.replace("postgres://postgres@127.0.0.1:5432/postgres", &server());
    script = script.replace("--name dossier ", &format!("--name {} ", named.0));
    script = set(&script, "REDIS_URL", &redis);
    for (name, value) in objects::variables(&settings).iter().filter(|(name, _)| *name != "S3_TIMEOUT") {
        script = set(&script, name, &format!("'{value}'"));
    }
    // The embedded store has no rules for browsers, and the command says so.
    for command in ["dossier objects setup", "dossier objects check"] {
        script = script.replace(command, &format!("{command} || test $? = 1"));
    }
    let tools = tempfile::tempdir().unwrap();
    symlink(BINARY, tools.path().join("dossier")).unwrap();
    let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap());
    let printed = bash(&script, folder.path(), &path);
    assert!(printed.contains("ok       secret") && !printed.contains("FAULT"), "{printed}");
    assert!(
        !printed.contains("MIGRATE_DATABASE_URL"),
        "the server's configuration has no more than it needs: {printed}"
    );

    let server = fs::read_to_string(folder.path().join("server.env")).unwrap();
    let kept = server.lines().filter_map(|line| line.split_once('=')).filter(|(name, _)| !name.ends_with("LISTEN"));
    let configuration: Vec<_> = kept.map(|(name, value)| (name, value.trim_matches('\''))).collect();
    let process = Process::serve_with(data.path(), free_port(), &configuration).await;
    let ready = reqwest::get(format!("{}/health/ready", process.url)).await.unwrap();
    assert_eq!(ready.status(), 200, "{}", process.log());
    let somebody = "set -a; . ./server.env; set +a
        dossier member add omar@atelier.example --organization atelier --role operator >/dev/null
        dossier token omar@atelier.example";
    let token = bash(somebody, folder.path(), &path).trim().to_owned();
    let omar = process.actor("omar", &token);
    let cursor = omar.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    process.terminate();

    let backup = format!("set -a; . ./server.env; set +a\n{}\ndossier organization list", section("Backups"));
    let printed = bash(&backup, folder.path(), &path);
    assert!(printed.contains("atelier\tL’Atelier\tactive") && !printed.contains("FAULT"), "{printed}");
    let process = Process::serve_with(data.path(), free_port(), &configuration).await;
    let omar = process.actor("omar", &token);
    let events = "query($after: String) { events(after: $after) { events { type reason } } }";
    let events_after = omar.query(events, json!({ "after": cursor })).await["events"]["events"].clone();
    assert_eq!(events_after, json!([{ "type": "RESYNC_REQUIRED", "reason": "OTHER_EPOCH" }]));
}
