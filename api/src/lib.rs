//! Dossier: a GraphQL API for agencies and their clients.
//!
//! This crate is the server: GraphQL, HTTP, WebSocket, and the command line. The crates below it do the work:
//! [`dossier_domain`] (use cases), [`dossier_events`], [`dossier_storage`], [`dossier_data`] (the only access to the
//! database), [`dossier_policy`] (who may see and change what), and [`dossier_core`].

// `cli::output` writes without panicking when the reader has closed the pipe.
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
mod refusal;
pub mod request_id;
