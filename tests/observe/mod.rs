mod health;
mod log;
mod metrics;
mod trace;
