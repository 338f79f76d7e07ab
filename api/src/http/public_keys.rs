//! The public keys of access tokens, with which other services verify them (RFC 7517).

use crate::app::App;
use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing};

/// How long others may keep the keys. After a change of the secret, both keys are published until the change is complete.
const CACHE_CONTROL: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=300")];

/// `/.well-known/jwks.json`
pub fn routes(app: App) -> Router {
    Router::new().route("/.well-known/jwks.json", routing::get(public_keys)).with_state(app)
}

async fn public_keys(State(app): State<App>) -> impl IntoResponse {
    (CACHE_CONTROL, Json(app.tokens.public_keys()))
}
