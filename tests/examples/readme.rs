use super::{PACKAGES, blocks, macos};
use crate::support::{
    live::{output, repository},
    process::{BINARY, Process, free_port},
};
use std::{fs, process::Command};

/// Returns bash code that waits until the watcher has stored another cursor. The watcher does this once it listens, and
/// after each event.
fn until_cursor_is_not(cursor: &str) -> String {
    format!(
        r#"for _ in {{1..120}}; do
    [[ -s $CURSOR_FILE && $(cat "$CURSOR_FILE") != "{cursor}" ]] && break
    sleep 1
done
watched=$(cat "$CURSOR_FILE")"#
    )
}

/// Runs the README's commands for the second terminal, in order, on the sample, with only the tools of macOS. Three
/// parts differ: the port, which may be in use, `cargo run`, which becomes the built binary, and `sleep 20`, which is
/// too short for a busy machine.
#[tokio::test]
async fn the_readmes_examples_run_as_printed() {
    let _packages = PACKAGES.lock().await;
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let _server = Process::serve(data.path(), port).await;
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let (_, second_terminal) = readme.split_once("## A first query").unwrap();
    let script = blocks(second_terminal.split_once("## Overview").unwrap().0);
    let script = script.replace("127.0.0.1:4000", &format!("127.0.0.1:{port}"));
    assert!(script.contains("\nsleep 20\n"), "{script}");
    let script = script.replace("\nsleep 20\n", &format!("\n{}\n", until_cursor_is_not("")));
    let shown = until_cursor_is_not("$watched");
    // The watcher continues until its session's process group is stopped.
    let script = format!("set -euo pipefail; trap 'exit 0' TERM\n{script}\n{shown}\nkill -- -$$; sleep 5");
    let tools = macos::tools(&["curl", "jq", "node", "npm"]);
    macos::write_executable(&tools.path().join("cargo"), &format!("#!/bin/sh\nshift 3\nexec \"{BINARY}\" \"$@\"\n"));
    let mut bash = Command::new(macos::find("setsid"));
    bash.args(["--wait", "bash", "-c", &script])
        .current_dir(repository("."))
        .env("PATH", tools.path())
        .env("DATA_DIR", data.path());
    bash.env("URL", format!("http://127.0.0.1:{port}")).env("CURSOR_FILE", data.path().join("cursor.txt"));
    let printed = output(&mut bash);
    assert!(printed.contains(r#""displayName":"Olivier Marchand","role":"OPERATOR""#), "{printed}");
    assert!(printed.contains(r#""nodes":[{"name":"Boulangerie Martin""#), "{printed}");
    assert!(printed.contains("VALIDATION_SUBMITTED\tOlivier Marchand\t“Bonjour” (Boulangerie Martin)"), "{printed}");
}
