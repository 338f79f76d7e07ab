//! Facts about dossiers: written with the change they tell of, numbered in the order of commits, read again from any
//! number by whoever may see them.
//!
//! The table is the truth; the [`Bus`] only says that there is something new to read.

mod audience;
mod bus;
pub mod feed;
pub mod outbox;
mod redis;
pub mod subscription;

pub use audience::{Audience, Witnessed};
pub use bus::Bus;
pub use outbox::Fact;
