//! The wake-up of readers after a commit.

use uuid::Uuid;

/// Wakes those who read the events of an organization, in this process and in others.
pub trait Notifier: Send + Sync {
    /// Tells the readers that the organization has new events. A lost wake-up delays events, and loses none.
    fn wake(&self, organization: Uuid);
}
