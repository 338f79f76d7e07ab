//! Executes an operation within its cost, its transaction and its time limit, and returns errors with codes.
//!
//! This is done around the schema and not by an extension of the GraphQL crate. With an extension, the executor would
//! look up and box every field of every response once more.

use super::{
    budget::Budget,
    call::{Call, Prepared},
    completion::Shape,
    cost::Costs,
    limits::{Limits, MAX_NESTING, within},
    operation::{find_operation, operation_name},
    personal::is_personal,
    prepare::Validator,
    report,
    request::Request,
    without_factor,
};
use crate::{
    app::App,
    observe,
    rate::{Busy, Slot, Subject},
};
use async_graphql::{
    ObjectType, Response, Schema, ServerResult, SubscriptionType, Value,
    parser::types::{ExecutableDocument, OperationType},
};
use dossier_core::credentials::Credentials;
use dossier_data::ReadTx;
use dossier_events::Delivery;
use futures::{FutureExt, Stream, StreamExt};
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{task::unconstrained, time::timeout};
use tracing::Instrument;

/// Longer than any operation that a user waits for.
const LIMIT: Duration = Duration::from_secs(30);

/// The schema of a running server.
pub struct Executor<Q, M, S> {
    app: App,
    schema: Schema<Q, M, S>,
    validator: Validator<Q, M, S>,
    costs: Arc<Costs>,
    /// The maximum duration of a query, a mutation, or the delivery of an event.
    limit: Duration,
}

