//! Presence: who is doing what right now, never stored.

mod mutation;
mod object;
mod subscription;

pub use mutation::PresenceMutation;
pub use subscription::PresenceSubscription;
