//! Failures while people work. Afterwards, nothing is half done, doubled or lost, and each subscriber got all events
//! once and in order.

mod cluster;
mod commit;
mod disk;
mod files;
mod follower;
mod kill;
mod limits;
mod pool;
mod postgres;
mod processes;
mod work;

use crate::support::{Actor, json, process::run};
use std::path::Path;

/// Creates an agency with one operator. Returns their token.
fn set_up(data: &Path) -> String {
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    run(data, &["token", "olga@atelier.example"])
}

/// Returns the cursor at the end of the events.
async fn cursor(actor: &Actor) -> String {
    actor.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].as_str().unwrap().to_owned()
}
