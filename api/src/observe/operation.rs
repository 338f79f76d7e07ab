//! One operation that has a line of its own: on a socket, or as a stream.

use super::{
    Metrics,
    metrics::Open,
    names,
    note::Note,
    trace::{Span, Tracer},
};
use async_graphql::Response;
use std::{sync::Arc, time::Instant};

/// Tells of the operation when it is dropped: when it has ended, or was ended.
pub struct Operation {
    pub(super) note: Arc<Note>,
    /// What is logged meanwhile carries the id of the request that it came by.
    pub(super) context: tracing::Span,
    metrics: Metrics,
    span: Option<Span>,
    begun: Instant,
    answers: u64,
    open: Option<Open>,
    forgotten: bool,
}

impl Operation {
    pub(super) fn begin(metrics: Metrics, tracer: &Tracer) -> Self {
        let (note, span) = (Arc::default(), tracer.operation());
        let context = tracing::info_span!("operation", id = tracing::field::Empty);
        Self { note, context, metrics, span, begun: Instant::now(), answers: 0, open: None, forgotten: false }
    }

    /// One answer, of possibly many.
    pub(super) fn answered(&mut self, response: &Response) {
        self.note.errors(response);
        self.answers += 1;
    }

    /// It is none of its own, and nothing will be told of it.
    pub(super) fn forget(&mut self) {
        self.forgotten = true;
    }

    /// One answer, which others were told, too.
    pub fn told(&mut self) {
        self.answers += 1;
    }

    /// What it says from here on, it says without a context: one that waits is to be small.
    pub(super) fn rests(mut self) -> Self {
        self.context = tracing::Span::none();
        self
    }

    /// Its document may be understood by now: from then on, a subscription counts as open.
    pub(super) fn polled(&mut self) {
        if self.open.is_none() && self.note.kind() == Some("subscription") {
            self.open = Some(self.metrics.subscription_opened());
        }
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        if self.forgotten {
            return;
        }
        let (note, took) = (&self.note, self.begun.elapsed());
        self.metrics.operation(note, took);
        note.codes().iter().for_each(|code| self.metrics.refused(code));
        let trace = self.span.take().map(|span| span.end(note, None));
        tracing::info!(
            id = note.id(),
            operation = names::bounded(note.name()),
            kind = note.kind(),
            answers = self.answers,
            duration_ms = super::log::milliseconds(took),
            codes = super::log::list(&note.codes()),
            organization = note.organization().map(tracing::field::display),
            role = note.role(),
            trace,
            "operation"
        );
    }
}
