//! Which handler runs which kind of job.

use crate::{JobContext, JobError, JobKind, KindOptions};
use std::{collections::BTreeMap, pin::Pin};

/// The handlers of a process, by kind.
#[derive(Default)]
pub struct Registry {
    kinds: BTreeMap<&'static str, Handler>,
}

/// The handler of a kind, whatever its payload.
pub(crate) struct Handler {
    pub(crate) options: KindOptions,
    run: Box<Run>,
}

/// Begins the work of a job with this payload.
type Run = dyn Fn(&str, JobContext) -> Result<Running, serde_json::Error> + Send + Sync;

type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;

impl Registry {
    /// Adds the handler of a kind, which is called with a clone of this state. A running handler is stopped at its next
    /// `await` when its time is over or its lease is lost: what must be done together is done in one transaction.
    ///
    /// # Panics
    ///
    /// If the kind has a handler already.
    #[must_use]
    pub fn with<K, S, F, Fut>(mut self, state: &S, handler: F) -> Self
    where
        K: JobKind,
        S: Clone + Send + Sync + 'static,
        F: Fn(S, K, JobContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let state = state.clone();
        let run = move |payload: &str, context| -> Result<Running, serde_json::Error> {
            Ok(Box::pin(handler(state.clone(), serde_json::from_str(payload)?, context)))
        };
        let handler = Handler { options: K::OPTIONS, run: Box::new(run) };
        assert!(self.kinds.insert(K::NAME, handler).is_none(), "the kind of job `{}` has two handlers", K::NAME);
        self
    }

    /// Returns the names of the kinds.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = (&'static str, KindOptions)> {
        self.kinds.iter().map(|(name, handler)| (*name, handler.options))
    }

    /// The name as it is declared, and the handler.
    pub(crate) fn find(&self, kind: &str) -> Option<(&'static str, &Handler)> {
        self.kinds.get_key_value(kind).map(|(name, handler)| (*name, handler))
    }
}

impl Handler {
    /// Begins the work. Fails if the payload does not fit the kind.
    pub(crate) fn run(&self, payload: &str, context: JobContext) -> Result<Running, serde_json::Error> {
        (self.run)(payload, context)
    }
}
