//! The command line at a terminal: its output, and the positions of flags.

use crate::support::{
    live::output,
    process::{BINARY, command, free_port, run},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// Runs a command whose standard output nobody reads. Returns its exit code and its standard error.
fn run_without_reader(mut command: Command) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_output_causes_no_panic() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "owner"]);
    for arguments in [
        &["doctor"][..],
        &["schema"],
        &["organization", "list"],
        &["objects", "check"],
        &["token", "olga@atelier.example"],
        &["password", "set", "olga@atelier.example", "--generate"],
        &["database", "restored"],
    ] {
        let mut command = command(data.path());
        command.args(arguments);
        assert_eq!(run_without_reader(command), (Some(141), String::new()), "{arguments:?}");
    }
    let seeded = tempfile::tempdir().unwrap();
    let mut seed = command(seeded.path());
    seed.args(["seed", "--organizations", "1", "--clients", "1"]);
    let (code, printed) = run_without_reader(seed);
    assert!(code == Some(141) && !printed.contains("panicked"), "{printed}");
    for arguments in [&["--help"][..], &["--version"], &["help", "serve"]] {
        let mut command = command(data.path());
        command.args(arguments);
        let (_, printed) = run_without_reader(command);
        assert_eq!(printed, "", "{arguments:?}");
    }
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let full = command(data.path()).arg("schema").stdout(full).output().unwrap();
    let printed = String::from_utf8(full.stderr).unwrap();
    assert!(full.status.code() == Some(1) && printed.starts_with("dossier: standard output: "), "{printed}");
}

/// Its log goes to a closed terminal.
#[tokio::test]
async fn the_server_keeps_running_when_nobody_reads_its_log() {
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut serve = command(data.path());
    serve.env("LISTEN", format!("127.0.0.1:{port}")).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut server = serve.spawn().unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    drop(lines);
    let mut answers = Vec::new();
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    while answers.len() < 3 && std::time::Instant::now() < deadline && server.try_wait().unwrap().is_none() {
        match reqwest::get(format!("http://127.0.0.1:{port}/health/live")).await {
            Ok(answer) => answers.push(answer.status().as_u16()),
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
    let ended = server.try_wait().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!((answers, ended), (vec![200; 3], None), "{first}");
}

#[test]
fn an_error_names_the_argument_and_is_printed_once() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let refused = |arguments: &[&str]| {
        let output = command(data.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let create = ["organization", "create"];
    let printed = refused(&[&create[..], &["Bad Slug", "--name", "x"]].concat());
    assert_eq!(printed, "dossier: SLUG: must have 2 to 40 of a-z, 0-9 and -\n");
    let printed = refused(&[&create[..], &["good", "--name", "x", "--time-zone", "Mars"]].concat());
    assert_eq!(printed, "dossier: --time-zone: must be an IANA name such as Europe/Paris\n");
    let printed = refused(&[&create[..], &["atelier", "--name", "x"]].concat());
    assert_eq!(printed, "dossier: The slug `atelier` is already in use.\n");
    let printed = refused(&["member", "add", "o@a.example", "--organization", "atelier", "--role", "client"]);
    assert_eq!(printed, "dossier: --client: clients must have a dossier, and other roles must have none\n");
    // Causes are printed only if they add information.
    let mut away = command(data.path());
    away.env("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/x?sslmode=disable").env("DATABASE_POOL_WAIT", "1");
    let printed = String::from_utf8(away.args(["organization", "list"]).output().unwrap().stderr).unwrap();
    assert!(printed.starts_with("dossier: DATABASE_URL: ") && !printed.contains("hunter2"), "{printed}");
    let parts: Vec<_> = printed.trim_end().split(": ").collect();
    assert!(parts.iter().enumerate().all(|(at, part)| !parts[..at].contains(part)), "{printed}");
}

#[test]
fn restoring_prints_its_result_as_a_sentence() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let printed = run(data.path(), &["database", "restored"]);
    assert_eq!(printed, "1 organization: all subscribers will read their data again");
}

#[tokio::test]
async fn flags_are_accepted_before_and_after_the_subcommand() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("elsewhere");
    let flag = ["--data-dir", folder.to_str().unwrap()];
    run(data.path(), &[&flag[..], &["organization", "create", "atelier", "--name", "L’Atelier"]].concat());
    let listed = run(data.path(), &[&["organization", "list"], &flag[..]].concat());
    assert_eq!(listed, "atelier\tL’Atelier\tactive");
    let listed = run(data.path(), &[&["organization"], &flag[..], &["list"]].concat());
    assert_eq!(listed, "atelier\tL’Atelier\tactive");
    // A flag overrides the variable, in any position.
    let port = free_port();
    let mut serve = command(data.path());
    serve.env("LISTEN", "127.0.0.1:1").args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
    let mut server = serve.stderr(Stdio::piped()).spawn().unwrap();
    let printed = BufReader::new(server.stderr.as_mut().unwrap()).lines().map(Result::unwrap);
    let printed: Vec<_> = printed.take_while(|line| !line.starts_with("Query editor")).collect();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(printed.iter().any(|line| line.ends_with(&format!("serves on http://127.0.0.1:{port}/"))), "{printed:?}");
}

#[test]
fn the_long_help_is_grouped() {
    let help = output(Command::new(BINARY).arg("--help"));
    for heading in ["Server", "Database and Redis", "Object store", "Limits", "Log, metrics and traces"] {
        assert!(help.contains(&format!("\n{heading}:\n")), "{heading}");
    }
    let (_, options) = help.split_once("\nOptions:\n").unwrap();
    let options = options.split("\n\n").next().unwrap();
    assert!(!options.contains("[env: "), "a variable stands under no heading: {options}");
    let short = output(Command::new(BINARY).args(["password", "set", "-h"]));
    assert!(short.contains("--generate") && !short.contains("DATABASE_URL"), "{short}");
}
