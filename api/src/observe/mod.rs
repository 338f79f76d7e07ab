//! Observability for the operator: health, metrics, one log line per request, and traces.
//!
//! None of this may contain personal data or content. It contains an operation's name and kind, error codes, the id of
//! the organization, and the role. Values that clients choose freely are limited first.

pub mod health;
mod jobs;
pub mod log;
mod log_fields;
pub mod metrics;
mod names;
mod operation;
mod request;
mod socket;
pub mod trace;
mod way;

pub use health::Health;
pub use log_fields::{id, refused, understood, viewer};
pub use metrics::Metrics;
pub use operation::{Operation, answer};
pub use request::line;
pub use socket::Socket;
pub use trace::Tracer;
pub use way::Way;
