//! The health checks for load balancers and orchestrators.

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

/// `/health/live`: the process answers. If it does not, restart it. `/health/ready`: the process can serve requests. If
/// it cannot, send requests elsewhere.
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
