//! Loaders. One statement reads what many resolvers of a transaction request at the same time.
//!
//! The `dataloader` crate runs them inline, so that no task outlives the transaction.

use ::dataloader::{BatchFn, non_cached::Loader};
use dossier_core::error::Error;
use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// The result of a load. The `dataloader` crate has no errors, so each key gets the value, or a copy of the error. The
/// crate clones results, and an `Arc` makes this cheap.
pub(super) type Loaded<V> = Result<Arc<V>, Error>;

/// How often a loader yields before it runs, so that other resolvers of the same task can add their keys. They all run
/// in the same turn of the task.
const YIELDS: usize = 2;

/// The loaders of one transaction, each with a description of what it loads.
#[derive(Default)]
pub(super) struct Loaders(Mutex<Vec<Box<dyn Any + Send + Sync>>>);

impl Loaders {
    /// Returns the loader for this description, and creates it on the first request.
    pub(super) fn shared<K, V, F>(&self, asked: K, make: impl FnOnce(&K) -> F) -> Batched<V, F>
    where
        K: PartialEq + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        F: BatchFn<Uuid, Loaded<V>> + Send + Sync + 'static,
    {
        let mut loaders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = loaders.iter().filter_map(|any| any.downcast_ref::<(K, Loader<Uuid, Loaded<V>, F>)>());
        if let Some((_, loader)) = known.find(|(known, _)| *known == asked) {
            return Batched(loader.clone());
        }
        let loader = Loader::new(make(&asked)).with_max_batch_size(usize::MAX).with_yield_count(YIELDS);
        loaders.push(Box::new((asked, loader.clone())));
        Batched(loader)
    }
}

/// A loader that returns this crate's errors.
pub(super) struct Batched<V: Clone, F: BatchFn<Uuid, Loaded<V>>>(Loader<Uuid, Loaded<V>, F>);

impl<V: Clone, F: BatchFn<Uuid, Loaded<V>>> Batched<V, F> {
    pub(super) async fn load(&self, key: Uuid) -> Result<V, Error> {
        // Boxed, because each field of an object holds room for the largest future.
        let loaded = Box::pin(self.0.try_load(key)).await.map_err(Error::internal)?;
        loaded.map(Arc::unwrap_or_clone)
    }
}
