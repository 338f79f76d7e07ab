//! Who is looking: signing in and out, one's organization and sites.

mod mutation;
mod object;
mod query;

pub use mutation::SignInMutation;
pub use object::{Site, Viewer};
pub use query::ViewerQuery;
