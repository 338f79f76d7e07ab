//! The wake-up of readers after a commit.

use uuid::Uuid;

/// Wakes the readers of an organization's events, in this process and in others.
pub trait Notifier: Send + Sync {
    /// Tells the readers that the organization has new events. A lost wake-up delays events, but loses none.
    fn wake(&self, organization: Uuid);
}
