mod health;
mod log;
pub mod metrics;
mod refusals;
mod trace;
