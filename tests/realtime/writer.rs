//! People who write. They send each mutation with an idempotency key to the servers, until it is answered.

use super::{person::Person, random::Random, subscriber::PASSING};
use crate::support::{
    Value,
    actors::{mutation, sha256},
    json,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

/// The time after which a request is sent again.
const MAX_WAIT: Duration = Duration::from_secs(15);

/// Known objects, by type name.
#[derive(Default)]
pub struct KnownObjects(Mutex<HashMap<&'static str, Vec<String>>>);

impl KnownObjects {
    pub fn add(&self, kind: &'static str, id: &str) {
        self.0.lock().unwrap().entry(kind).or_default().push(id.to_owned());
    }

    fn one(&self, kind: &'static str, random: &mut Random) -> Option<String> {
        let objects = self.0.lock().unwrap();
        let all = objects.get(kind)?;
        // Usually one of the newest, on which many people work at the same time.
        let newest = if random.percent(70) { all.len().saturating_sub(12) } else { 0 };
        random.one(&all[newest..])
    }
}

/// The state that all writers of a run share.
#[derive(Default)]
pub struct Workload {
    stop: AtomicBool,
    pub done: AtomicUsize,
    /// Unexpected errors.
    pub void: Mutex<Vec<String>>,
}

impl Workload {
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub fn is_running(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }
}

pub struct Writer {
    pub person: Arc<Person>,
    pub urls: Vec<String>,
    pub workload: Arc<Workload>,
    pub random: Random,
    /// The objects to work on, to which new ones are added.
    pub objects: Vec<Arc<KnownObjects>>,
    pub sites: Vec<String>,
    http: reqwest::Client,
    turn: usize,
}

impl Writer {
    pub fn new(person: &Arc<Person>, urls: &[String], workload: &Arc<Workload>, random: Random) -> Self {
        Self {
            person: person.clone(),
            urls: urls.to_vec(),
            workload: workload.clone(),
            random,
            objects: Vec::new(),
            sites: Vec::new(),
            http: reqwest::Client::builder().timeout(MAX_WAIT).build().unwrap(),
            turn: 0,
        }
    }

    /// Returns a known object of this type.
    pub fn one(&mut self, kind: &'static str) -> Option<String> {
        self.objects[0].one(kind, &mut self.random)
    }

    /// Returns a unique name.
    pub fn name(&self) -> String {
        format!("{} {}", self.person.name, self.turn)
    }

    /// Runs a mutation, and adds the new object. Returns `None` if it is refused, because somebody may have been
    /// faster.
    pub async fn create(&mut self, kind: &'static str, name: &str, input: Value, field: &str) -> Option<String> {
        let made = self.does(name, input, &format!("{field} {{ id }}")).await?;
        let id = made[field]["id"].as_str()?.to_owned();
        for objects in &self.objects {
            objects.add(kind, &id);
        }
        Some(id)
    }

    /// Uploads a small file.
    pub async fn uploads(&mut self, zone: &str) -> Option<()> {
        let text = self.name();
        let input = json!({
            "clientId": self.one("Client")?, "zone": zone, "name": format!("{text}.txt"),
            "contentType": "text/plain", "size": text.len(), "sha256": sha256(text.as_bytes()),
        });
        let parts = "document { id } version { id } parts { url headers { name value } }";
        let upload = self.does("requestUpload", input, parts).await?;
        let part = &upload["parts"][0];
        let mut request = self.http.put(part["url"].as_str()?).body(text);
        for header in part["headers"].as_array()? {
            let (name, value) = (header["name"].as_str()?, header["value"].as_str()?);
            if !name.eq_ignore_ascii_case("content-length") {
                request = request.header(name, value);
            }
        }
        assert!(request.send().await.unwrap().status().is_success(), "the object store refuses");
        let input = json!({ "versionId": upload["version"]["id"] });
        self.create("Document", "completeUpload", input, "document").await.map(drop)
    }

    /// Sends a mutation until it is answered.
    pub async fn does(&mut self, name: &str, input: Value, selection: &str) -> Option<Value> {
        self.turn += 1;
        let key = format!("{}-{}", self.person.name, self.turn);
        let body = json!({ "query": mutation(name, selection), "variables": { "input": input } });
        loop {
            let url = self.random.one(&self.urls).unwrap();
            if let Some(answer) = self.send(&url, &key, &body).await
                && !self.to_be_sent_again(&answer)
            {
                self.workload.done.fetch_add(1, Ordering::Relaxed);
                return self.payload(&answer, name, &input);
            }
            let pause = self.random.time(10, 100);
            tokio::time::sleep(pause).await;
        }
    }

    async fn send(&self, url: &str, key: &str, body: &Value) -> Option<Value> {
        let request = self.http.post(format!("{url}/graphql")).bearer_auth(self.person.token());
        request.header("Idempotency-Key", key).json(body).send().await.ok()?.json().await.ok()
    }

    fn to_be_sent_again(&self, answer: &Value) -> bool {
        let codes: Vec<_> = answer["errors"].as_array().into_iter().flatten().map(code).collect();
        let access_ending = |code: &str| code == "UNAUTHENTICATED" && !self.person.access_gaps().is_empty();
        !codes.is_empty() && codes.iter().all(|code| PASSING.contains(code) || access_ending(code))
    }

    /// Returns the payload, or `None` if it is refused.
    fn payload(&self, answer: &Value, name: &str, input: &Value) -> Option<Value> {
        let payload = &answer["data"][name];
        let refused = payload["userErrors"].as_array().map(|errors| errors.iter().map(refusal).collect::<Vec<_>>());
        match refused {
            Some(codes) if codes.is_empty() => return Some(payload.clone()),
            Some(codes) if codes.iter().all(|code| matches!(*code, "CONFLICT" | "NOT_FOUND")) => {}
            _ => {
                let text = format!("{} {name}({input}): {answer}", self.person.name);
                self.workload.void.lock().unwrap().push(text);
            }
        }
        None
    }
}

fn code(error: &Value) -> &str {
    error["extensions"]["code"].as_str().unwrap_or("none")
}

fn refusal(error: &Value) -> &str {
    error["code"].as_str().unwrap_or("none")
}
