//! Validation requests, which wait for a decision in the hub.

mod comment;
mod counts;
mod enums;
mod mutation;
mod node;
mod object;
mod query;
mod step;
mod subscription;

pub use enums::{ValidationAction, ValidationRequestAction, ValidationStatus};
pub use mutation::ValidationMutation;
pub use node::{ValidationComment, ValidationRequest, ValidationStep};
pub use query::{ValidationQuery, ValidationRequestFilter, ValidationRequestOrder};
pub use subscription::ValidationSubscription;
