//! The metrics, on an address of their own, because the activity of agencies is not public.

use super::health;
use crate::{
    app::App,
    observe::{Metrics, metrics::CONTENT_TYPE},
};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};

/// Returns the routes `/metrics` and the health checks.
pub fn routes(app: &App) -> Router {
    let metrics = Router::new().route("/metrics", routing::get(metrics)).with_state(app.metrics.clone());
    metrics.merge(health::routes(app.health.clone()))
}

async fn metrics(State(metrics): State<Metrics>) -> Response {
    match metrics.read_and_render().await {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot write the metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
