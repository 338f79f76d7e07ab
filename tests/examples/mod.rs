//! The client examples and the README, run as their readers run them, against a live server.

mod curl;
mod macos;
mod python;
mod readme;
mod typescript;

use crate::support::{Actor, Value, json};

/// A limit whose allowance comes back once a second: nobody is asked to wait for longer than that.
const ONCE_A_SECOND: [(&str, &str); 1] = [("RATE_OPERATIONS", "60")];

/// Uses up what somebody may ask for in a minute.
async fn exhaust(actor: &Actor) {
    while actor.send("{ __typename }", json!({})).await.get("errors").is_none() {}
}

/// The data of an operation, sent again until the allowance is enough for it.
async fn ask_again(actor: &Actor, query: &str, variables: Value) -> Value {
    loop {
        let answer = actor.send(query, variables.clone()).await;
        if answer.get("errors").is_none() {
            return answer["data"].clone();
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer:#}");
    }
}

/// Held by tests that use the packages of the TypeScript example: the README installs them anew.
static PACKAGES: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The bash blocks of a document as one script.
pub fn blocks(document: &str) -> String {
    let fenced = document.split("```bash\n").skip(1);
    fenced.filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| block.to_owned() + "\n").collect()
}
