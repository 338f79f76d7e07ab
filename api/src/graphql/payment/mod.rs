//! Payments: money that came in for invoices.

mod mutation;
mod object;

pub use mutation::PaymentMutation;
pub use object::Payment;
