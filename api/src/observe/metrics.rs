//! Numbers for Prometheus, of this process alone.

use super::{jobs::JobMetrics, names::Names, note::Note};
use dossier_data::{Connections, Database};
use dossier_events::{Bus, Resync};
use dossier_jobs::Outcome;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{fmt, sync::Arc, time::Duration};

/// What the answer is, for who reads it.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where the histograms' buckets end, in seconds.
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
struct StateLabels {
    state: &'static str,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// What is counted. Cheap to clone.
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
    /// Of a server over these parts, whose state is read whenever somebody asks.
    pub fn new(database: Database, bus: Bus) -> Self {
        let request_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let operation_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let delivery_seconds = seconds();
        let (requests, operations, errors, connections, names) = Default::default();
        let (sockets, subscriptions, backlog, connections_max, redis) = Default::default();
        let (executions, replays, resyncs, closed) = Default::default();
        let mut counted = Counted {
            registry: Registry::with_prefix("dossier"),
            names,
            requests,
            request_seconds,
            operations,
            operation_seconds,
            errors,
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

    /// All numbers as they are now, in the `OpenMetrics` text format that Prometheus reads.
    pub fn render(&self) -> Result<String, fmt::Error> {
        self.0.look();
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    /// Reads what the database knows, and returns all numbers as [`Metrics::render`] does.
    pub async fn read_and_render(&self) -> Result<String, fmt::Error> {
        self.0.jobs.read(&self.0.database).await;
        self.render()
    }

    /// Jobs of these kinds run here.
    pub fn begin_jobs(&self, kinds: impl Iterator<Item = &'static str>) {
        self.0.jobs.begin(kinds);
    }

    /// An attempt of a job has ended.
    pub fn job_attempt(&self, kind: &'static str, outcome: Outcome, took: Duration) {
        self.0.jobs.attempt(kind, outcome, took);
    }

    /// A request was answered, or its caller went away before that.
    pub(super) fn request(&self, path: &str, status: Option<u16>, note: &Note, took: Duration) {
        // What nginx writes for a caller who did not wait.
        let labels = RequestLabels { path: path.to_owned(), status: status.unwrap_or(499) };
        self.0.requests.get_or_create(&labels).inc();
        let labels = PathLabels { path: labels.path };
        self.0.request_seconds.get_or_create(&labels).observe(took.as_secs_f64());
        note.codes().iter().for_each(|code| self.refused(code));
    }

    /// An operation has ended.
    pub(super) fn operation(&self, note: &Note, took: Duration) {
        let went_well = note.codes().is_empty();
        let operation = self.0.names.counted(note.name(), went_well, note.signed_in()).to_owned();
        let kind = note.kind().unwrap_or("unknown");
        let outcome = if went_well { "ok" } else { "error" };
        // A subscription lasts as long as somebody listens: that is no duration of ours.
        if kind != "subscription" {
            let labels = OperationLabels { operation: operation.clone(), kind };
            self.0.operation_seconds.get_or_create(&labels).observe(took.as_secs_f64());
        }
        self.0.operations.get_or_create(&OutcomeLabels { operation, kind, outcome }).inc();
    }

    /// Something was refused, or failed, with this code.
    pub fn refused(&self, code: &str) {
        self.0.errors.get_or_create(&CodeLabels { code: code.to_owned() }).inc();
    }

    /// An event went on its way to a subscriber who listened when it happened.
    pub fn delivered(&self, after: Duration) {
        self.0.delivery_seconds.observe(after.as_secs_f64());
    }

    /// An event was read and a subscription executed for it, for however many.
    pub fn executed(&self) {
        self.0.executions.inc();
    }

    /// A subscriber reads the outbox for itself: from its cursor on, or because it could not follow the others.
    pub fn replayed(&self) {
        self.0.replays.inc();
    }

    /// A subscriber is told to read again what it shows.
    pub fn resynced(&self, reason: Resync) {
        self.0.resyncs.get_or_create(&ReasonLabels { reason: reason.as_str() }).inc();
    }

    /// A socket has ended.
    pub(super) fn socket_closed(&self, reason: &'static str) {
        self.0.closed.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// A socket is open as long as this is kept.
    pub(super) fn socket_opened(&self) -> Open {
        Open::new(&self.0.sockets)
    }

    /// A subscription is open as long as this is kept.
    pub(super) fn subscription_opened(&self) -> Open {
        Open::new(&self.0.subscriptions)
    }

    /// What a subscription has yet to deliver, as long as this is kept.
    pub fn backlog(&self) -> Backlog {
        Backlog { gauge: self.0.backlog.clone(), waiting: 0 }
    }
}

impl Counted {
    #[rustfmt::skip]
    fn register(&mut self) {
        let to = &mut self.registry;
        to.register("http_requests", "Requests by route and status; 499: the caller did not wait", self.requests.clone());
        to.register_with_unit("http_request_duration", "Until the answer began", Unit::Seconds, self.request_seconds.clone());
        to.register("operations", "GraphQL operations that ended", self.operations.clone());
        to.register_with_unit("operation_duration", "Of queries and mutations", Unit::Seconds, self.operation_seconds.clone());
        to.register("errors", "Requests and socket operations that were refused or failed, by error code", self.errors.clone());
        to.register("sockets_open", "Open WebSockets", self.sockets.clone());
        to.register("subscriptions_open", "Open subscriptions", self.subscriptions.clone());
        to.register_with_unit("event_delivery", "From a change to its event's delivery to who listened then", Unit::Seconds, self.delivery_seconds.clone());
        to.register("event_backlog", "Events in the outbox that open subscriptions know of and have not delivered, summed over them", self.backlog.clone());
        to.register("event_executions", "Events read, and subscriptions executed for them, each for all who see the same", self.executions.clone());
        to.register("event_replays", "Times that a subscriber read the outbox for itself", self.replays.clone());
        to.register("event_resyncs", "Times that a subscriber was told to read everything again, by reason", self.resyncs.clone());
        to.register("sockets_closed", "WebSockets that ended, by reason", self.closed.clone());
        to.register("database_connections", "Connections of the pool by state", self.connections.clone());
        to.register("database_connections_max", "How many there may be; when all are used, operations wait", self.connections_max.clone());
        to.register("database_statements", "SQL statements on members' behalf, and on nobody's: besides those that begin and end transactions", self.database.statements.0.clone());
        self.jobs.register(to);
        if self.bus.redis().is_some() {
            to.register("redis_up", "Whether Redis carries wake-ups", self.redis.clone());
        }
    }

    /// What somebody watches for is there before it happens: without a zero before it, the first time is no rise.
    fn begin(&self) {
        for reason in [Resync::Malformed, Resync::TooOld, Resync::OtherEpoch, Resync::AccessChanged] {
            drop(self.resyncs.get_or_create(&ReasonLabels { reason: reason.as_str() }));
        }
        drop(self.closed.get_or_create(&ReasonLabels { reason: "fallen-behind" }));
    }

    /// Reads what is not counted as it happens.
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

/// Something that is open.
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

/// One subscription's part in the backlog.
pub struct Backlog {
    gauge: Gauge,
    waiting: i64,
}

impl Backlog {
    /// So many events wait now.
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
