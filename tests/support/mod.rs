//! Servers to test, people who use them, and their dossiers.

pub mod actors;
pub mod app;
pub mod crowd;
pub mod disk;
pub mod fixtures;
pub mod live;
pub mod objects;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod redis;
pub mod schema;
pub mod services;
pub mod socket;
pub mod unprivileged;

pub use actors::Actor;
pub use app::App;
pub use fixtures::World;
pub use serde_json::{Value, json};
