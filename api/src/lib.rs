//! Dossier: one client = one dossier = one truth.
//!
//! The server: GraphQL, HTTP, WebSocket, and the command line. What it shows and changes lies in the crates below it:
//! [`dossier_domain`] (use cases), [`dossier_events`], [`dossier_storage`], [`dossier_data`] (the only way to the
//! database), [`dossier_policy`] (who may see and change what), and [`dossier_core`].

// `cli::output` writes without panicking when the reader is gone.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod address;
pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod database;
pub mod error_code;
mod graphiql_assets;
pub mod graphql;
pub mod http;
pub mod jobs;
pub mod observe;
pub mod rate;
pub mod request_id;
