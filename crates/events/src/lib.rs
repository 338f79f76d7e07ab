//! Events. Viewers who may see them read them from the outbox, from any sequence on.
//!
//! The table is the source of truth. The [`Bus`] only says that there are new events.

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
pub use feed::{EventFilter, last_activity};
pub use outbox_reader::{Notifications, OutboxReaders, Wakeup};
pub use sequence::Sequence;
pub use stream::{Content, Delivery, EventStream, Step};
