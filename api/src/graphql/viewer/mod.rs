//! The viewer: signing in and out, their organization and its sites.

mod mutation;
mod node;
mod object;
mod query;

pub use mutation::SignInMutation;
pub use node::Site;
pub use object::Viewer;
pub use query::ViewerQuery;
