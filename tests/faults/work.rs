//! People who send mutations with idempotency keys until they get an answer, and the check of the results.

use super::follower::Delivery;
use crate::support::{Actor, Value, actors::mutation, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinHandle;

/// The time limit for expected results.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// Four people at work.
pub struct Work {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    people: Vec<JoinHandle<()>>,
}

impl Work {
    /// Starts them. Each changes to the next server when there is no answer.
    pub fn begin(servers: &[Actor]) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let person = |name| tokio::spawn(person(servers.to_vec(), name, stop.clone(), done.clone()));
        Self { people: (0..4).map(person).collect(), stop, done }
    }

    /// Waits until they have opened this many more dossiers, so that work continues before the next failure.
    pub async fn wait_for(&self, rounds: usize) {
        let begun = tokio::time::Instant::now();
        let goal = self.done.load(Ordering::Relaxed) + rounds;
        while self.done.load(Ordering::Relaxed) < goal {
            assert!(begun.elapsed() < MAX_WAIT, "nothing goes on any more");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Lets them finish. Returns the number of their dossiers, each with one issued invoice.
    pub async fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        for person in self.people {
            person.await.unwrap();
        }
        self.done.load(Ordering::Relaxed)
    }
}

/// Opens dossiers and issues invoices in them until it is stopped.
async fn person(servers: Vec<Actor>, name: usize, stop: Arc<AtomicBool>, done: Arc<AtomicUsize>) {
    let mut turn = 0;
    while !stop.load(Ordering::Relaxed) {
        let key = |step: &str| format!("{name}-{turn}-{step}");
        let client = json!({ "name": format!("Client {name}-{turn}"), "track": "LAB" });
        let made = until_answered(&servers, &key("client"), "createClient", client, "client { id }").await;
        let line = json!({ "description": "Heures", "quantity": "1.5", "unitPrice": "80.00", "vatRate": "20" });
        let draft = json!({ "clientId": made["client"]["id"], "title": "Facture", "lines": [line] });
        let made = until_answered(&servers, &key("draft"), "createInvoice", draft, "invoice { id }").await;
        let issue = json!({ "id": made["invoice"]["id"] });
        until_answered(&servers, &key("issue"), "issueInvoice", issue, "invoice { number }").await;
        turn += 1;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends a mutation with its key until it is answered, as a careful client does. The only permitted error is the one
/// that says to try again.
async fn until_answered(servers: &[Actor], key: &str, name: &str, input: Value, selection: &str) -> Value {
    let body = json!({ "query": mutation(name, selection), "variables": { "input": input } });
    for actor in servers.iter().cycle() {
        if let Some(answer) = send(actor, key, &body).await {
            let codes: Vec<_> = answer["errors"].as_array().into_iter().flatten().map(code).collect();
            assert!(codes.iter().all(|code| code == "SERVICE_UNAVAILABLE"), "{name}: {answer:#}");
            if codes.is_empty() {
                assert_eq!(answer["data"][name]["userErrors"], json!([]), "{name}: {answer:#}");
                return answer["data"][name].clone();
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("there are servers")
}

fn code(error: &Value) -> String {
    error["extensions"]["code"].as_str().unwrap_or("none").to_owned()
}

async fn send(actor: &Actor, key: &str, body: &Value) -> Option<Value> {
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", actor.url))
        .bearer_auth(actor.token.as_deref().unwrap())
        .header("Idempotency-Key", key)
        .json(body);
    request.send().await.ok()?.json().await.ok()
}

/// Checks that everything that was answered happened once, and nothing else happened.
pub async fn assert_consistent(actor: &Actor, turns: usize, deliveries: &[Delivery]) {
    assert_eq!(actor.query("{ clients { totalCount } }", json!({})).await["clients"]["totalCount"], turns);
    assert_eq!(sequences(actor).await, (1..=turns).collect::<Vec<_>>(), "invoice numbers without gaps");
    let mut by_subject: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for event in deliveries {
        by_subject.entry(&event.subject).or_default().push(&event.kind);
    }
    assert_eq!(by_subject.len(), 2 * turns, "something was never heard of");
    for (subject, kinds) in by_subject {
        let expected: &[_] =
            if subject.starts_with("client_") { &["CLIENT_CREATED"] } else { &["INVOICE_CREATED", "INVOICE_ISSUED"] };
        assert_eq!(kinds, expected, "{subject}");
    }
}

/// Returns the issued numbers, in order.
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
