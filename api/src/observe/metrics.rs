//! Metrics for Prometheus, of this process only.

use super::{jobs::JobMetrics, log_fields::LogFields, names::Names, way::Way};
use dossier_data::{Connections, Database};
use dossier_events::{Bus, Resync};
use dossier_jobs::Outcome;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{fmt, sync::Arc, time::Duration};

/// The media type of the metrics.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper bounds of the histograms' buckets, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: String,
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    operation: String,
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    path: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PathLabels {
    path: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabels {
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    way: &'static str,
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// The metrics. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Counted>);

struct Counted {
    registry: Registry,
    names: Names,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Histograms<PathLabels>,
    operations: Family<OutcomeLabels, Counter>,
    operation_seconds: Histograms<OperationLabels>,
    errors: Family<CodeLabels, Counter>,
    refusals: Family<RefusalLabels, Counter>,
    sockets: Gauge,
    subscriptions: Gauge,
    delivery_seconds: Histogram,
    backlog: Gauge,
    executions: Counter,
    replays: Counter,
    resyncs: Family<ReasonLabels, Counter>,
    closed: Family<ReasonLabels, Counter>,
    connections: Family<StateLabels, Gauge>,
    connections_max: Gauge,
    redis: Gauge,
    jobs: JobMetrics,
    database: Database,
    bus: Bus,
}

fn seconds() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Metrics {
    /// Creates the metrics of a server with these parts. Their state is read when the metrics are read.
    pub fn new(database: Database, bus: Bus) -> Self {
        let request_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let operation_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let delivery_seconds = seconds();
        let (requests, operations, errors, connections, names) = Default::default();
        let (sockets, subscriptions, backlog, connections_max, redis) = Default::default();
        let (executions, replays, resyncs, closed, refusals) = Default::default();
        let mut counted = Counted {
            registry: Registry::with_prefix("dossier"),
            names,
            requests,
            request_seconds,
            operations,
            operation_seconds,
            errors,
            refusals,
            sockets,
            subscriptions,
            delivery_seconds,
            backlog,
            executions,
            replays,
            resyncs,
            closed,
            connections,
            connections_max,
            redis,
            jobs: JobMetrics::default(),
            database,
            bus,
        };
        counted.register();
        counted.begin();
        Self(Arc::new(counted))
    }

    /// Returns all metrics in the `OpenMetrics` text format of Prometheus.
    pub fn render(&self) -> Result<String, fmt::Error> {
        self.0.look();
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    /// Reads the metrics of the database, and returns all metrics as [`Metrics::render`] does.
    pub async fn read_and_render(&self) -> Result<String, fmt::Error> {
        self.0.jobs.read(&self.0.database).await;
        self.render()
    }

    /// Records the kinds of jobs that run in this process.
    pub fn begin_jobs(&self, kinds: impl Iterator<Item = &'static str>) {
        self.0.jobs.begin(kinds);
    }

    /// Counts an attempt of a job.
    pub fn job_attempt(&self, kind: &'static str, outcome: Outcome, took: Duration) {
        self.0.jobs.attempt(kind, outcome, took);
    }

    /// Counts a request that was answered or abandoned.
    pub(super) fn request(&self, path: &str, status: Option<u16>, fields: &LogFields, took: Duration) {
        // The status that nginx logs for an abandoned request.
        let labels = RequestLabels { path: path.to_owned(), status: status.unwrap_or(499) };
        self.0.requests.get_or_create(&labels).inc();
        let labels = PathLabels { path: labels.path };
        self.0.request_seconds.get_or_create(&labels).observe(took.as_secs_f64());
        fields.codes().iter().for_each(|code| self.refused(code));
    }

    /// Counts an operation.
    pub(super) fn operation(&self, fields: &LogFields, took: Duration) {
        let went_well = fields.codes().is_empty();
        let operation = self.0.names.counted(fields.name(), went_well, fields.signed_in()).to_owned();
        let kind = fields.kind().unwrap_or("unknown");
        let outcome = if went_well { "ok" } else { "error" };
        // The duration of a subscription depends only on its subscriber.
        if kind != "subscription" {
            let labels = OperationLabels { operation: operation.clone(), kind };
            self.0.operation_seconds.get_or_create(&labels).observe(took.as_secs_f64());
        }
        self.0.operations.get_or_create(&OutcomeLabels { operation, kind, outcome }).inc();
    }

    /// Counts an error code.
    pub fn refused(&self, code: &str) {
        self.0.errors.get_or_create(&CodeLabels { code: code.to_owned() }).inc();
    }

    /// Counts a refused attempt to authenticate.
    pub fn refused_attempt(&self, way: Way, reason: &'static str) {
        self.0.refusals.get_or_create(&RefusalLabels { way: way.name(), reason }).inc();
    }

    /// Counts the delivery of an event to a subscriber who was present when it happened.
    pub fn count_delivery(&self, after: Duration) {
        self.0.delivery_seconds.observe(after.as_secs_f64());
    }

    /// Counts the execution of a subscription for an event, for any number of subscribers.
    pub fn count_execution(&self) {
        self.0.executions.inc();
    }

    /// Counts a subscriber that reads the outbox separately, because it returned with a cursor or could not keep up.
    pub fn count_replay(&self) {
        self.0.replays.inc();
    }

    /// Counts a subscriber that must read its data again.
    pub fn count_resync(&self, reason: Resync) {
        self.0.resyncs.get_or_create(&ReasonLabels { reason: reason.as_str() }).inc();
    }

    /// Counts a closed socket.
    pub(super) fn socket_closed(&self, reason: &'static str) {
        self.0.closed.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// Counts an open socket until the result is dropped.
    pub(super) fn socket_opened(&self) -> Open {
        Open::new(&self.0.sockets)
    }

    /// Counts an open subscription until the result is dropped.
    pub(super) fn subscription_opened(&self) -> Open {
        Open::new(&self.0.subscriptions)
    }

    /// Counts the undelivered events of a subscription until the result is dropped.
    pub fn backlog(&self) -> Backlog {
        Backlog { gauge: self.0.backlog.clone(), waiting: 0 }
    }
}

impl Counted {
    #[rustfmt::skip]
    fn register(&mut self) {
        let to = &mut self.registry;
        to.register("http_requests", "Requests by route and status; 499: abandoned by the caller", self.requests.clone());
        to.register_with_unit("http_request_duration", "Time until the response began", Unit::Seconds, self.request_seconds.clone());
        to.register("operations", "GraphQL operations that ended", self.operations.clone());
        to.register_with_unit("operation_duration", "Duration of queries and mutations", Unit::Seconds, self.operation_seconds.clone());
        to.register("errors", "Requests and socket operations that were refused or failed, by error code", self.errors.clone());
        to.register("refused_attempts", "Attempts to authenticate that were refused, by way and reason", self.refusals.clone());
        to.register("sockets_open", "Open WebSockets", self.sockets.clone());
        to.register("subscriptions_open", "Open subscriptions", self.subscriptions.clone());
        to.register_with_unit("event_delivery", "Time from a change to the delivery of its event to subscribers who were present", Unit::Seconds, self.delivery_seconds.clone());
        to.register("event_backlog", "Known but undelivered events of all open subscriptions, summed up", self.backlog.clone());
        to.register("event_executions", "Executions of subscriptions for events; one execution serves all subscribers of a broadcast", self.executions.clone());
        to.register("event_replays", "Times that a subscriber read the outbox separately", self.replays.clone());
        to.register("event_resyncs", "Times that a subscriber was told to read its data again, by reason", self.resyncs.clone());
        to.register("sockets_closed", "WebSockets that were closed, by reason", self.closed.clone());
        to.register("database_connections", "Connections of the pool by state", self.connections.clone());
        to.register("database_connections_max", "Maximum number of connections; when all are in use, operations wait", self.connections_max.clone());
        to.register("database_statements", "SQL statements, with and without a member as viewer, excluding those that begin and end transactions", self.database.statements.0.clone());
        self.jobs.register(to);
        if self.bus.redis().is_some() {
            to.register("redis_up", "Whether the connection to Redis works", self.redis.clone());
        }
    }

    /// Creates metrics with the value 0 before the first event, because otherwise the first event would not appear as
    /// an increase.
    fn begin(&self) {
        for reason in [Resync::Malformed, Resync::TooOld, Resync::OtherEpoch, Resync::AccessChanged] {
            drop(self.resyncs.get_or_create(&ReasonLabels { reason: reason.as_str() }));
        }
        drop(self.closed.get_or_create(&ReasonLabels { reason: "fallen-behind" }));
        for way in Way::ALL {
            drop(self.refusals.get_or_create(&RefusalLabels { way: way.name(), reason: "rate-limited" }));
        }
    }

    /// Reads the gauges that are not updated continuously.
    fn look(&self) {
        let Connections { open, idle, most } = self.database.connections();
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        let set = |state, count| self.connections.get_or_create(&StateLabels { state }).set(number(count));
        set("idle", idle);
        set("used", open - idle);
        self.connections_max.set(number(most));
        self.redis.set(i64::from(self.bus.redis() == Some(true)));
    }
}

/// Counts one open object.
pub(super) struct Open(Gauge);

impl Open {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The undelivered events of one subscription.
pub struct Backlog {
    gauge: Gauge,
    waiting: i64,
}

impl Backlog {
    /// Sets the number of undelivered events.
    pub fn set(&mut self, waiting: i64) {
        self.gauge.inc_by(waiting - self.waiting);
        self.waiting = waiting;
    }
}

impl Drop for Backlog {
    fn drop(&mut self) {
        self.set(0);
    }
}
