//! Jobs run after their transaction is committed. No job is lost when a process dies, and each is recorded as finished
//! once.

mod command;
mod kinds;
mod maintenance;
mod member;
mod processes;
mod queue;
mod schedule;
mod support;
mod worker;
