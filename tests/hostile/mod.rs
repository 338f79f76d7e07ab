//! Input that means harm.

mod documents;
mod fuzz;
mod panic;
mod slow;
mod text;
