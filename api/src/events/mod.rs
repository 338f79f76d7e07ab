//! Facts about dossiers: written with the change they tell of, numbered in the order of commits, read again from any
//! number by whoever may see them.
//!
//! The table is the truth; the [`Bus`] only says that there is something new to read.

mod audience;
mod bus;
pub mod feed;
pub mod outbox;
mod outbox_reader;
mod position;
pub mod presence;
mod redis;
pub mod retention;
mod walk;

pub use audience::{Audience, EventSubject};
pub use bus::Bus;
pub use feed::Interest;
pub use outbox::DomainEvent;
pub use outbox_reader::{Notifications, OutboxReaders, Wakeup};
pub use position::{Mark, Position, Resync};
pub use walk::{Delivery, Step, Told, Walk};
