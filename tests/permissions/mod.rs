//! The permissions of each actor, as two snapshots and a test: actor × action, actor × row, actor × guarded field. They
//! fail if they do not cover the whole schema.

pub mod actions;
mod fields;
mod inputs;
mod personal;
mod rows;
mod scopes;
mod states;
pub mod subjects;
mod viewer_can;
