//! Sees every operation pass through the schema, whichever protocol it came by.
//!
//! An operation that a request waits for is noted in the request's line. What goes on after the request was answered,
//! and whatever comes through a socket, has a line of its own.

use super::{
    note::{NOTE, Note},
    operation::Operation,
};
use crate::{
    app::App,
    auth::Credentials,
    graphql::{Origin, Progress, Telling},
};
use async_graphql::{
    Request, Response, ServerResult, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextPrepareRequest, NextRequest, NextSubscribe,
    },
    parser::types::{DocumentOperations, ExecutableDocument, OperationType},
};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use std::{
    sync::{Arc, OnceLock},
    task::Poll,
    time::Instant,
};
use tracing::{Instrument, Span};

/// Notes, counts and traces operations. It comes first of the schema's extensions, so that it sees answers as they
/// leave.
#[derive(Default)]
pub struct Observe {
    /// The name that the request asks for.
    asked: OnceLock<String>,
    carried: Arc<OnceLock<Carried>>,
}

/// What an operation carries with it, known once its document is read.
struct Carried {
    progress: Arc<Progress>,
    telling: bool,
}

impl ExtensionFactory for Observe {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self::default())
    }
}

#[async_trait::async_trait]
impl Extension for Observe {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let (Some(app), Ok(request)) = (ctx.data_opt::<App>(), NOTE.try_with(Arc::clone)) else {
            return alone(ctx, next).await;
        };
        let (note, begun) = (Note::of(request.id()), Instant::now());
        let response = NOTE.scope(note.clone(), next.run(ctx)).await;
        note.errors(&response);
        app.metrics.operation(&note, begun.elapsed());
        request.absorb(&note);
        response
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let mut stream = next.run(ctx, stream);
        let Some(operation) = begin(ctx) else { return stream };
        let (mut running, carried) = (Some(operation), self.carried.clone());
        stream::poll_fn(move |cx| {
            let Some(operation) = &mut running else { return Poll::Ready(None) };
            let note = operation.note.clone();
            let span = operation.context.clone();
            let _entered = span.enter();
            let polled = NOTE.sync_scope(note, || stream.poll_next_unpin(cx));
            match (&polled, carried.get()) {
                // To tell of one event is a part of what is observed already.
                (_, Some(Carried { telling: true, .. })) => operation.forget(),
                (Poll::Ready(None), Some(Carried { progress, .. })) => {
                    operation.polled();
                    running.take().into_iter().for_each(|operation| progress.observe(operation.rests()));
                }
                (Poll::Ready(Some(response)), _) => operation.answered(response),
                (Poll::Ready(None) | Poll::Pending, _) => operation.polled(),
            }
            polled
        })
        .boxed()
    }

    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let request = next.run(ctx, request).await?;
        if let Some(name) = &request.operation_name {
            let _ = self.asked.set(name.clone());
        }
        Ok(request)
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        arrived(ctx);
        if let Some(origin) = ctx.data_opt::<Origin>() {
            let telling = ctx.data_opt::<Telling>().is_some();
            let _ = self.carried.set(Carried { progress: origin.progress.clone(), telling });
        }
        let document = next.run(ctx, query, variables).await?;
        if let Some((kind, name)) = chosen(&document.operations, self.asked.get().map(String::as_str)) {
            let _ = NOTE.try_with(|note| note.operation(kind, name));
        }
        Ok(document)
    }
}

/// Outside a request: in a task of its own.
async fn alone(ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
    let Some(mut operation) = begin(ctx) else { return next.run(ctx).await };
    let run = NOTE.scope(operation.note.clone(), next.run(ctx)).instrument(operation.context.clone());
    let response = run.await;
    operation.answered(&response);
    response
}

/// None where there is no server to tell of it, as in a test of the schema alone.
fn begin(ctx: &ExtensionContext<'_>) -> Option<Operation> {
    ctx.data_opt::<App>().map(|app| Operation::begin(app.metrics.clone(), &app.tracer))
}

/// Notes what the operation carries with it.
fn arrived(ctx: &ExtensionContext<'_>) {
    let id = ctx.data_opt::<Origin>().map_or("", |origin| origin.request_id.as_str());
    let signed_in = matches!(ctx.data_opt::<Credentials>(), Some(Credentials::Bearer(_)));
    let _ = NOTE.try_with(|note| {
        if signed_in {
            note.sign_in();
        }
        // In a request it was known before, and its span has it.
        if note.came_by(id) {
            Span::current().record("id", id);
        }
    });
}

/// The operation that will be executed, with its name.
fn chosen(operations: &DocumentOperations, asked: Option<&str>) -> Option<(OperationType, Option<String>)> {
    match (operations, asked) {
        (DocumentOperations::Single(operation), _) => Some((operation.node.ty, None)),
        (DocumentOperations::Multiple(all), Some(asked)) => {
            let (name, operation) = all.get_key_value(asked)?;
            Some((operation.node.ty, Some(name.to_string())))
        }
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            let (name, operation) = all.iter().next()?;
            Some((operation.node.ty, Some(name.to_string())))
        }
        (DocumentOperations::Multiple(_), None) => None,
    }
}
