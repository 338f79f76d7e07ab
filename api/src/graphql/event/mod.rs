//! Events: what happened in the dossiers, live and again.

mod object;
mod query;
mod subscription;

pub use object::{Actor, Delivered, Subject};
pub use query::EventQuery;
pub use subscription::{EventSubscription, listen};
