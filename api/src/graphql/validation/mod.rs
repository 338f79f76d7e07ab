//! Validation requests, which wait for a decision in the hub.

mod enums;
mod mutation;
mod node;
mod object;
mod query;
mod subscription;

pub use enums::{ValidationAction, ValidationRequestAction, ValidationStatus};
pub use mutation::ValidationMutation;
pub use node::{ValidationRequest, ValidationStep};
pub use query::{ValidationQuery, ValidationRequestFilter, ValidationRequestOrder};
pub use subscription::ValidationSubscription;
