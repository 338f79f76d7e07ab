//! The protocols in detail, as clients in any language see them.

mod browser;
mod closing;
mod connections;
mod cors;
mod cost;
mod documents;
mod drain;
mod errors;
mod explore;
mod head;
mod http;
mod npm;
mod patience;
mod persisted;
mod python;
mod rate;
mod selection;
mod socket;
mod tokens;
mod variables;
