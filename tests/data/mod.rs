mod changes;
mod fitness;
mod hidden;
mod migrations;
mod partition;
mod plans;
mod rows;
pub mod seeded;
pub mod statements;
