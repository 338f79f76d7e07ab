//! Jobs run once their transaction is committed, are lost by no process that dies, and are recorded as finished once.

mod command;
mod kinds;
mod maintenance;
mod member;
mod processes;
mod queue;
mod schedule;
mod support;
mod worker;
