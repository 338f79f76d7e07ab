mod account;
mod cookie;
mod email_change;
mod identity;
mod life;
mod refresh;
pub mod session;
mod sign_in;

pub use session::{set_password, store_hash};
