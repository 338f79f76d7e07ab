//! Input that means harm.

mod documents;
mod text;
