//! Loaders: what many resolvers of one unit ask for meanwhile is read by one statement.
//!
//! Built on the `dataloader` crate, which runs inline: no task outlives the unit's transaction.

use ::dataloader::{BatchFn, non_cached::Loader};
use dossier_core::error::Error;
use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// The `dataloader` crate knows no errors: a value is what was read, or why nothing was, for every key alike. It clones
/// values, which is not to cost what they hold.
pub(super) type Loaded<V> = Result<Arc<V>, Error>;

/// How often those who ask let others go first, who may ask, too: all do that run in the same turn of their task.
const YIELDS: usize = 2;

/// The loaders of one unit, each with what it loads.
#[derive(Default)]
pub(super) struct Loaders(Mutex<Vec<Box<dyn Any + Send + Sync>>>);

impl Loaders {
    /// The loader of what is asked for, made when nobody has asked for it before.
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

/// A loader whose answers are ours.
pub(super) struct Batched<V: Clone, F: BatchFn<Uuid, Loaded<V>>>(Loader<Uuid, Loaded<V>, F>);

impl<V: Clone, F: BatchFn<Uuid, Loaded<V>>> Batched<V, F> {
    pub(super) async fn load(&self, key: Uuid) -> Result<V, Error> {
        // Boxed, for every field of an object, however simple, holds room for the largest of them.
        let loaded = Box::pin(self.0.try_load(key)).await.map_err(Error::internal)?;
        loaded.map(Arc::unwrap_or_clone)
    }
}
