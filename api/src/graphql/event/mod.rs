//! Events: what happened in the dossiers, live and again.

mod actor;
mod enums;
mod object;
mod query;
mod subscription;

pub use actor::Actor;
pub use enums::{ActorKind, EventType, ResyncReason};
pub use object::{Delivered, Subject};
pub use query::EventQuery;
pub use subscription::{EventSubscription, listen};
