//! What one operation carries through its resolvers: whom it speaks for, and its unit of work.
//!
//! A query operation is one unit, begun when the first field asks for it. Each mutation field commits in a unit of its
//! own, and its payload is read in a new one. Each event of a subscription is delivered in a new one.

use super::{
    cost,
    limits::{Limits, within},
    origin::{Origin, Telling, lock},
    report,
};
use crate::{
    access::{Outcome, Repeatable, Unit, Write},
    address::Address,
    app::App,
    auth::{Claims, Credentials},
    domain::upload::{self, Verdict},
    failure::Failure,
    rate::Subject,
};
use async_graphql::{
    Context, Data, QueryPathSegment, Response, ServerError, ServerResult, ValidationResult, Value, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextRequest, NextSubscribe,
        NextValidation,
    },
    parser::types::ExecutableDocument,
};
use entities::{document::Status, document_version};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, OnceLock, atomic::Ordering},
    time::Duration,
};
use tokio::time::timeout;
use uuid::Uuid;

/// What one operation carries through its resolvers.
pub struct Request {
    app: App,
    credentials: Mutex<Credentials>,
    origin: Origin,
    unit: tokio::sync::Mutex<Option<Arc<Unit>>>,
    guarded: Mutex<Vec<Value>>,
}

impl Request {
    /// The unit of work, begun if it is not.
    async fn unit(&self) -> Result<Arc<Unit>, Failure> {
        let mut slot = self.unit.lock().await;
        if let Some(unit) = &*slot {
            return Ok(unit.clone());
        }
        // Boxed, for every field that asks for the unit holds room for this, and only one of them begins it.
        let unit = Arc::new(Box::pin(self.app.door.read(&self.credentials())).await?);
        *slot = Some(unit.clone());
        Ok(unit)
    }

    fn credentials(&self) -> Credentials {
        lock(&self.credentials).clone()
    }

    /// Where it came from.
    pub(super) fn address(&self) -> Option<Address> {
        self.origin.address
    }

    /// From here on the operation speaks for whoever just signed in.
    pub(super) async fn become_member(&self, claims: Claims) {
        *lock(&self.credentials) = Credentials::Bearer(Arc::new(claims));
        self.end_unit().await;
    }

    /// Ends the unit of work; what is read next is read in a new one.
    async fn end_unit(&self) {
        *self.unit.lock().await = None;
    }

    /// Notes that the field that is being resolved was denied.
    pub(super) fn note_guarded(&self, ctx: &Context<'_>) {
        let mut path = Vec::new();
        let mut node = ctx.path_node.as_ref();
        while let Some(here) = node {
            path.push(match here.segment {
                QueryPathSegment::Index(index) => Value::from(index),
                QueryPathSegment::Name(name) => Value::from(name),
            });
            node = here.parent;
        }
        path.reverse();
        lock(&self.guarded).push(Value::List(path));
    }
}

/// What resolvers ask their context for.
pub trait Ask {
    /// The operation's request.
    fn request(&self) -> Result<&Arc<Request>, Failure>;

    /// The server.
    fn app(&self) -> Result<&App, Failure>;

    /// The unit of work.
    fn unit(&self) -> impl Future<Output = Result<Arc<Unit>, Failure>> + Send;

    /// Runs a mutation through the write door; what is read after it is read in a new unit.
    fn mutate<P, F>(&self, run: F) -> impl Future<Output = Result<P, Failure>> + Send
    where
        P: From<Outcome>,
        F: for<'w> FnOnce(&'w Write) -> BoxFuture<'w, Result<Uuid, Failure>> + Send;
}

