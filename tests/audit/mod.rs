//! The audit log: what is recorded, who sees it, and whether the chain shows every change.

mod chain;
mod command;
mod download;
mod filter;
mod record;
mod sign_in;

use crate::support::{Actor, Value, World, json};
use dossier_domain::audit::{self, Fault, Verification};

/// The fields of an entry that do not differ from run to run.
const ENTRY: &str = "action outcome refusalReason actor { displayName kind } subjectType subjectId subjectName \
                     client { id } note changes { field before after } changedFields";

/// Returns the newest entries, newest first.
async fn newest(owner: &Actor, count: usize) -> Vec<Value> {
    let query = format!("{{ auditLog(first: {count}) {{ nodes {{ {ENTRY} }} }} }}");
    owner.query(&query, json!({})).await["auditLog"]["nodes"].as_array().unwrap().clone()
}

/// Returns the newest entry with an action.
async fn newest_of(owner: &Actor, action: &str) -> Value {
    let query = format!(
        "query($actions: [AuditAction!]) {{ auditLog(first: 1, filter: {{ actions: $actions }}) {{ nodes {{ {ENTRY} }} }} }}"
    );
    let log = owner.query(&query, json!({ "actions": [action] })).await;
    log["auditLog"]["nodes"].get(0).cloned().unwrap_or_else(|| panic!("no entry of {action}"))
}

async fn verify(world: &World) -> Verification {
    audit::verify(&world.app.parts.database, world.organization).await.unwrap()
}

/// Fails unless the log is complete and unchanged. Returns the number of entries.
async fn intact(world: &World) -> i64 {
    match verify(world).await {
        Verification::Intact { entries, .. } => entries,
        broken @ Verification::Broken { .. } => panic!("{broken:?}"),
    }
}

/// Fails unless the log has this fault. Returns the position.
async fn broken(world: &World, expected: Fault) -> i64 {
    match verify(world).await {
        Verification::Broken { sequence, fault } if fault == expected => sequence,
        other => panic!("{other:?} instead of {expected:?}"),
    }
}
