//! The health of the server and its dependencies.
//!
//! The reader is an anonymous program that asks often. The report therefore names failed dependencies without details,
//! and one check serves all requests of a second.

use dossier_data::Database;
use dossier_events::Bus;
use dossier_storage::Objects;
use serde::Serialize;
use std::{
    error::Error,
    iter,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// The maximum time for a dependency's answer. A database without a free connection for this long counts as down.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// How long a report is reused.
const FRESH: Duration = Duration::from_secs(1);

/// The state of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It works.
    Ok,
    /// It is slower than usual. Nothing is lost.
    Degraded,
    /// It does not work, and requests fail.
    Down,
}

/// Whether the server should receive requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It should.
    Ready,
    /// It should not, because requests would fail.
    Unready,
    /// It should not, because the server is about to stop.
    Draining,
}

/// The states of the dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dependencies {
    /// The database.
    pub database: State,
    /// The wake-ups of subscribers. Degraded while Redis is unavailable and subscribers poll.
    pub events: State,
    /// The object store.
    pub objects: State,
}

/// The health report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The summary.
    pub status: Status,
    /// The details.
    pub dependencies: Dependencies,
}

/// Checks the server's dependencies. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<Parts>);

struct Parts {
    database: Database,
    bus: Bus,
    objects: Objects,
    draining: AtomicBool,
    /// The last check and its time. The task that checks holds the lock, and all others wait for its result.
    last: Arc<Mutex<Option<(Instant, Probed)>>>,
}

#[derive(Clone, Copy)]
struct Probed {
    database: State,
    objects: State,
}

impl Health {
    /// Creates the health checks of these dependencies.
    pub fn new(database: Database, bus: Bus, objects: Objects) -> Self {
        Self(Arc::new(Parts { database, bus, objects, draining: AtomicBool::new(false), last: Arc::default() }))
    }

    /// From now on, the server reports that it should receive no requests.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Returns the current report.
    pub async fn report(&self) -> Report {
        let Probed { database, objects } = self.probed().await;
        let events = if self.0.bus.redis() == Some(false) { State::Degraded } else { State::Ok };
        let status = if self.0.draining.load(Ordering::Relaxed) {
            Status::Draining
        } else if database == State::Down || objects == State::Down {
            Status::Unready
        } else {
            Status::Ready
        };
        Report { status, dependencies: Dependencies { database, events, objects } }
    }

    async fn probed(&self) -> Probed {
        let mut last = self.0.last.clone().lock_owned().await;
        if let Some((when, probed)) = *last
            && when.elapsed() < FRESH
        {
            return probed;
        }
        let parts = self.0.clone();
        // A separate task holds the lock, so that an abandoned request does not allow another check.
        let probing = tokio::spawn(async move {
            let probed = parts.probe(last.map(|(_, probed)| probed)).await;
            *last = Some((Instant::now(), probed));
            probed
        });
        // It fails only when the runtime stops.
        probing.await.unwrap_or(Probed { database: State::Down, objects: State::Down })
    }
}

impl Parts {
    async fn probe(&self, before: Option<Probed>) -> Probed {
        let Probed { database, objects } = before.unwrap_or(Probed { database: State::Ok, objects: State::Ok });
        let database = state("database", database, self.database.check());
        let objects = state("objects", objects, Box::pin(self.objects.check()));
        let (database, objects) = tokio::join!(database, objects);
        Probed { database, objects }
    }
}

/// Logs the cause when the state has changed. The report does not contain it.
async fn state<T, E: Error + 'static>(
    dependency: &str,
    before: State,
    probe: impl Future<Output = Result<T, E>>,
) -> State {
    let cause = match tokio::time::timeout(MAX_WAIT, probe).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => {
            let causes = iter::successors(Some(&error as &(dyn Error + 'static)), |error| (*error).source());
            Some(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
        }
        Err(_) => Some(format!("no answer within {} s", MAX_WAIT.as_secs())),
    };
    match (cause, before) {
        (Some(_), State::Down) => State::Down,
        (Some(cause), _) => {
            tracing::error!(dependency, cause, "a dependency is unavailable; this server is not ready");
            State::Down
        }
        (None, State::Down) => {
            tracing::info!(dependency, "a dependency is available again");
            State::Ok
        }
        (None, _) => State::Ok,
    }
}
