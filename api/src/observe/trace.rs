//! Traces for OpenTelemetry: one span per request, and one per operation on a socket. Without an endpoint, no spans are
//! created.

use super::{log_fields::LogFields, names};
use axum::http::{HeaderMap, Method};
use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator,
    trace::{Span as _, SpanKind, Status, Tracer as _, TracerProvider},
};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use url::Url;

/// The default of the service name, which `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` override.
const SERVICE: &str = env!("CARGO_PKG_NAME");

/// Creates spans and sends them, or does nothing.
#[derive(Clone, Default)]
pub struct Tracer(Option<(SdkTracerProvider, SdkTracer)>);

impl Tracer {
    /// Creates a tracer that sends to an OTLP receiver over HTTP.
    pub fn to(endpoint: &Url) -> Result<Self, ExporterBuildError> {
        let url = format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder().with_http().with_endpoint(url).build()?;
        let provider = SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build();
        let tracer = provider.tracer(SERVICE);
        Ok(Self(Some((provider, tracer))))
    }

    /// Begins the span of a request, as part of the trace in its headers.
    pub(super) fn request(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Span> {
        let (_, tracer) = self.0.as_ref()?;
        let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
        let attributes =
            [KeyValue::new("http.request.method", method.to_string()), KeyValue::new("http.route", path.to_owned())];
        let builder = tracer.span_builder(format!("{method} {path}")).with_kind(SpanKind::Server);
        Some(Span(tracer.build_with_context(builder.with_attributes(attributes), &parent)))
    }

    /// Begins the span of an operation on a socket.
    pub(super) fn operation(&self) -> Option<Span> {
        let (_, tracer) = self.0.as_ref()?;
        let builder = tracer.span_builder("operation").with_kind(SpanKind::Server);
        Some(Span(tracer.build_with_context(builder, &Context::new())))
    }

    /// Sends the remaining spans within a time limit, and stops.
    pub async fn shut_down(self) {
        let Some((provider, _)) = self.0 else { return };
        let ended = tokio::task::spawn_blocking(move || provider.shutdown()).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "could not send the last traces");
        }
    }
}

fn resource() -> Resource {
    let given = Resource::builder().build();
    let key = opentelemetry::Key::from_static_str("service.name");
    let named = given.get(&key).is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    if named { given } else { Resource::builder().with_service_name(SERVICE).build() }
}

/// A span that has begun.
pub(super) struct Span(opentelemetry_sdk::trace::Span);

impl Span {
    /// Ends the span with the recorded facts. Returns the id of its trace.
    pub(super) fn end(mut self, fields: &LogFields, status: Option<u16>) -> String {
        if let Some(kind) = fields.kind() {
            let name = names::bounded(fields.name());
            self.0.update_name(format!("{kind} {name}"));
            self.set("graphql.operation.type", kind);
            self.set("graphql.operation.name", name.to_owned());
        }
        if let Some(status) = status {
            self.set("http.response.status_code", i64::from(status));
        }
        if let Some(codes) = super::log::list(&fields.codes()) {
            self.set("error.type", codes);
        }
        if status.is_some_and(|status| status >= 500) || fields.is_our_fault() {
            self.0.set_status(Status::error(""));
        }
        self.0.end();
        self.0.span_context().trace_id().to_string()
    }

    fn set(&mut self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.0.set_attribute(KeyValue::new(key, value));
    }
}
