//! How PostgreSQL ran each statement: `auto_explain`, which comes with it, tells the plan and the rows of each that ends,
//! as a notice, and `sqlx` writes notices to the log.

use crate::support::Value;
use std::{
    fmt, mem,
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

/// What a database is set to, so that all statements are told, and run as on tables far larger than a test can fill: not
/// by reading all there is, where there is another way.
pub const SETTINGS: [&str; 9] = [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_format = 'json'",
    "auto_explain.log_level = 'notice'",
    "enable_seqscan = off",
    "enable_bitmapscan = off",
    "enable_hashjoin = off",
];

/// What was found wrong with the plans of the statements that were told.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<Vec<Option<Fault>>>>);

pub struct Fault {
    what: String,
    sql: String,
    plan: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}\n{}\n{}", self.what, self.sql, self.plan)
    }
}

impl Told {
    /// What was found since the last time, statement by statement.
    pub fn take(&self) -> Vec<Option<Fault>> {
        mem::take(&mut self.0.lock().unwrap())
    }

    fn hear(&self, notice: &str, judge: impl Fn(&Value) -> Option<String>) {
        let Some((_, explained)) = notice.split_once("plan:\n") else { return };
        let explained: Value = serde_json::from_str(explained).unwrap();
        let sql = explained["Query Text"].as_str().unwrap().to_owned();
        let fault = judge(&explained["Plan"]);
        let fault = fault.map(|what| Fault { what, sql, plan: format!("{:#}", explained["Plan"]) });
        self.0.lock().unwrap().push(fault);
    }
}

impl<S: Subscriber> Layer<S> for Told {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::postgres::notice" {
            let mut message = Message::default();
            event.record(&mut message);
            self.hear(&message.0, super::fault);
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
