//! The commands for people: the operator of the server needs no client.

use crate::support::process::{Process, command, free_port, run};
use std::path::Path;

/// Returns the error of a command that must fail.
fn fails(data: &Path, arguments: &[&str]) -> String {
    let output = command(data).args(arguments).output().unwrap();
    assert!(!output.status.success(), "{arguments:?} succeeded");
    String::from_utf8(output.stderr).unwrap()
}

fn fields(line: &str) -> Vec<&str> {
    line.split('\t').collect()
}

#[tokio::test]
async fn members_are_managed_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let member = |verb: &str, further: &[&str]| {
        run(data, &[&["member", verb, "olga@atelier.example", "--organization", "atelier"], further].concat())
    };
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["site", "add", "Paris", "--organization", "atelier"]);
    let owner = ["member", "add", "owner@atelier.example", "--organization", "atelier", "--role", "owner"];
    run(data, &owner);
    member("add", &["--role", "operator", "--name", "Olga"]);
    let list = || run(data, &["member", "list", "--organization", "atelier"]);
    let line = || list().lines().find(|line| line.contains("olga@")).unwrap().to_owned();
    assert_eq!(fields(&line())[1..], ["olga@atelier.example", "Olga", "operator", "active"]);
    member("suspend", &[]);
    assert_eq!(fields(&line())[4], "suspended");
    let again = fails(data, &["member", "suspend", "olga@atelier.example", "--organization", "atelier"]);
    assert!(again.contains("has no active membership"), "{again}");
    member("resume", &[]);
    member("role", &["staff", "--site", "Paris"]);
    assert_eq!(fields(&line())[3..], ["staff", "active"]);
    let refused = fails(data, &["member", "remove", "owner@atelier.example", "--organization", "atelier"]);
    assert!(refused.contains("last owner"), "{refused}");
    member("remove", &[]);
    assert!(!list().contains("olga@"), "{}", list());
    let gone = fails(data, &["member", "resume", "olga@atelier.example", "--organization", "atelier"]);
    assert!(gone.contains("is no member"), "{gone}");
    assert_eq!(run(data, &["site", "list", "--organization", "atelier"]), "Paris\topen");
    run(data, &["site", "close", "Paris", "--organization", "atelier"]);
    assert_eq!(run(data, &["site", "list", "--organization", "atelier"]), "Paris\tclosed");
    let set =
        ["organization", "set", "atelier", "--name", "Atelier", "--vat-number", "FR83404833048", "--four-eyes", "true"];
    run(data, &set);
    let usage = run(data, &["organization", "list", "--usage"]);
    let of_atelier = usage.lines().find(|line| line.starts_with("atelier\t")).unwrap();
    assert_eq!(fields(of_atelier)[1..5], ["Atelier", "active", "1", "0"]);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "owner"]);
    let email = "olga@atelier.example";
    let list = || run(data, &["session", "list", email]);
    let (token, other) = (run(data, &["token", email]), run(data, &["token", email]));
    assert_eq!(list().lines().count(), 2);
    let port = free_port();
    let server = Process::serve(data, port).await;
    let sees = async |token: &str| {
        let actor = crate::support::Actor::new(&server.url, "olga", Some(token.to_owned()));
        let answer = actor.send("{ viewer { role } }", serde_json::json!({})).await;
        answer["data"]["viewer"]["role"] == "OWNER"
    };
    assert!(sees(&token).await && sees(&other).await);
    let newest = list().lines().next().unwrap().split('\t').next().unwrap().to_owned();
    run(data, &["session", "end", email, "--id", &newest]);
    assert!(sees(&token).await && !sees(&other).await);
    run(data, &["session", "end", email]);
    assert!(!sees(&token).await);
    assert_eq!(list(), "");
}

#[tokio::test]
async fn an_invitation_of_the_command_line_is_read_there_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let email = "olga@atelier.example";
    let invite = ["member", "invite", email, "--organization", "atelier", "--role", "owner", "--name", "Olga Petit"];
    assert!(run(data, &invite).starts_with("invitation_"));
    assert_eq!(run(data, &["mail", "list"]), "", "a server sends it");
    let server = Process::serve_with(data, free_port(), &[("APP_URL", "https://hub.example.com")]).await;
    let mail = loop {
        if let Some(line) = run(data, &["mail", "list"]).lines().next() {
            break line.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!(fields(&mail)[2..], [email, "Dossier vous invite à rejoindre L’Atelier"]);
    let shown = run(data, &["mail", "show", fields(&mail)[0]]);
    assert!(shown.contains("https://hub.example.com/invitation#"), "{shown}");
    assert_eq!(run(data, &["mail", "show"]), shown);
    let anonymous = crate::support::Actor::new(&server.url, "anonymous", None);
    let input = serde_json::json!({ "token": super::token(&shown), "password": "sept pommes vertes" });
    let joined = anonymous.does("acceptInvitation", input, "viewer { displayName role }").await;
    assert_eq!(joined["viewer"], serde_json::json!({ "displayName": "Olga Petit", "role": "OWNER" }));
}
