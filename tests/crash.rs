//! Killing the server in the middle of everything leaves nothing half done.

use crate::support::{
    Actor, Value, json,
    process::{Process, free_port, run},
};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor type subjectId } }";

/// Sends a mutation with its key until there is an answer, as a careful client does.
async fn until_answered(actor: &Actor, key: &str, mutation: &str, input: Value, selection: &str) -> Value {
    let body =
        json!({ "query": crate::support::actors::mutation(mutation, selection), "variables": { "input": input } });
    loop {
        let sent = reqwest::Client::new()
            .post(format!("{}/graphql", actor.url))
            .bearer_auth(actor.token.as_deref().unwrap())
            .header("Idempotency-Key", key)
            .json(&body)
            .send();
        if let Ok(response) = sent.await
            && let Ok(answer) = response.json::<Value>().await
        {
            assert!(answer.get("errors").is_none(), "{mutation}: {answer:#}");
            assert_eq!(answer["data"][mutation]["userErrors"], json!([]), "{mutation}: {answer:#}");
            return answer["data"][mutation].clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Opens dossiers and issues invoices in them until it is told to stop; returns how many.
async fn work(actor: Actor, name: usize, stop: Arc<AtomicBool>) -> usize {
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            return turn;
        }
        let key = |step: &str| format!("{name}-{turn}-{step}");
        let client = json!({ "name": format!("Client {name}-{turn}"), "track": "LAB" });
        let made = until_answered(&actor, &key("client"), "createClient", client, "client { id }").await;
        let line = json!({ "description": "Heures", "quantity": "1.5", "unitPrice": "80.00", "vatRate": "20" });
        let draft = json!({ "clientId": made["client"]["id"], "title": "Facture", "lines": [line] });
        let made = until_answered(&actor, &key("draft"), "createInvoice", draft, "invoice { id }").await;
        let issue = json!({ "id": made["invoice"]["id"] });
        until_answered(&actor, &key("issue"), "issueInvoice", issue, "invoice { number }").await;
    }
    unreachable!("there are more turns than time")
}

fn set_up(data: &Path) -> String {
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    run(data, &["token", "olga@atelier.example"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_half_done_doubled_or_lost() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let port = free_port();
    let mut server = Process::serve(data.path(), port).await;
    let olga = server.actor("olga", &token);
    let start = olga.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let stop = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..4).map(|name| tokio::spawn(work(olga.clone(), name, stop.clone()))).collect();
    for pause in [700, 450, 900, 300] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        server.kill();
        server = Process::serve(data.path(), port).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    let mut turns = 0;
    for worker in workers {
        turns += worker.await.unwrap();
    }
    assert!(turns > 8, "only {turns} rounds were made: the test shows nothing");
    assert_eq!(olga.query("{ clients { totalCount } }", json!({})).await["clients"]["totalCount"], turns);
    assert_eq!(sequences(&olga).await, (1..=turns).collect::<Vec<_>>(), "invoice numbers without gaps");
    let mut events = olga.subscribe(EVENTS, json!({ "after": start })).await;
    let mut by_subject: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for _ in 0..3 * turns {
        let event = events.next().await["dossierEvents"].clone();
        let subject = event["subjectId"].as_str().unwrap().to_owned();
        by_subject.entry(subject).or_default().push(event["type"].as_str().unwrap().to_owned());
    }
    assert!(events.silent().await, "an event too many");
    for (subject, types) in by_subject {
        let expected: &[_] =
            if subject.starts_with("client_") { &["CLIENT_CREATED"] } else { &["INVOICE_CREATED", "INVOICE_ISSUED"] };
        assert_eq!(types, expected, "{subject}");
    }
}

/// The numbers that were given, in order.
async fn sequences(actor: &Actor) -> Vec<usize> {
    let mut numbers = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = "query($after: String) { invoices(first: 100, after: $after) {
            nodes { number } pageInfo { hasNextPage endCursor } } }";
        let page = actor.query(query, json!({ "after": after })).await["invoices"].clone();
        let given = page["nodes"].as_array().unwrap().iter();
        numbers.extend(given.map(|node| {
            node["number"].as_str().expect("issued").rsplit('-').next().unwrap().parse::<usize>().unwrap()
        }));
        if page["pageInfo"]["hasNextPage"] == false {
            numbers.sort_unstable();
            return numbers;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
