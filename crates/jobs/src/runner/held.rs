//! The jobs that a process runs.

use crate::{Cancellation, Lease, StopReason};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{sync::watch, time::Instant};

/// The jobs that a process runs. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Held(Arc<Mutex<HashMap<Lease, HeldJob>>>);

struct HeldJob {
    kind: String,
    stop: watch::Sender<Option<StopReason>>,
    /// Until when the lease is certain to hold.
    valid_until: Instant,
}

impl Held {
    /// Adds a job, for as long as what is returned lives.
    pub(super) fn hold(&self, lease: Lease, kind: &str, valid_until: Instant) -> HeldLease {
        let (stop, stops) = watch::channel(None);
        self.jobs().insert(lease, HeldJob { kind: kind.to_owned(), stop, valid_until });
        HeldLease { held: self.clone(), lease, cancellation: Cancellation(stops) }
    }

    pub(super) fn count(&self) -> usize {
        self.jobs().len()
    }

    pub(super) fn of_kind(&self, kind: &str) -> usize {
        self.jobs().values().filter(|job| job.kind == kind).count()
    }

    pub(super) fn leases(&self) -> Vec<Lease> {
        self.jobs().keys().copied().collect()
    }

    /// The lease was extended.
    pub(super) fn extend(&self, lease: &Lease, valid_until: Instant) {
        if let Some(job) = self.jobs().get_mut(lease) {
            job.valid_until = valid_until;
        }
    }

    /// Asks a handler to stop. Only the loss of the lease replaces another reason.
    pub(super) fn stop(&self, lease: &Lease, reason: StopReason) {
        if let Some(job) = self.jobs().get(lease) {
            job.stop(reason);
        }
    }

    /// Asks all handlers to stop.
    pub(super) fn stop_all(&self, reason: StopReason) {
        for job in self.jobs().values() {
            job.stop(reason);
        }
    }

    /// Stops the handlers whose lease may have expired.
    pub(super) fn stop_expired(&self, now: Instant) {
        for job in self.jobs().values().filter(|job| job.valid_until <= now) {
            job.stop(StopReason::LeaseLost);
        }
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<Lease, HeldJob>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HeldJob {
    fn stop(&self, reason: StopReason) {
        self.stop.send_if_modified(|stopped| {
            let changes = stopped.is_none() || reason == StopReason::LeaseLost && *stopped != Some(reason);
            if changes {
                *stopped = Some(reason);
            }
            changes
        });
    }
}

/// A job that is held while this lives.
pub(super) struct HeldLease {
    held: Held,
    lease: Lease,
    pub(super) cancellation: Cancellation,
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        self.held.jobs().remove(&self.lease);
    }
}
