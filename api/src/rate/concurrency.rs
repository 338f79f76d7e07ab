//! How much one caller does at a time in this process: executes operations, and listens to events.

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

/// How many operations of a caller are executed at a time.
pub const AT_ONCE: usize = 8;

/// How many more may wait.
pub const WAITING: usize = 100;

/// How long an operation may wait, in seconds.
pub const PATIENCE: u64 = 10;

/// A caller does as much as it may do at a time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum Busy {
    /// Operations.
    #[error(
        "This is more than may be executed at a time: {AT_ONCE} operations of a caller are, and {WAITING} more may wait \
         for {PATIENCE} seconds; wait for answers before you ask for more"
    )]
    Operations,
    /// Subscriptions.
    #[error(
        "With this subscription, an event may cost {points} points for all that are open; at most {limit} are taken. \
         Select less, or complete others"
    )]
    Subscriptions {
        /// The points that they would cost.
        points: usize,
        /// The points that they may cost.
        limit: usize,
    },
}

/// The work of the callers of this process, as it stands.
#[derive(Default)]
pub struct Concurrency(Mutex<HashMap<Subject, Callers>>);

/// One caller.
struct Callers {
    slots: Arc<Semaphore>,
    /// How many hold a slot, or wait for one.
    operations: usize,
    /// The cost of an event for all open subscriptions.
    points: usize,
}

impl Default for Callers {
    fn default() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), operations: 0, points: 0 }
    }
}

/// One operation is being executed.
pub struct Slot {
    // Given back before the operation is counted off.
    _permit: OwnedSemaphorePermit,
    _counted: Counted,
}

/// One subscription is open.
pub struct Listening(#[expect(dead_code, reason = "held for its drop")] Counted);

/// Counts off when it is dropped.
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
        let permit = timeout(Duration::from_secs(PATIENCE), slots.acquire_owned()).await;
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
        // Each waits for those before it.
        assert!(poll!(&mut waiting).is_pending());
        drop(waiting);
        assert!(all.slot(&subject).await.is_ok());
        assert!(all.all().is_empty(), "a caller who does nothing is not remembered");
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
