//! Events: the history of the dossiers, live and by page.

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
