//! The plans of executed statements. PostgreSQL's module `auto_explain` sends each plan with its row counts as a
//! notice, and `sqlx` writes notices to the log.

use crate::support::Value;
use std::{
    fmt, mem,
    sync::{Arc, Mutex},
};
use tracing::{
    Dispatch, Event, Subscriber,
    field::{Field, Visit},
    subscriber::{DefaultGuard, set_default},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry,
};

/// Settings of the database. It logs all plans, and plans as for tables that are far larger than those of a test: it
/// reads a whole table only if there is no other way.
pub const SETTINGS: [&str; 11] = [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_buffers = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_nested_statements = on",
    "auto_explain.log_format = 'json'",
    "auto_explain.log_level = 'notice'",
    "enable_seqscan = off",
    "enable_bitmapscan = off",
    "enable_hashjoin = off",
];

/// The logged plans.
#[derive(Clone, Default)]
pub struct PlanLog(Arc<Mutex<Vec<Plan>>>);

pub struct Plan {
    sql: String,
    steps: Value,
}

/// The work of the database.
#[derive(Clone, Copy, Debug, Default)]
pub struct DatabaseWork {
    /// The rows of tables that it read.
    pub rows: f64,
    /// The buffers that it read.
    pub buffers: f64,
}

impl DatabaseWork {
    pub fn of(plans: &[Plan]) -> Self {
        let add = |sum: Self, plan: &Plan| {
            let buffers = ["Shared Hit Blocks", "Shared Read Blocks"].map(|kind| number(&plan.steps, kind));
            Self { rows: sum.rows + rows(&plan.steps), buffers: sum.buffers + buffers.iter().sum::<f64>() }
        };
        plans.iter().fold(Self::default(), add)
    }
}

fn number(step: &Value, name: &str) -> f64 {
    step[name].as_f64().unwrap_or_default()
}

/// Returns the rows of tables that a step and its substeps read.
fn rows(step: &Value) -> f64 {
    let of_table =
        (number(step, "Actual Rows") + number(step, "Rows Removed by Filter")) * number(step, "Actual Loops");
    let own = if step["Relation Name"].is_null() { 0.0 } else { of_table };
    own + step["Plans"].as_array().into_iter().flatten().map(rows).sum::<f64>()
}

impl Plan {
    /// Returns the fault of the plan, if a step may read more than this many rows.
    pub fn fault(&self, most: f64) -> Option<String> {
        let what = super::fault(&self.steps, most)?;
        Some(format!("{what}\n{}\n{:#}", self.sql, self.steps))
    }
}

impl PlanLog {
    /// Records the notices of this thread. The second dispatcher belongs to no thread. With only one, `tracing` would
    /// ask the first thread whether it is interested in notices, and cache the answer for all.
    pub fn listen(&self) -> (DefaultGuard, Dispatch) {
        (set_default(registry().with(self.clone())), Dispatch::new(registry()))
    }

    /// Returns the plans since the last call.
    pub fn take(&self) -> Vec<Plan> {
        mem::take(&mut self.0.lock().unwrap())
    }

    fn record(&self, notice: &str) {
        let Some((_, explained)) = notice.split_once("plan:\n") else { return };
        let mut explained: Value = serde_json::from_str(explained).unwrap();
        let sql = explained["Query Text"].as_str().unwrap().to_owned();
        self.0.lock().unwrap().push(Plan { sql, steps: explained["Plan"].take() });
    }
}

impl<S: Subscriber> Layer<S> for PlanLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::postgres::notice" {
            let mut message = Message::default();
            event.record(&mut message);
            self.record(&message.0);
        }
    }
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
