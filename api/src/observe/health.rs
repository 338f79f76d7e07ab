//! Whether the server can do its work, and what it lacks.
//!
//! Whoever asks is a machine that nobody signs in, and asks often: the answer names what is wrong without saying how,
//! and it is found out once for all who ask within a second.

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

/// How long a dependency may take to answer. A database whose connections are all taken for so long is of no use
/// either.
const PATIENCE: Duration = Duration::from_secs(2);

/// For how long an answer is good.
const FRESH: Duration = Duration::from_secs(1);

/// How a dependency does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should.
    Ok,
    /// Slower than it should; nothing is lost.
    Degraded,
    /// Not at all: requests fail.
    Down,
}

/// Whether requests should come here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// They should.
    Ready,
    /// They would fail.
    Unready,
    /// They should go elsewhere: the server is about to end.
    Draining,
}

/// How each dependency does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dependencies {
    /// The database.
    pub database: State,
    /// Wake-ups of subscribers: degraded while Redis is away and they look for themselves.
    pub events: State,
    /// The object store.
    pub objects: State,
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In one word.
    pub status: Status,
    /// In detail.
    pub dependencies: Dependencies,
}

/// Looks after the server's dependencies. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<Parts>);

struct Parts {
    database: Database,
    bus: Bus,
    objects: Objects,
    draining: AtomicBool,
    /// What was found last, and when. Whoever finds out holds the lock, and all others wait for what they find.
    last: Arc<Mutex<Option<(Instant, Probed)>>>,
}

#[derive(Clone, Copy)]
struct Probed {
    database: State,
    objects: State,
}

impl Health {
    /// Over these dependencies.
    pub fn new(database: Database, bus: Bus, objects: Objects) -> Self {
        Self(Arc::new(Parts { database, bus, objects, draining: AtomicBool::new(false), last: Arc::default() }))
    }

    /// From now on the server asks not to be sent requests.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// How the server does.
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
        // A task of its own, which keeps the lock: who asks and goes away must not leave room for one more probe.
        let probing = tokio::spawn(async move {
            let probed = parts.probe(last.map(|(_, probed)| probed)).await;
            *last = Some((Instant::now(), probed));
            probed
        });
        // It fails only when the runtime is about to end.
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

/// The cause is for the log alone, and said when it is news.
async fn state<T, E: Error + 'static>(
    dependency: &str,
    before: State,
    probe: impl Future<Output = Result<T, E>>,
) -> State {
    let cause = match tokio::time::timeout(PATIENCE, probe).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => {
            let causes = iter::successors(Some(&error as &(dyn Error + 'static)), |error| (*error).source());
            Some(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
        }
        Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
    };
    match (cause, before) {
        (Some(_), State::Down) => State::Down,
        (Some(cause), _) => {
            tracing::error!(dependency, cause, "a dependency is away; this server is not ready");
            State::Down
        }
        (None, State::Down) => {
            tracing::info!(dependency, "a dependency is back");
            State::Ok
        }
        (None, _) => State::Ok,
    }
}
