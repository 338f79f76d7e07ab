//! Who may do and read what, as two snapshots and a proof: actor × action, actor × row, actor × guarded field. What the
//! schema has and they do not cover fails.

pub mod actions;
mod fields;
mod personal;
mod rows;
mod things;
