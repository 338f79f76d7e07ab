//! Events: read from the outbox, from any number on, by the viewers who may see them.
//!
//! The table is the truth; the [`Bus`] only says that there is something new to read.

mod bus;
mod cursor;
pub mod feed;
mod local;
mod outbox_reader;
pub mod presence;
mod redis;
pub mod retention;
mod sequence;
pub mod sign;
mod stream;

pub use bus::Bus;
pub use cursor::{EventCursor, Resync};
pub use feed::Interest;
pub use outbox_reader::{Notifications, OutboxReaders, Wakeup};
pub use sequence::Sequence;
pub use stream::{Content, Delivery, EventStream, Step};
