//! The organization and its sites.

mod mutation;
mod node;
mod object;
mod portal;

pub use mutation::OrganizationMutation;
pub use node::Site;
pub use object::Organization;
