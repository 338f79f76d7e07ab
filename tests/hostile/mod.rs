//! Hostile input.

mod crowd;
mod documents;
mod fuzz;
mod lists;
mod memory;
mod panic;
mod slow;
mod text;
