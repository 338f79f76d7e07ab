//! Events: what happened in the dossiers, live and again.

mod enums;
mod object;
mod query;
mod subscription;

pub use enums::{ActorKind, EventType, ResyncReason};
pub use object::{Actor, Delivered, Subject};
pub use query::EventQuery;
pub use subscription::{EventSubscription, listen};
