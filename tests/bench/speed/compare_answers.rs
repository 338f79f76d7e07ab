//! Checks that both servers return the same rows. They write ids and times differently.

use super::{
    callers::Callers,
    connection::{Connection, request},
    operation::Operation,
    process::Running,
};
use chrono::{DateTime, Utc};
use dossier_core::id::decode;
use serde_json::Value;
use std::io;
use uuid::Uuid;

/// Compares the answers to all reading requests.
pub async fn check(callers: &Callers, ours: &Running, limit: &Running, operations: &[Operation]) {
    let (mut ours, mut limit) =
        (Connection::open(ours.port).await.unwrap(), Connection::open(limit.port).await.unwrap());
    for &operation in operations.iter().filter(|operation| **operation != Operation::E) {
        let (asked, by_hand) = (callers.script(operation, false), callers.script(operation, true));
        let mut rows = 0;
        for (ask, by_hand) in asked.first.iter().zip(&by_hand.first) {
            let [ours, limit] = [ours.ask(&request(ask)).await, limit.ask(&request(by_hand)).await].map(data);
            assert_eq!(ours, limit, "{operation}: the same rows for {}", by_hand.body);
            rows += count(&ours);
        }
        assert!(rows > 0, "{operation}: there are no rows");
    }
}

fn data(answer: io::Result<&str>) -> Value {
    let mut answer: Value = serde_json::from_str(answer.unwrap()).unwrap();
    normal(answer["data"].take())
}

fn normal(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(plain(text)),
        Value::Array(values) => values.into_iter().map(normal).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, normal(value))).collect(),
        other => other,
    }
}

fn plain(text: String) -> String {
    if let Some(id) = decode(&text).map(|(_, id)| id).or_else(|| Uuid::try_parse(&text).ok()) {
        return id.to_string();
    }
    DateTime::parse_from_rfc3339(&text).map_or(text, |time| time.with_timezone(&Utc).to_rfc3339())
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(fields) => usize::from(fields.contains_key("id")) + fields.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Returns the id of the request in the answer to either mutation, or an error if it was refused.
pub fn id_in(answer: &str) -> io::Result<String> {
    let value: Value = serde_json::from_str(answer)?;
    let payload = value["data"].as_object().and_then(|data| data.values().next());
    let done = payload.filter(|payload| payload["userErrors"] == Value::Array(Vec::new()));
    let id = done.and_then(|payload| payload["validationRequest"]["id"].as_str()).map(str::to_owned);
    id.ok_or_else(|| io::Error::other(answer.to_owned()))
}
