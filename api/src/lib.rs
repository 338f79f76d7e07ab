//! Dossier: one client = one dossier = one truth.
//!
//! A query's life: [`http`] → [`auth`] makes a [`viewer::Viewer`] → [`access`], the only way to the database, filters
//! by the [`policy`] of each entity → [`graphql`] renders. A mutation passes [`domain`] and a transaction that keeps
//! the change and its [`events`] in one transaction.

// `cli::output` writes without panicking when the reader is gone.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod access;
pub mod address;
pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod domain;
pub mod error;
pub mod events;
pub mod graphql;
pub mod http;
pub mod observe;
pub mod policy;
pub mod rate;
pub mod sample;
pub mod seed;
pub mod storage;
pub mod viewer;
