//! The first start of a server.

use crate::support::{
    Value, json,
    process::{Process, free_port, run},
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
