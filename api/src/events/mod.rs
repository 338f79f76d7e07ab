//! Facts about dossiers: written with the change they tell of, numbered in the order of commits, read again from any
//! number by whoever may see them.
//!
//! The table is the truth; the [`Bus`] only says that there is something new to read.

mod audience;
mod bus;
mod cursor;
pub mod feed;
pub mod outbox;
mod outbox_reader;
pub mod presence;
mod redis;
pub mod retention;
mod stream;

pub use audience::{Audience, EventSubject};
pub use bus::Bus;
pub use cursor::{EventCursor, Resync, Sequence};
pub use feed::Interest;
pub use outbox::DomainEvent;
pub use outbox_reader::{Notifications, OutboxReaders, Wakeup};
pub use stream::{Content, Delivery, EventStream, Step};
