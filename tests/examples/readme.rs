use super::{PACKAGES, blocks};
use crate::support::{
    live::{output, repository},
    process::{BINARY, Process, free_port},
};
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

/// What the README tells a newcomer to type in the second terminal, in order, on the sample. Two things differ: the
/// port, which may be taken, and `cargo run`, which stands for the binary that is built already.
#[tokio::test]
async fn the_readmes_examples_run_as_printed() {
    let _packages = PACKAGES.lock().await;
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let _server = Process::serve(data.path(), port).await;
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let (_, second_terminal) = readme.split_once("## A first query").unwrap();
    let script = blocks(second_terminal.split_once("## The shape").unwrap().0);
    let script = script.replace("127.0.0.1:4000", &format!("127.0.0.1:{port}"));
    // The watcher goes on until it is stopped, with all that it started: the session's whole process group.
    let script = format!("set -euo pipefail; trap 'exit 0' TERM\n{script}\nsleep 2; kill -- -$$; sleep 5");
    let tools = tempfile::tempdir().unwrap();
    let cargo = tools.path().join("cargo");
    fs::write(&cargo, format!("#!/bin/sh\nshift 3\nexec \"{BINARY}\" \"$@\"\n")).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("setsid");
    bash.args(["--wait", "bash", "-c", &script])
        .current_dir(repository("."))
        .env("PATH", path)
        .env("DATA_DIR", data.path());
    bash.env("URL", format!("http://127.0.0.1:{port}")).env("CURSOR_FILE", data.path().join("cursor.txt"));
    let printed = output(&mut bash);
    assert!(printed.contains(r#""displayName":"Olivier Marchand","role":"OPERATOR""#), "{printed}");
    assert!(printed.contains(r#""nodes":[{"name":"Boulangerie Martin""#), "{printed}");
    assert!(printed.contains("VALIDATION_SUBMITTED\tOlivier Marchand\t“Bonjour” (Boulangerie Martin)"), "{printed}");
}
