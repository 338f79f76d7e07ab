mod health;
mod log;
pub mod metrics;
mod trace;
