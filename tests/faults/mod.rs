//! While people work, something breaks. Afterwards nothing is half done, doubled or lost, and whoever listened heard
//! everything once and in order.

mod cluster;
mod commit;
mod disk;
mod follow;
mod kill;
mod limits;
mod pool;
mod postgres;
mod processes;
mod work;

use crate::support::{Actor, json, process::run};
use std::path::Path;

/// An agency with one operator; returns their token.
fn set_up(data: &Path) -> String {
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    run(data, &["token", "olga@atelier.example"])
}

/// Where the events end now.
async fn cursor(actor: &Actor) -> String {
    actor.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].as_str().unwrap().to_owned()
}
