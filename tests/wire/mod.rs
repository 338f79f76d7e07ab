//! The protocols in detail, as clients in any language see them.

mod browser;
mod close_codes;
mod connections;
mod cors;
mod cost;
mod documents;
mod drain;
mod errors;
mod head;
mod http;
mod introspection;
mod npm;
mod persisted;
mod python;
mod rate;
mod renewal;
mod secret;
mod selection;
mod socket;
mod timeouts;
mod tokens;
mod variables;
mod web_app;
