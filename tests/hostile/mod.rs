//! Input that means harm.

mod crowd;
mod documents;
mod fuzz;
mod panic;
mod slow;
mod text;
