//! API keys: created, used, limited and revoked.

mod command;
mod limits;
mod manage;
mod use_of_keys;

use crate::support::{Actor, Value, World};

/// All scopes that a key can have.
pub const ALL_SCOPES: [&str; 14] = [
    "CLIENTS_READ",
    "CLIENTS_WRITE",
    "CLIENTS_INVITE",
    "DOCUMENTS_READ",
    "DOCUMENTS_WRITE",
    "CONVERSATIONS_READ",
    "CONVERSATIONS_WRITE",
    "VALIDATION_READ",
    "VALIDATION_WRITE",
    "VALIDATION_DECIDE",
    "BILLING_READ",
    "BILLING_WRITE",
    "BILLING_ANSWER",
    "MEMBERS_READ",
];

/// Creates a key. Returns its id and its token.
async fn create(world: &World, input: Value) -> (Value, String) {
    let payload = world.owner.does("createApiKey", input, "apiKey { id } token").await;
    (payload["apiKey"]["id"].clone(), payload["token"].as_str().unwrap().to_owned())
}

/// Returns a script that uses a new key.
async fn script(world: &World, input: Value) -> Actor {
    let (_, token) = create(world, input).await;
    Actor::new(&world.app.url, "script", Some(token))
}
