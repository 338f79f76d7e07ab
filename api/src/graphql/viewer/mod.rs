//! Who is looking: signing in and out, one's organization and sites.

mod mutation;
mod node;
mod object;
mod query;

pub use mutation::SignInMutation;
pub use node::Site;
pub use object::Viewer;
pub use query::ViewerQuery;
