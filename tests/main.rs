//! Dossier's tests, in one binary. They start servers on free ports and use them over sockets, as clients do. The
//! folders mirror `api/src/graphql/`.

#![allow(missing_docs, clippy::unwrap_used, clippy::missing_panics_doc)]
// Tests may read the database directly.
#![allow(clippy::disallowed_methods)]

mod api_key;
mod audit;
mod client;
mod config;
mod conversation;
mod data;
mod deploy;
mod document;
mod documentation;
mod event;
mod examples;
mod factor;
mod faults;
mod graphiql;
mod hostile;
mod invoice;
mod jobs;
mod layers;
mod member;
mod modules;
mod observe;
mod oidc;
mod organization;
mod permissions;
mod presence;
mod realtime;
mod row_security;
mod sample;
mod schema;
mod seed;
mod storage;
mod story;
mod support;
mod validation;
mod viewer;
mod web;
mod wire;
