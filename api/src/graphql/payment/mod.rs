//! Payments of invoices.

mod enums;
mod mutation;
mod node;
mod object;

pub use enums::{PaymentAction, PaymentMethod};
pub use mutation::PaymentMutation;
pub use node::Payment;
