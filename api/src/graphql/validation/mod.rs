//! Validation requests: what waits for a human decision in the hub.

mod enums;
mod mutation;
mod object;
mod query;
mod subscription;

pub use enums::{ValidationAction, ValidationStatus};
pub use mutation::ValidationMutation;
pub use object::{ValidationRequest, ValidationStep};
pub use query::{ValidationQuery, ValidationRequestFilter, ValidationRequestOrder};
pub use subscription::ValidationSubscription;
