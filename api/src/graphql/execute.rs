//! Executing an operation: what it may cost, its unit of work, its time, and errors that callers can act on.
//!
//! All of it is done around the schema and nothing by an extension of the GraphQL crate: with one, its executor looks up and
//! boxes every field of every answer once more.

use super::{
    cost::Costs,
    failed,
    limits::{Limits, MAX_NESTING, within},
    origin::Origin,
    report,
    request::Request,
};
use crate::{access::Unit, app::App, auth::Credentials, events::Delivery, observe, rate::Subject};
use async_graphql::{
    ObjectType, Response, Schema, ServerResult, SubscriptionType, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use futures::{FutureExt, Stream, StreamExt};
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{task::unconstrained, time::timeout};
use tracing::Instrument;

/// Longer than anything takes that somebody waits for.
const LIMIT: Duration = Duration::from_secs(30);

/// One operation of a document, and who asks for it.
pub struct Call {
    /// The document's text, where errors find the names of arguments.
    pub text: String,
    /// The document.
    pub document: ExecutableDocument,
    /// What the operation is.
    pub kind: OperationType,
    /// The values of its variables.
    pub variables: Variables,
    /// Whom it speaks for.
    pub credentials: Credentials,
    /// How it came in, and its name.
    pub origin: Origin,
}

/// The schema over a running server.
pub struct Executor<Q, M, S> {
    app: App,
    schema: Schema<Q, M, S>,
    costs: Arc<Costs>,
    /// How long a query, a mutation or the delivery of an event may take.
    limit: Duration,
}

impl<Q, M, S> Executor<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// Executes on `app`.
    pub fn new(app: App, query: Q, mutation: M, subscription: S) -> Self {
        let schema = Schema::build(query, mutation, subscription).limit_recursive_depth(MAX_NESTING).finish();
        Self { app, schema, costs: Costs::of_schema::<Q, M, S>().into(), limit: LIMIT }
    }

    /// For operations that take no longer than this.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// The answer of a query or a mutation.
    pub async fn answer(&self, call: Call) -> Response {
        let (id, signed_in) = (call.origin.request_id.clone(), !call.credentials.is_anonymous());
        // Boxed, here and below, for what is passed on is moved.
        observe::answer(&self.app, &id, signed_in, Box::pin(self.run(call))).await
    }

    async fn run(&self, call: Call) -> Response {
        let (running, request) = match self.admit(call).await {
            Ok(admitted) => admitted,
            Err(refused) => return *refused,
        };
        // A turn ends where it waits for the database, and not because it was long: what many fields ask for meanwhile is
        // read together.
        let run = unconstrained(Box::pin(self.schema.execute(request)));
        let response = self.in_time(run).await.unwrap_or_else(|broken| broken);
        running.executed(response)
    }

    /// The answers of a subscription, each as soon as there is something to say; or why there will be none. They read
    /// nothing: what is read for an event is read when it is told.
    pub async fn subscribe(&self, call: Call) -> Result<impl Stream<Item = Response> + use<Q, M, S>, Box<Response>> {
        let (running, request) = self.admit(call).await?;
        Ok(self.schema.execute_stream(request).map(move |response| running.finish(response)))
    }

    /// What a subscription tells of one event, in this unit of work. Nobody is charged: whoever listens was.
    pub async fn tell(&self, call: Call, delivery: Delivery, unit: Unit) -> Option<Response> {
        let cost = self.costs.of(&call.document, call.origin.operation.as_deref(), &call.variables).unwrap_or_default();
        let span = tracing::info_span!("operation", id = call.origin.request_id);
        let (running, request) = self.enter(call, cost, Some((delivery, unit)));
        let mut answers = self.schema.execute_stream(request);
        let response = match self.in_time(unconstrained(answers.next().instrument(span))).await {
            Ok(response) => response?,
            Err(broken) => broken,
        };
        Some(running.executed(response))
    }

    /// What it comes to, unless it panics or takes too long.
    async fn in_time<T>(&self, run: impl Future<Output = T>) -> Result<T, Response> {
        match timeout(self.limit, AssertUnwindSafe(run).catch_unwind()).await {
            Ok(run) => run.map_err(|_| report::panicked("a resolver panicked")),
            Err(_) => Err(report::too_slow(self.limit)),
        }
    }

    /// Refuses what costs too much, and charges the rest to whoever asks for it.
    async fn admit(&self, call: Call) -> Result<(Running, async_graphql::Request), Box<Response>> {
        match self.charge(&call).await {
            Ok(cost) => {
                observe::understood(call.kind, name(&call.document, call.origin.operation.as_deref()));
                Ok(self.enter(call, cost, None))
            }
            Err(error) => Err(Box::new(report::finish(Response::from_errors(vec![error]), &call.text))),
        }
    }

    async fn charge(&self, call: &Call) -> ServerResult<usize> {
        let Call { document, variables, credentials, origin, .. } = call;
        let cost = self
            .costs
            .of(document, origin.operation.as_deref(), variables)
            .and_then(|cost| affordable(cost, Limits::of(credentials)));
        if let Some(address) = origin.address {
            let subject = Subject::of(credentials, address);
            let charge = self.app.rate.operation(&subject, *cost.as_ref().unwrap_or(&0)).await;
            origin.progress.stands(charge.standing);
            if let Some(exceeded) = charge.exceeded {
                return Err(report::too_much(&exceeded));
            }
        }
        let cost = cost?;
        self.affordable_by_role(credentials, cost).await?;
        Ok(cost)
    }

    /// Refuses what costs more than this member's role may ask for. Of what every role may, nothing is read: the role
    /// must be read, for a token does not tell it.
    async fn affordable_by_role(&self, credentials: &Credentials, cost: usize) -> ServerResult<()> {
        if cost <= Limits::CLIENT.cost || credentials.is_anonymous() {
            return Ok(());
        }
        match self.app.door.read(credentials).await {
            Ok(unit) => affordable(cost, Limits::of_viewer(&unit.viewer)).map(drop),
            // Whoever executes it will find the same, and tell.
            Err(_) => Ok(()),
        }
    }

    fn enter(&self, call: Call, cost: usize, told: Option<(Delivery, Unit)>) -> (Running, async_graphql::Request) {
        let Call { text, document, variables, credentials, origin, .. } = call;
        let mut request = async_graphql::Request::new("").variables(variables);
        request.operation_name.clone_from(&origin.operation);
        request.set_parsed_query(document);
        let carried = Arc::new(Request::new(self.app.clone(), credentials, origin, told));
        (Running { text, cost, costs: self.costs.clone(), carried: carried.clone() }, request.data(carried))
    }
}

