//! The simultaneous work of a caller in this process: its operations and its subscriptions.

use super::subject::Subject;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The maximum number of operations of a caller that are executed at a time.
pub const AT_ONCE: usize = 8;

/// The maximum number of further operations that may wait.
pub const WAITING: usize = 100;

/// The maximum time for which an operation may wait, in seconds.
pub const MAX_WAIT: u64 = 10;

/// The error of a caller with too much simultaneous work.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum Busy {
    /// Too many operations.
    #[error(
        "Too many simultaneous operations: {AT_ONCE} are executed at a time, and {WAITING} more may wait for up to \
         {MAX_WAIT} seconds. Wait for responses before you send more"
    )]
    Operations,
    /// Too many or too expensive subscriptions.
    #[error(
        "With this subscription, the events of all open subscriptions may cost {points} points each. The limit is \
         {limit}. Select less, or complete other subscriptions"
    )]
    Subscriptions {
        /// The cost of an event for all subscriptions, including the new one.
        points: usize,
        /// The limit of this cost.
        limit: usize,
    },
}

/// The current work of the callers of this process.
#[derive(Default)]
pub struct Concurrency(Mutex<HashMap<Subject, Callers>>);

/// The work of one caller.
struct Callers {
    slots: Arc<Semaphore>,
    /// The number of operations that hold a slot or wait for one.
    operations: usize,
    /// The cost of an event for all open subscriptions.
    points: usize,
}

impl Default for Callers {
    fn default() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), operations: 0, points: 0 }
    }
}

/// Counts an operation in execution until it is dropped.
pub struct Slot {
    // Dropped before the operation is subtracted from the count.
    _permit: OwnedSemaphorePermit,
    _counted: Counted,
}

/// Counts an open subscription until it is dropped.
pub struct Listening(#[expect(dead_code, reason = "held for its drop")] Counted);

/// Subtracts from the count when it is dropped.
struct Counted {
    all: Arc<Concurrency>,
    subject: Subject,
    operations: usize,
    points: usize,
}

impl Concurrency {
    /// See [`super::Rate::slot`].
    pub async fn slot(self: &Arc<Self>, subject: &Subject) -> Result<Slot, Busy> {
        let (slots, counted) = {
            let mut all = self.all();
            let caller = all.entry(subject.clone()).or_default();
            if caller.operations >= AT_ONCE + WAITING {
                return Err(Busy::Operations);
            }
            caller.operations += 1;
            (caller.slots.clone(), self.counted(subject, 1, 0))
        };
        let permit = timeout(Duration::from_secs(MAX_WAIT), slots.acquire_owned()).await;
        match permit {
            Ok(Ok(permit)) => Ok(Slot { _permit: permit, _counted: counted }),
            Ok(Err(_)) | Err(_) => Err(Busy::Operations),
        }
    }

    /// See [`super::Rate::listen`].
    pub fn listen(self: &Arc<Self>, subject: &Subject, points: usize, limit: usize) -> Result<Listening, Busy> {
        let mut all = self.all();
        let open = all.get(subject).map_or(0, |caller| caller.points).saturating_add(points);
        if open > limit {
            return Err(Busy::Subscriptions { points: open, limit });
        }
        all.entry(subject.clone()).or_default().points = open;
        Ok(Listening(self.counted(subject, 0, points)))
    }

    fn counted(self: &Arc<Self>, subject: &Subject, operations: usize, points: usize) -> Counted {
        Counted { all: self.clone(), subject: subject.clone(), operations, points }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Subject, Callers>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut all = self.all.all();
        let Some(caller) = all.get_mut(&self.subject) else { return };
        caller.operations -= self.operations;
        caller.points -= self.points;
        if caller.operations == 0 && caller.points == 0 {
            all.remove(&self.subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{future::join_all, poll};
    use uuid::Uuid;

    #[tokio::test]
    async fn more_operations_wait_and_those_beyond_are_refused() {
        let (all, subject) = (Arc::<Concurrency>::default(), Subject::User(Uuid::nil()));
        let held = join_all((0..AT_ONCE).map(|_| all.slot(&subject))).await;
        let mut waiting = Box::pin(join_all((0..WAITING).map(|_| all.slot(&subject))));
        assert!(poll!(&mut waiting).is_pending());
        assert!(matches!(all.slot(&subject).await, Err(Busy::Operations)));
        assert!(all.slot(&Subject::User(Uuid::max())).await.is_ok(), "others have their own");
        drop(held);
        // Each waits for the earlier ones.
        assert!(poll!(&mut waiting).is_pending());
        drop(waiting);
        assert!(all.slot(&subject).await.is_ok());
        assert!(all.all().is_empty(), "a caller without work uses no memory");
    }

    #[test]
    fn subscriptions_of_a_caller_add_up() {
        let (all, subject) = (Arc::<Concurrency>::default(), Subject::User(Uuid::nil()));
        let first = all.listen(&subject, 3, 5).unwrap();
        assert!(matches!(all.listen(&subject, 3, 5), Err(Busy::Subscriptions { points: 6, limit: 5 })));
        drop(first);
        assert!(all.listen(&subject, 5, 5).is_ok());
        assert!(all.all().is_empty());
    }
}