impl Ask for Context<'_> {
    fn request(&self) -> Result<&Arc<Request>, Failure> {
        self.data_opt().ok_or_else(|| Failure::internal("a resolver ran outside a unit of work"))
    }

    fn app(&self) -> Result<&App, Failure> {
        self.data_opt().ok_or_else(|| Failure::internal("a resolver ran without the server's state"))
    }

    async fn unit(&self) -> Result<Arc<Unit>, Failure> {
        self.request()?.unit().await
    }

    async fn mutate<P, F>(&self, run: F) -> Result<P, Failure>
    where
        P: From<Outcome>,
        F: for<'w> FnOnce(&'w Write) -> BoxFuture<'w, Result<Uuid, Failure>> + Send,
    {
        let request = self.request()?;
        // A transaction that was only reading must not stand in the way of the one that writes.
        request.end_unit().await;
        let field = self.path_node.as_ref().map(ToString::to_string).unwrap_or_default();
        let repeatable = request
            .origin
            .idempotency
            .as_ref()
            .map(|(key, fingerprint)| Repeatable { key: format!("{key} {field}"), fingerprint: fingerprint.clone() });
        Box::pin(request.app.door.mutate(&request.credentials(), repeatable, run)).await.map(P::from)
    }
}

/// Gives each operation its request, turns panics into internal errors, and errors into what callers can act on.
pub struct UnitOfWork {
    document: Arc<OnceLock<String>>,
    cost: Arc<OnceLock<usize>>,
    /// How long a query, a mutation or the delivery of an event may take.
    limit: Duration,
}

/// Longer than anything takes that somebody waits for.
const LIMIT: Duration = Duration::from_secs(30);

impl Default for UnitOfWork {
    fn default() -> Self {
        Self::within(LIMIT)
    }
}

impl UnitOfWork {
    /// For operations that take no longer than this.
    pub fn within(limit: Duration) -> Self {
        Self { document: Arc::default(), cost: Arc::default(), limit }
    }
}

impl ExtensionFactory for UnitOfWork {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self::within(self.limit))
    }
}

/// The answer, with what it cost and with errors that callers can act on.
fn finish(mut response: Response, document: &OnceLock<String>, cost: &OnceLock<usize>) -> Response {
    if let Some(cost) = cost.get() {
        response.extensions.insert("cost".to_owned(), Value::from(*cost));
    }
    report::finish(response, document.get().map_or("", String::as_str))
}

fn origin(ctx: &ExtensionContext<'_>) -> Origin {
    ctx.data_opt::<Origin>().cloned().unwrap_or_default()
}

/// Charges the operation to whoever asks for it.
async fn charge(ctx: &ExtensionContext<'_>, credentials: &Credentials, cost: usize) -> ServerResult<()> {
    let (origin, app) = (origin(ctx), ctx.data_opt::<App>());
    let (Some(address), Some(app)) = (origin.address, app) else { return Ok(()) };
    let charge = app.rate.operation(&Subject::of(credentials, address), cost).await;
    charge.standing.into_iter().for_each(|standing| {
        let _ = origin.progress.standing.set(standing);
    });
    charge.exceeded.map_or(Ok(()), |exceeded| Err(report::too_much(&exceeded)))
}

fn affordable(cost: usize, limits: Limits) -> ServerResult<usize> {
    within("points of cost", cost, limits.cost).map(|()| cost)
}

/// Refuses what costs more than this member's role may ask for. Of what every role may, nothing is read: the role must
/// be read, for a token does not tell it.
async fn affordable_by_role(ctx: &ExtensionContext<'_>, credentials: &Credentials, cost: usize) -> ServerResult<()> {
    let (Credentials::Bearer(_), Some(app)) = (credentials, ctx.data_opt::<App>()) else { return Ok(()) };
    if cost <= Limits::CLIENT.cost {
        return Ok(());
    }
    match app.door.read(credentials).await {
        Ok(unit) => affordable(cost, Limits::of_viewer(&unit.viewer)).map(drop),
        // Whoever executes it will find the same, and tell.
        Err(_) => Ok(()),
    }
}

