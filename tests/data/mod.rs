mod changes;
mod fitness;
mod migrations;
mod partition;
mod plans;
mod rows;
mod seeded;
mod statements;
