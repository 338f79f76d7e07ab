//! Metrics of jobs.

use dossier_data::Database;
use dossier_jobs::{KindDepth, Outcome, QueueDatabase, QueueTransaction, QueueViewer, count_by_kind};
use entities::job::State;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::time::timeout;

/// The upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0];

/// The maximum time for which a reader of the metrics waits for the database.
const MAX_WAIT: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DepthLabels {
    kind: String,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabels {
    kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AttemptLabels {
    kind: &'static str,
    outcome: &'static str,
}

/// The metrics of jobs.
#[derive(Clone)]
pub(super) struct JobMetrics {
    depth: Family<DepthLabels, Gauge>,
    oldest: Family<KindLabels, Gauge>,
    attempts: Family<AttemptLabels, Counter>,
    duration: Family<KindLabels, Histogram, fn() -> Histogram>,
    /// The kinds of jobs that run in this process.
    kinds: Arc<OnceLock<Vec<&'static str>>>,
}

impl Default for JobMetrics {
    fn default() -> Self {
        let duration = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        Self {
            depth: Family::default(),
            oldest: Family::default(),
            attempts: Family::default(),
            duration,
            kinds: Arc::default(),
        }
    }
}

impl JobMetrics {
    #[rustfmt::skip]
    pub(super) fn register(&self, to: &mut Registry) {
        to.register("jobs", "Queued, running and dead jobs of all processes, by kind and state", self.depth.clone());
        to.register_with_unit("job_oldest", "How long the oldest queued job of a kind has been due", Unit::Seconds, self.oldest.clone());
        to.register("job_attempts", "Attempts of jobs that ended in this process, by kind and outcome", self.attempts.clone());
        to.register_with_unit("job_duration", "Duration of attempts of jobs in this process", Unit::Seconds, self.duration.clone());
    }

    /// Creates the metrics of these kinds with the value 0.
    pub(super) fn begin(&self, kinds: impl Iterator<Item = &'static str>) {
        for kind in self.kinds.get_or_init(|| kinds.collect()) {
            for outcome in ["done", "retried", "dead"] {
                drop(self.attempts.get_or_create(&AttemptLabels { kind, outcome }));
            }
        }
    }

    /// Counts an attempt.
    pub(super) fn attempt(&self, kind: &'static str, outcome: Outcome, took: Duration) {
        let outcome = match outcome {
            Outcome::Done => "done",
            Outcome::Retried => "retried",
            Outcome::Dead => "dead",
            Outcome::Cancelled => "cancelled",
            Outcome::Released => "released",
            Outcome::LeaseLost => "lease-lost",
        };
        self.attempts.get_or_create(&AttemptLabels { kind, outcome }).inc();
        self.duration.get_or_create(&KindLabels { kind: kind.to_owned() }).observe(took.as_secs_f64());
    }

    /// Reads the length of the queue. If the database does not answer, the metrics are missing.
    pub(super) async fn read(&self, database: &Database) {
        let reading = async {
            let tx = database.begin_read(QueueViewer::Worker).await?;
            count_by_kind(&tx, tx.now()).await
        };
        let depths = timeout(MAX_WAIT, reading).await;
        self.depth.clear();
        self.oldest.clear();
        let Ok(Ok(depths)) = depths else { return };
        for kind in self.kinds.get().into_iter().flatten() {
            let kind = (*kind).to_owned();
            drop(self.depth.get_or_create(&DepthLabels { kind: kind.clone(), state: name(State::Dead) }));
            drop(self.oldest.get_or_create(&KindLabels { kind }));
        }
        for KindDepth { kind, state, jobs, oldest_seconds } in depths {
            let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
            let labels = DepthLabels { kind: kind.clone(), state: name(state) };
            self.depth.get_or_create(&labels).set(number(jobs));
            if state == State::Queued {
                self.oldest.get_or_create(&KindLabels { kind }).set(number(oldest_seconds));
            }
        }
    }
}

fn name(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Running => "running",
        State::Done => "done",
        State::Dead => "dead",
        State::Cancelled => "cancelled",
    }
}