#[async_trait::async_trait]
impl Extension for UnitOfWork {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let response = next.run(ctx).await;
        finish(response, &self.document, &self.cost)
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let (document, cost) = (self.document.clone(), self.cost.clone());
        next.run(ctx, stream).map(move |response| finish(response, &document, &cost)).boxed()
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let _ = self.document.set(query.to_owned());
        // Whoever carries the request has parsed it. What is left to find here are fragments within themselves.
        let document = next.run(ctx, query, variables).await;
        let document = document.map_err(|error| report::coded(error, report::Code::GraphqlValidationFailed))?;
        let name = origin(ctx).operation;
        let credentials = ctx.data_opt::<Credentials>().cloned().unwrap_or_default();
        let cost = cost::of(&ctx.schema_env.registry, &document, name.as_deref(), variables)
            .and_then(|cost| affordable(cost, Limits::of(&credentials)));
        charge(ctx, &credentials, *cost.as_ref().unwrap_or(&0)).await?;
        let cost = cost?;
        affordable_by_role(ctx, &credentials, cost).await?;
        let _ = self.cost.set(cost);
        Ok(document)
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await.map_err(|errors| {
            errors.into_iter().map(|error| report::coded(error, report::Code::GraphqlValidationFailed)).collect()
        })
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let Some(app) = ctx.data_opt::<App>() else {
            return report::panicked("the server's state is missing");
        };
        let request = Arc::new(Request {
            app: app.clone(),
            credentials: Mutex::new(ctx.data_opt().cloned().unwrap_or_default()),
            origin: origin(ctx),
            unit: tokio::sync::Mutex::new(ctx.data_opt::<Telling>().map(|telling| telling.unit.clone())),
            guarded: Mutex::default(),
        });
        request.origin.progress.executed.store(true, Ordering::Relaxed);
        let mut data = Data::default();
        data.insert(request.clone());
        let run = AssertUnwindSafe(next.run_with_data(ctx, operation_name, data)).catch_unwind();
        let mut response = match timeout(self.limit, run).await {
            Ok(run) => run.unwrap_or_else(|_| report::panicked("a resolver panicked")),
            Err(_) => report::too_slow(self.limit),
        };
        let guarded = std::mem::take(&mut *lock(&request.guarded));
        if !guarded.is_empty() {
            response.extensions.insert("guarded".to_owned(), Value::List(guarded));
        }
        response
    }
}

/// What uploads need besides a write: talk to the object store, while no transaction is open.
pub trait AskObjects {
    /// Opens the store's upload for a version that has none yet.
    fn open_upload(&self, version: Uuid) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Compares the bytes that arrived with what was announced.
    fn verify_upload(&self, version: Uuid) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl AskObjects for Context<'_> {
    async fn open_upload(&self, version: Uuid) -> Result<(), Failure> {
        let request = self.request()?;
        let Some(row) = request.unit().await?.get::<document_version::Entity>(version).await? else { return Ok(()) };
        request.end_unit().await;
        if row.status == Status::Ready || row.upload_id.is_some() {
            return Ok(());
        }
        let upload = request.app.objects.begin_upload(&row.storage_key, &row.content_type).await?;
        let tx = request.app.door.write(&request.credentials()).await?;
        let used = upload::opened(&tx, version, &upload).await?;
        tx.commit().await?;
        if !used {
            request.app.objects.cancel_upload(&row.storage_key, &upload).await?;
        }
        Ok(())
    }

    async fn verify_upload(&self, version: Uuid) -> Result<(), Failure> {
        let request = self.request()?;
        let row = upload::pending(&*request.unit().await?, version).await?;
        request.end_unit().await;
        if row.status == Status::Ready {
            return Ok(());
        }
        match upload::verify(&request.app.objects, &row).await? {
            Verdict::Fits => Ok(()),
            Verdict::Waits(refusal) => Err(refusal.into()),
            Verdict::Over(refusal) => {
                let tx = request.app.door.write(&request.credentials()).await?;
                upload::closed(&tx, version, row.upload_id.as_deref()).await?;
                tx.commit().await?;
                Err(refusal.into())
            }
        }
    }
}
