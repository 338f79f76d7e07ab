//! The log line, the metrics and the span of a request.

use super::{
    Metrics,
    log::{list, milliseconds},
    log_fields::{LOG_FIELDS, LogFields},
    names,
    trace::{Span, Tracer},
};
use crate::request_id::request_id;
use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::{sync::Arc, time::Instant};
use tracing::Instrument;

/// The path in the log for a request without a route. The real path may contain anything, and is not logged.
const NO_ROUTE: &str = "(no route)";

/// Runs the request and logs it. Log lines during the request contain its id.
pub async fn line(State((metrics, tracer)): State<(Metrics, Tracer)>, request: Request, next: Next) -> Response {
    let mut line = Line::begin(metrics, &tracer, &request);
    let span = tracing::info_span!("request", id = line.fields.id());
    let response = LOG_FIELDS.scope(line.fields.clone(), next.run(request)).instrument(span).await;
    line.status = Some(response.status().as_u16());
    response
}

/// Logs the request when it is dropped, also if the caller has abandoned it.
struct Line {
    method: Method,
    /// The route. Parameters in the path may be secrets or personal data.
    path: String,
    status: Option<u16>,
    fields: Arc<LogFields>,
    metrics: Metrics,
    span: Option<Span>,
    begun: Instant,
}

impl Line {
    fn begin(metrics: Metrics, tracer: &Tracer, request: &Request) -> Self {
        let path = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
        Self {
            span: tracer.request(request.method(), &path, request.headers()),
            method: request.method().clone(),
            path,
            status: None,
            fields: LogFields::of(&request_id(request.headers())),
            metrics,
            begun: Instant::now(),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let (fields, took) = (&self.fields, self.begun.elapsed());
        self.metrics.request(&self.path, self.status, fields, took);
        // Health checks come every second, so only failed ones are logged.
        if self.path.starts_with("/health/") && self.status == Some(200) {
            return;
        }
        let trace = self.span.take().map(|span| span.end(fields, self.status));
        tracing::info!(
            id = fields.id(),
            method = self.method.as_str(),
            path = self.path,
            status = self.status,
            duration_ms = milliseconds(took),
            operation = fields.kind().map(|_| names::bounded(fields.name())),
            kind = fields.kind(),
            codes = list(&fields.codes()),
            organization = fields.organization().map(tracing::field::display),
            role = fields.role(),
            trace,
            "{}",
            if self.status.is_some() { "request" } else { "request abandoned" }
        );
    }
}
