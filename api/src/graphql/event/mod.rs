//! Events: what happened in the dossiers, live and again.

mod object;
mod subscription;

pub use object::{Actor, Delivered, Subject};
pub use subscription::{EventSubscription, listen};
