//! The first start of a server.

mod one_click;

use crate::support::{
    Value, json,
    process::{Process, command, free_port, run},
};

#[tokio::test]
async fn the_first_start_creates_a_sample_and_the_second_keeps_it() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve(data.path(), free_port()).await;
    let token = run(data.path(), &["token", "olivier@atelier-lumen.example"]);
    let query = "{
        clients(first: 10, filter: { status: [PROSPECT, ACTIVE, PAUSED, ARCHIVED] }) { totalCount }
        documents(first: 50) { nodes { zone latestVersion { size download { url } } } }
        validationRequests(first: 50) { nodes { status } }
        invoices(first: 50) { nodes { status overdue } }
        quotes(first: 50) { nodes { status } }
        creditNotes(first: 50) { totalCount }
    }";
    let olivier = server.actor("olivier", &token);
    let seen = olivier.query(query, json!({})).await;
    assert_eq!(seen["clients"]["totalCount"], 6);
    let nodes = |list: &str| seen[list]["nodes"].as_array().unwrap().clone();
    let has = |list: &str, field: &str, value: Value| {
        assert!(nodes(list).iter().any(|node| node[field] == value), "no {list} with {field} {value}");
    };
    for zone in ["PRIVATE", "DOCUMENTS", "VISIOS", "CHAT", "INVOICES", "ASSETS"] {
        has("documents", "zone", json!(zone));
    }
    for status in ["PENDING", "APPROVED", "REJECTED"] {
        has("validationRequests", "status", json!(status));
    }
    for status in ["DRAFT", "ISSUED", "PARTIALLY_PAID"] {
        has("invoices", "status", json!(status));
    }
    has("invoices", "overdue", json!(true));
    has("quotes", "status", json!("ACCEPTED"));
    assert_eq!(seen["creditNotes"]["totalCount"], 1);
    for document in nodes("documents") {
        let response = olivier.fetch(document["latestVersion"]["download"]["url"].as_str().unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.bytes().await.unwrap().len(),
            usize::try_from(document["latestVersion"]["size"].as_u64().unwrap()).unwrap()
        );
    }
    server.kill();
    let server = Process::serve(data.path(), free_port()).await;
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert_eq!(log.matches("A sample agency was created").count(), 1, "the passwords are shown once: {log}");
    let count = server.actor("olivier", &token).query("{ clients { totalCount } }", json!({})).await;
    assert_eq!(count["clients"]["totalCount"], 5);
}

/// Returns the lines with the people who can sign in and their passwords.
fn printed(log: &str) -> Vec<String> {
    log.lines().filter(|line| line.starts_with("  ") && line.contains('@')).map(str::to_owned).collect()
}

#[tokio::test]
async fn no_password_is_known_beforehand() {
    let (one, other, prepared) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run(prepared.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let mut lines = Vec::new();
    for data in [&one, &other, &prepared] {
        let server = Process::serve(data.path(), free_port()).await;
        lines.push(printed(&server.log()));
        server.kill();
    }
    assert!(!lines[0].is_empty() && lines[0].len() == lines[1].len(), "{lines:?}");
    assert!(lines[0].iter().all(|line| !lines[1].contains(line)), "the passwords are generated: {lines:?}");
    assert_eq!(lines[2], [""; 0], "a database that somebody has prepared gets no accounts");
    let output = command(prepared.path()).args(["session", "list", "olivier@atelier-lumen.example"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no person has the email address"));
}