/// An operation that is being executed.
struct Running {
    text: String,
    cost: usize,
    costs: Arc<Costs>,
    carried: Arc<Request>,
}

impl Running {
    /// What came of executing it, if it came to that.
    fn executed(&self, response: Response) -> Response {
        if response.data != Value::Null || !response.errors.iter().any(report::precedes_execution) {
            self.carried.origin.progress.executes();
        }
        self.finish(response)
    }

    /// The answer, with what it cost, what was denied, and errors that callers can act on.
    fn finish(&self, mut response: Response) -> Response {
        let guarded = self.carried.guarded();
        if !guarded.is_empty() {
            response.extensions.insert("guarded".to_owned(), Value::List(guarded));
        }
        response.extensions.insert("cost".to_owned(), Value::from(self.cost));
        if response.errors.iter().any(|error| !error.path.is_empty())
            && let Ok(document) = parse_query(&self.text)
        {
            let operation = self.carried.origin.operation.as_deref();
            failed::complete(self.costs.registry(), &document, operation, &mut response);
        }
        report::finish(response, &self.text)
    }
}

fn affordable(cost: usize, limits: Limits) -> ServerResult<usize> {
    within("points of cost", cost, limits.cost).map(|()| cost)
}

/// The operation that is meant, by its name if it has to be.
pub fn meant<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Option<&'d OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &operation.node)
}

/// The operation's own name, which it may have without being asked for by it.
fn name<'d>(document: &'d ExecutableDocument, asked: Option<&'d str>) -> Option<&'d str> {
    asked.or_else(|| document.operations.iter().find_map(|(name, _)| name.map(async_graphql::Name::as_str)))
}
