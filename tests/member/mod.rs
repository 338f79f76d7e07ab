mod command;
mod invitation;
mod list;
mod manage;

pub use invitation::{expire, token};
