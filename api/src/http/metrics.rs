//! What a monitoring system asks, on an address of its own: how much an agency works is not for the public one.

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

/// `/metrics`, and the health routes again.
pub fn routes(app: &App) -> Router {
    let metrics = Router::new().route("/metrics", routing::get(metrics)).with_state(app.metrics.clone());
    metrics.merge(health::routes(app.health.clone()))
}

async fn metrics(State(metrics): State<Metrics>) -> Response {
    match metrics.read_and_render().await {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
