//! The viewer: signing in and out, and who they are.

mod mutation;
mod object;
mod query;

pub use mutation::SignInMutation;
pub use object::Viewer;
pub use query::ViewerQuery;
