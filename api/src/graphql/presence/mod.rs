//! Presence: who is doing what right now, never stored.

mod enums;
mod mutation;
mod object;
mod subscription;

pub use enums::PresenceActivity;
pub use mutation::PresenceMutation;
pub use subscription::PresenceSubscription;
