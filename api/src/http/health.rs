//! What load balancers and orchestrators ask.

use crate::observe::{Health, health::Status};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing,
};
use serde_json::json;

const NOT_KEPT: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// `/health/live`: the process answers; if it does not, it should be started again. `/health/ready`: it can do its
/// work; if not, requests should go elsewhere meanwhile.
pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/health/live", routing::get(live))
        .route("/health/ready", routing::get(ready))
        .with_state(health)
}

async fn live() -> impl IntoResponse {
    (NOT_KEPT, Json(json!({ "status": "live" })))
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let report = health.report().await;
    let status = match report.status {
        Status::Ready => StatusCode::OK,
        Status::Unready | Status::Draining => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, NOT_KEPT, Json(report))
}
