//! Runs the client examples and the README as their readers do, with a live server.

mod curl;
mod frontend;
mod macos;
mod python;
mod readme;
mod reference;
mod tutorial;
mod typescript;

use crate::support::{Actor, Value, json};

/// A limit that recovers within a second, so that waits are short.
const ONCE_A_SECOND: [(&str, &str); 1] = [("RATE_OPERATIONS", "60")];

/// Uses up the rate limit of an actor.
async fn exhaust(actor: &Actor) {
    while actor.send("{ __typename }", json!({})).await.get("errors").is_none() {}
}

/// Sends an operation again until the rate limit allows it. Returns its data.
async fn ask_again(actor: &Actor, query: &str, variables: Value) -> Value {
    loop {
        let answer = actor.send(query, variables.clone()).await;
        if answer.get("errors").is_none() {
            return answer["data"].clone();
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer:#}");
    }
}

/// Tests that use the packages of the TypeScript example lock this, because the README installs them again.
static PACKAGES: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Returns the bash blocks of a document as one script.
pub fn blocks(document: &str) -> String {
    let fenced = document.split("```bash\n").skip(1);
    fenced.filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| block.to_owned() + "\n").collect()
}
