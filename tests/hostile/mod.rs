//! Input that means harm.

mod documents;
mod panic;
mod slow;
mod text;
