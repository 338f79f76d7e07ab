//! Presence: signs of what people do right now. They are never stored.

mod enums;
mod mutation;
mod object;
mod subscription;

pub use enums::PresenceActivity;
pub use mutation::PresenceMutation;
pub use subscription::PresenceSubscription;
