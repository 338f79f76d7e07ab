//! Logs operations. The operation of an HTTP request is part of the request's line, and an operation on a socket has
//! its own line.

use super::{
    Metrics,
    log_fields::{LOG_FIELDS, LogFields},
    metrics::Open,
    names,
    trace::{Span, Tracer},
};
use async_graphql::Response;
use std::{sync::Arc, time::Instant};
use tracing::Instrument;

/// Runs a query or a mutation of the request with this id, and records it.
pub async fn answer(
    metrics: &Metrics,
    tracer: &Tracer,
    id: &str,
    signed_in: bool,
    run: impl Future<Output = Response>,
) -> Response {
    let Ok(fields) = LOG_FIELDS.try_with(Arc::clone) else {
        let mut operation = Operation::begin(metrics, tracer, id, signed_in);
        let response = operation.within(run).await;
        operation.count_response(&response);
        return response;
    };
    if signed_in {
        fields.sign_in();
    }
    let begun = Instant::now();
    let response = run.await;
    fields.errors(&response);
    metrics.operation(&fields, begun.elapsed());
    response
}

/// Logs the operation when it is dropped, because it has ended or was cancelled.
pub struct Operation {
    fields: Arc<LogFields>,
    /// Adds the id of the request to the log lines of the operation.
    context: tracing::Span,
    metrics: Metrics,
    span: Option<Span>,
    begun: Instant,
    answers: u64,
    open: Option<Open>,
}

impl Operation {
    /// Begins the observation of an operation of this request.
    pub fn begin(metrics: &Metrics, tracer: &Tracer, id: &str, signed_in: bool) -> Self {
        let fields = LogFields::of(id);
        if signed_in {
            fields.sign_in();
        }
        Self {
            fields,
            context: tracing::info_span!("operation", id),
            metrics: metrics.clone(),
            span: tracer.operation(),
            begun: Instant::now(),
            answers: 0,
            open: None,
        }
    }

    /// Runs a part of the operation.
    pub fn within<T>(&self, run: impl Future<Output = T>) -> impl Future<Output = T> {
        LOG_FIELDS.scope(self.fields.clone(), run).instrument(self.context.clone())
    }

    /// Counts a response.
    pub fn count_response(&mut self, response: &Response) {
        self.fields.errors(response);
        self.answers += 1;
    }

    /// Counts a response that is shared with other subscribers.
    pub fn count_shared_response(&mut self) {
        self.answers += 1;
    }

    /// Removes the log context, because a waiting operation should be small.
    #[must_use]
    pub fn without_context(mut self) -> Self {
        self.context = tracing::Span::none();
        self
    }

    /// From here on, the subscription counts as open.
    pub fn mark_open(&mut self) {
        self.open = Some(self.metrics.subscription_opened());
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        let (fields, took) = (&self.fields, self.begun.elapsed());
        self.metrics.operation(fields, took);
        fields.codes().iter().for_each(|code| self.metrics.refused(code));
        let trace = self.span.take().map(|span| span.end(fields, None));
        tracing::info!(
            id = fields.id(),
            operation = names::bounded(fields.name()),
            kind = fields.kind(),
            answers = self.answers,
            duration_ms = super::log::milliseconds(took),
            codes = super::log::list(&fields.codes()),
            organization = fields.organization().map(tracing::field::display),
            role = fields.role(),
            trace,
            "operation"
        );
    }
}
