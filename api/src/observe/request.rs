//! One line a request, its metrics and its span.

use super::{
    Metrics,
    log::{list, milliseconds},
    names,
    note::{NOTE, Note},
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

/// The path of a request that no route is for: it may hold anything, and is not shown.
const NO_ROUTE: &str = "(no route)";

/// Runs the request and tells of it. What is logged meanwhile carries the request's id.
pub async fn line(State((metrics, tracer)): State<(Metrics, Tracer)>, request: Request, next: Next) -> Response {
    let mut line = Line::begin(metrics, &tracer, &request);
    let span = tracing::info_span!("request", id = line.note.id());
    let response = NOTE.scope(line.note.clone(), next.run(request)).instrument(span).await;
    line.status = Some(response.status().as_u16());
    response
}

/// Tells of the request when it is dropped: also of one whose caller did not wait for the answer.
struct Line {
    method: Method,
    /// As the router knows it: what stands in a path's places may be a secret, or a person's.
    path: String,
    status: Option<u16>,
    note: Arc<Note>,
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
            note: Note::of(&request_id(request.headers())),
            metrics,
            begun: Instant::now(),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let (note, took) = (&self.note, self.begun.elapsed());
        self.metrics.request(&self.path, self.status, note, took);
        // Probes come every second: only one that is told no is worth a line.
        if self.path.starts_with("/health/") && self.status == Some(200) {
            return;
        }
        let trace = self.span.take().map(|span| span.end(note, self.status));
        tracing::info!(
            id = note.id(),
            method = self.method.as_str(),
            path = self.path,
            status = self.status,
            duration_ms = milliseconds(took),
            operation = note.kind().map(|_| names::bounded(note.name())),
            kind = note.kind(),
            codes = list(&note.codes()),
            organization = note.organization().map(tracing::field::display),
            role = note.role(),
            trace,
            "{}",
            if self.status.is_some() { "request" } else { "request abandoned" }
        );
    }
}
