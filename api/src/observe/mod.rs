//! What the one who runs the server sees of it: health, metrics, one log line a request, and traces.
//!
//! None of it may say who a person is or what they wrote: an operation's name and kind, error codes, the ids of
//! organization and role, and nothing else of a request. What clients choose freely is bounded before it gets here.

pub mod health;
mod jobs;
pub mod log;
pub mod metrics;
mod names;
mod note;
mod operation;
mod request;
mod socket;
pub mod trace;

pub use health::Health;
pub use metrics::Metrics;
pub use note::{id, refused, understood, viewer};
pub use operation::{Operation, answer};
pub use request::line;
pub use socket::Socket;
pub use trace::Tracer;