impl<Q, M, S> Executor<Q, M, S>
where
    Q: ObjectType + Default + 'static,
    M: ObjectType + Default + 'static,
    S: SubscriptionType + Default + 'static,
{
    /// Creates an executor for `app`.
    pub fn new(app: App) -> Self {
        let builder = || Schema::build(Q::default(), M::default(), S::default()).limit_recursive_depth(MAX_NESTING);
        let costs = Costs::of_schema::<Q, M, S>().into();
        Self { app, schema: builder().finish(), validator: Validator::new(builder()), costs, limit: LIMIT }
    }

    /// Sets the maximum duration of an operation.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Returns the response to a query or a mutation.
    pub async fn answer(&self, call: Call) -> Response {
        let (id, signed_in) = (call.request_context.request_id.clone(), !call.credentials.is_anonymous());
        // Boxed here and below, because these futures are moved.
        observe::answer(&self.app.metrics, &self.app.tracer, &id, signed_in, Box::pin(self.run(call))).await
    }

    async fn run(&self, call: Call) -> Response {
        let subject = subject(&call);
        let slot = match self.slot(subject.as_ref()).await {
            Ok(slot) => slot,
            Err(busy) => return report::finish(Response::from_errors(vec![report::busy(&busy)]), &call.text),
        };
        let (running, request) = match self.admit(call).await {
            Ok((prepared, cost)) => self.enter(prepared, cost, None),
            Err(refused) => return *refused,
        };
        running.carried.hold(slot);
        // A turn ends when it waits for the database, and not after a number of polls, so that the fields of a turn
        // share their reads.
        let run = unconstrained(Box::pin(self.schema.execute(request)));
        let answer = self.within_bounds(&running, run).await;
        self.settle(subject.as_ref(), &running).await;
        match answer {
            Ok(mut response) => {
                running.carried.record_private_downloads(&mut response).await;
                running.executed(response)
            }
            Err(broken) => running.finish(broken),
        }
    }

    /// Waits for a slot. Callers within the server are not limited.
    async fn slot(&self, subject: Option<&Subject>) -> Result<Option<Slot>, Busy> {
        match subject {
            Some(subject) => self.app.rate.slot(subject).await.map(Some),
            None => Ok(None),
        }
    }

    /// Charges the cost that became known during the execution.
    async fn settle(&self, subject: Option<&Subject>, running: &Running) {
        let found = running.carried.cost().saturating_sub(running.cost);
        if let Some(subject) = subject.filter(|_| found > 0) {
            let charge = self.app.rate.settle(subject, found).await;
            running.carried.context.state.stands(charge.rate_limit_status);
        }
    }

    /// Returns the operation, ready to be executed for each event, and its first responses, or the response that
    /// refuses it. The first responses read no rows. Rows are read when an event is delivered.
    pub async fn subscribe(
        &self,
        call: Call,
    ) -> Result<(Prepared, impl Stream<Item = Response> + use<Q, M, S>), Box<Response>> {
        let (prepared, cost) = self.admit(call).await?;
        let (running, request) = self.enter(prepared.clone(), cost, None);
        Ok((prepared, self.schema.execute_stream(request).map(move |response| running.finish(response))))
    }

    /// Limits the number of open subscriptions of a caller.
    fn listen(&self, call: &Call, document: &ExecutableDocument) -> ServerResult<()> {
        let Call { credentials, request_context, .. } = call;
        let Some(subject) = subject(call).filter(|_| call.kind == OperationType::Subscription) else { return Ok(()) };
        let cost = self.costs.of_event(document)?;
        let open = self.app.rate.listen(&subject, cost, Limits::of(credentials).cost);
        request_context.state.subscribes(cost, open.map_err(|busy| report::busy(&busy))?);
        Ok(())
    }

    /// Returns the response to one event, read in this transaction. The caller charges for it.
    pub async fn deliver(&self, prepared: Prepared, delivery: Delivery, tx: ReadTx) -> Option<Response> {
        let cost = self.costs.of_event(&prepared.document).unwrap_or_default();
        let span = tracing::info_span!("operation", id = prepared.request_context.request_id);
        let (running, request) = self.enter(prepared, cost, Some((delivery, tx)));
        let mut answers = self.schema.execute_stream(request);
        match self.within_bounds(&running, unconstrained(answers.next().instrument(span))).await {
            Ok(response) => Some(running.executed(response?)),
            Err(broken) => Some(running.finish(broken)),
        }
    }

    /// Returns the result of `run`, unless it panics, takes too long, or is too large.
    async fn within_bounds<T>(&self, running: &Running, run: impl Future<Output = T>) -> Result<T, Response> {
        tokio::select! {
            biased;
            () = running.carried.budget.exceeded() => Err(report::too_large()),
            run = timeout(self.limit, AssertUnwindSafe(run).catch_unwind()) => match run {
                Ok(run) => run.map_err(|_| report::panicked("a resolver panicked")),
                Err(_) => Err(report::too_slow(self.limit)),
            },
        }
    }

    /// Prepares the operation, and charges its caller. Refuses an operation that is invalid or costs too much.
    async fn admit(&self, call: Call) -> Result<(Prepared, usize), Box<Response>> {
        let coerced = self.validator.prepare(self.costs.registry(), &call).await;
        let charged = self.charge(&call, coerced.as_ref().ok().map(|coerced| &coerced.document)).await;
        let Call { text, document, kind, credentials, request_context, .. } = call;
        let refuse = |errors| Box::new(report::finish(Response::from_errors(errors), &text));
        let cost = charged.map_err(|error| refuse(vec![error]))?;
        observe::understood(kind, operation_name(&document.parsed, request_context.operation.as_deref()));
        let coerced = coerced.map_err(refuse)?;
        let shape = Shape::of(self.costs.registry(), &coerced).into();
        let document = coerced.document;
        let personal = kind == OperationType::Subscription && is_personal(self.costs.registry(), &document);
        Ok((Prepared { text, document, shape, personal, credentials, request_context }, cost))
    }

    /// Charges a caller for an operation. Without a document, which was invalid, the caller pays only for the attempt.
    async fn charge(&self, call: &Call, document: Option<&ExecutableDocument>) -> ServerResult<usize> {
        let Call { credentials, request_context, .. } = call;
        let count = |document| {
            let cost = self.costs.of(document)?;
            affordable(cost, Limits::of(credentials))?;
            self.listen(call, document)?;
            Ok(cost)
        };
        let cost: ServerResult<usize> = document.map_or(Ok(0), count);
        if let Some(subject) = subject(call) {
            let charge = self.app.rate.operation(&subject, *cost.as_ref().unwrap_or(&0)).await;
            request_context.state.stands(charge.rate_limit_status);
            if let Some(exceeded) = charge.exceeded {
                return Err(report::too_much(&exceeded));
            }
        }
        let cost = cost?;
        self.affordable_by_role(credentials, cost).await?;
        Ok(cost)
    }

    /// Refuses an operation that costs more than the member's role allows. The role is read only if the cost exceeds
    /// the lowest limit, because the token does not contain it.
    async fn affordable_by_role(&self, credentials: &Credentials, cost: usize) -> ServerResult<()> {
        if cost <= Limits::CLIENT.cost || credentials.is_anonymous() {
            return Ok(());
        }
        match self.app.database.read(credentials).await {
            Ok(tx) => affordable(cost, Limits::of_viewer(&tx.viewer)).map(drop),
            // The execution fails with the same error and reports it.
            Err(_) => Ok(()),
        }
    }

    fn enter(
        &self,
        prepared: Prepared,
        cost: usize,
        delivery_in_tx: Option<(Delivery, ReadTx)>,
    ) -> (Running, async_graphql::Request) {
        let Prepared { text, document, shape, credentials, request_context, .. } = prepared;
        let requires_factor = !without_factor::is_allowed(&document);
        let is_mutation =
            find_operation(&document, None).is_some_and(|operation| operation.ty == OperationType::Mutation);
        // Only changes are recorded with their origin.
        let app = if is_mutation { self.app.for_request(request_context.origin()) } else { self.app.clone() };
        let mut request = async_graphql::Request::new("");
        request.operation_name.clone_from(&request_context.operation);
        request.set_parsed_query(document);
        let budget = Budget::new(self.limit);
        let carried = Request::new(app, credentials, request_context, cost, delivery_in_tx, budget);
        let carried = Arc::new(carried.requiring_factor(requires_factor));
        (Running { text, shape, cost, carried: carried.clone() }, request.data(carried))
    }
}

/// An operation in execution.
struct Running {
    text: String,
    shape: Arc<Shape>,
    cost: usize,
    carried: Arc<Request>,
}

impl Running {
    /// Returns the response to an executed operation.
    fn executed(&self, mut response: Response) -> Response {
        if response.data != Value::Null || !response.errors.iter().any(report::precedes_execution) {
            self.carried.context.state.executes();
            self.shape.complete(&mut response.data);
        }
        self.finish(response)
    }

    /// Returns the response with its cost, its guarded fields, and errors with codes.
    fn finish(&self, mut response: Response) -> Response {
        let guarded = self.carried.guarded();
        if !guarded.is_empty() {
            response.extensions.insert("guarded".to_owned(), Value::List(guarded));
        }
        response.extensions.insert("cost".to_owned(), Value::from(self.carried.cost()));
        report::finish(response, &self.text)
    }
}

/// Returns the caller to charge. `None` for callers within the server.
fn subject(call: &Call) -> Option<Subject> {
    call.request_context.address.map(|address| Subject::of(&call.credentials, address))
}

fn affordable(cost: usize, limits: Limits) -> ServerResult<usize> {
    within("points of cost", cost, limits.cost).map(|()| cost)
}
