//! The state that the resolvers of one operation share: the caller and the transaction.
//!
//! A query is one transaction, which begins when the first field needs it. Each mutation field commits in a transaction
//! of its own, and its payload is read in a new one. Each event of a subscription is delivered in a new transaction.

use super::{
    budget::Budget,
    cost::{points_of, rows_for},
    limits::Limits,
    private_downloads::{self, PrivateDownloads},
    request_context::{RequestContext, lock},
    session::RefreshTokenDelivery,
};
use crate::{address::Address, app::App, rate::Slot};
use async_graphql::{Context, PathSegment, Response, Value};
use chrono::{DateTime, Utc};
use dossier_core::{
    credentials::{Claims, Credentials},
    error::Error,
    viewer::Member,
};
use dossier_data::{Outcome, ReadTx, Repeatable, RowBudget, WriteTx};
use dossier_domain::{audit, session::Device};
use dossier_events::Delivery;
use dossier_storage::Objects;
use futures::{FutureExt, future::BoxFuture};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, OnceLock},
};

/// The state that the resolvers of one operation share.
pub struct Request {
    app: App,
    credentials: Mutex<Credentials>,
    pub(super) context: RequestContext,
    read_tx: tokio::sync::Mutex<Option<Arc<ReadTx>>>,
    /// The event for which a subscription is executed.
    pub(super) delivery: Option<Delivery>,
    /// The memory and time that the operation may still use.
    pub(super) budget: Budget,
    /// Counts as one of the caller's simultaneous operations while it is held.
    slot: Mutex<Option<Slot>>,
    guarded: Mutex<Vec<Value>>,
    /// The links to private documents in the response.
    pub(super) private_downloads: PrivateDownloads,
    /// The cost of the document.
    cost: usize,
    /// The number of rows that the operation may scan. Set when the viewer is known.
    rows: OnceLock<Arc<RowBudget>>,
    /// Whether the operation fails for members who lack a second factor that they must have.
    requires_factor: bool,
}

impl Request {
    /// Creates the request. A subscription that delivers an event delivers only this event, in this transaction.
    pub(super) fn new(
        app: App,
        credentials: Credentials,
        request_context: RequestContext,
        cost: usize,
        delivery_in_tx: Option<(Delivery, ReadTx)>,
        budget: Budget,
    ) -> Self {
        let (delivery, read_tx) = delivery_in_tx.unzip();
        let rows = OnceLock::new();
        let read_tx = read_tx.map(|read_tx| Arc::new(within(&rows, cost, read_tx)));
        let (credentials, read_tx) = (credentials.into(), read_tx.into());
        Self {
            app,
            credentials,
            context: request_context,
            read_tx,
            delivery,
            guarded: Mutex::default(),
            private_downloads: PrivateDownloads::default(),
            cost,
            rows,
            budget,
            slot: Mutex::default(),
            requires_factor: false,
        }
    }

    /// Sets whether the operation fails for members who lack a second factor that they must have.
    pub(super) fn requiring_factor(self, requires_factor: bool) -> Self {
        Self { requires_factor, ..self }
    }

    /// Fails if the viewer must enroll a second factor before this operation.
    pub(super) fn check_factor(&self, tx: &ReadTx) -> Result<(), Error> {
        let lacks_factor = tx.viewer.member().is_some_and(Member::lacks_factor);
        if self.requires_factor && lacks_factor { Err(Error::FactorRequired) } else { Ok(()) }
    }

    /// Returns the cost of the document and of the scanned rows.
    pub(super) fn cost(&self) -> usize {
        self.cost + self.rows.get().map_or(0, |rows| points_of(rows.used()))
    }

    /// Returns the transaction, and begins it if necessary.
    async fn tx(&self) -> Result<Arc<ReadTx>, Error> {
        let mut slot = self.read_tx.lock().await;
        if let Some(read_tx) = &*slot {
            return Ok(read_tx.clone());
        }
        // Boxed, because every field that needs the transaction would reserve memory for this future, and only one
        // begins it.
        let read_tx = Box::pin(self.app.database.read(&self.credentials())).await?;
        self.check_factor(&read_tx)?;
        let read_tx = Arc::new(within(&self.rows, self.cost, read_tx));
        *slot = Some(read_tx.clone());
        Ok(read_tx)
    }

    /// Begins a writing transaction, whose events carry the caller's id of the mutation.
    pub(in crate::graphql) async fn write(&self) -> Result<WriteTx, Error> {
        let tx = self.app.database.write(&self.credentials()).await?;
        self.check_factor(&tx)?;
        Ok(tx.with_client_mutation_id(self.context.client_mutation_id.as_deref()))
    }

    pub(super) fn credentials(&self) -> Credentials {
        lock(&self.credentials).clone()
    }

    /// Returns the address of the caller.
    pub(super) fn address(&self) -> Option<Address> {
        self.context.address
    }

    /// Returns the server.
    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// Returns the device of the caller. Without a given name, it has the name by which the client presents itself.
    pub(super) fn device(&self, name: Option<String>) -> Device {
        self.context.device(name)
    }

    /// Fails unless the caller may get the refresh token in this way.
    pub(super) fn check_delivery(&self, delivery: RefreshTokenDelivery) -> Result<RefreshTokenDelivery, Error> {
        if delivery == RefreshTokenDelivery::Cookie && self.context.browser.is_none() {
            return Err(Error::bad_input(
                "input.refreshTokenDelivery",
                "COOKIE requires a POST with the header Dossier-Session from a page of PUBLIC_URL, which must use \
                 https, or of an origin in CORS_ORIGINS",
            ));
        }
        Ok(delivery)
    }

    /// Returns the given refresh token, or that of the cookie, and how the next one is delivered: in the same way.
    pub(super) fn refresh_token(&self, given: Option<String>) -> (Option<String>, RefreshTokenDelivery) {
        match given {
            Some(token) => (Some(token), RefreshTokenDelivery::Body),
            None => (self.refresh_cookie(), RefreshTokenDelivery::Cookie),
        }
    }

    /// Returns the refresh token in the browser's cookie, if the browser may use it.
    pub(super) fn refresh_cookie(&self) -> Option<String> {
        self.context.browser.as_ref()?.refresh_token.clone()
    }

    pub(super) fn set_refresh_cookie(&self, token: &str, until: DateTime<Utc>) {
        self.context.state.set_refresh_cookie(Some((token.to_owned(), until)));
    }

    /// Removes the browser's cookie.
    pub(super) fn clear_refresh_cookie(&self) {
        if self.context.browser.is_some() {
            self.context.state.set_refresh_cookie(None);
        }
    }

    /// Continues the operation as the member who just signed in.
    pub(super) async fn become_member(&self, claims: Claims) {
        *lock(&self.credentials) = Credentials::Bearer(Arc::new(claims));
        self.end_tx().await;
    }

    /// Holds the slot until the operation ends or waits for the object store.
    pub(super) fn hold(&self, slot: Option<Slot>) {
        *lock(&self.slot) = slot;
    }

    /// Returns the object store. An operation that waits for it releases its slot, because a hanging store must not
    /// block the caller's other operations.
    pub(in crate::graphql) fn objects(&self) -> &Objects {
        drop(lock(&self.slot).take());
        &self.app.objects
    }

    /// Ends the transaction. The next read begins a new one.
    pub(in crate::graphql) async fn end_tx(&self) {
        *self.read_tx.lock().await = None;
    }

    /// Returns the paths of the guarded fields that the viewer may not read.
    pub(super) fn guarded(&self) -> Vec<Value> {
        std::mem::take(&mut *lock(&self.guarded))
    }

    /// Records the links to private documents in the response. Removes them if this fails.
    pub(super) async fn record_private_downloads(&self, response: &mut Response) {
        let downloads = self.private_downloads.take();
        if downloads.is_empty() {
            return;
        }
        self.end_tx().await;
        let versions: BTreeSet<_> = downloads.iter().map(|download| download.version).collect();
        let versions: Vec<_> = versions.into_iter().collect();
        let record = async || {
            let app = self.app.for_request(self.context.origin());
            let tx = app.database.write(&self.credentials()).await?;
            audit::record_downloads(&tx, &versions).await?;
            tx.commit().await
        };
        if let Err(error) = record().await {
            private_downloads::withhold(response, downloads, error);
        }
    }

    /// Records that the viewer may not read the current field.
    pub(super) fn note_guarded(&self, ctx: &Context<'_>) {
        let path = private_downloads::path(ctx).into_iter().map(|segment| match segment {
            PathSegment::Index(index) => Value::from(index),
            PathSegment::Field(name) => Value::from(name),
        });
        lock(&self.guarded).push(Value::List(path.collect()));
    }
}

/// Limits the transaction to the rows that the operation can pay for. The viewer is known from the first transaction
/// on.
fn within(budget: &OnceLock<Arc<RowBudget>>, cost: usize, read_tx: ReadTx) -> ReadTx {
    let rows = || rows_for(Limits::of_viewer(&read_tx.viewer).cost.saturating_sub(cost));
    let budget = budget.get_or_init(|| RowBudget::new(rows()).into()).clone();
    read_tx.within(budget)
}

/// The functions that resolvers call on their context.
pub trait ContextExt {
    /// Returns the request of the operation.
    fn request(&self) -> Result<&Arc<Request>, Error>;

    /// Returns the server.
    fn app(&self) -> Result<&App, Error>;

    /// Returns the transaction.
    fn tx(&self) -> impl Future<Output = Result<Arc<ReadTx>, Error>> + Send;

    /// Runs a mutation in a transaction that writes. Its payload is read in a new transaction.
    fn mutate<P, O, F>(&self, run: F) -> impl Future<Output = Result<P, Error>> + Send
    where
        P: From<Outcome>,
        O: Into<Outcome> + Send + 'static,
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<O, Error>> + Send;
}

impl ContextExt for Context<'_> {
    fn request(&self) -> Result<&Arc<Request>, Error> {
        self.data_opt().ok_or_else(|| Error::internal("a resolver ran outside of a transaction"))
    }

    fn app(&self) -> Result<&App, Error> {
        Ok(&self.request()?.app)
    }

    async fn tx(&self) -> Result<Arc<ReadTx>, Error> {
        self.request()?.tx().await
    }

    async fn mutate<P, O, F>(&self, run: F) -> Result<P, Error>
    where
        P: From<Outcome>,
        O: Into<Outcome> + Send + 'static,
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<O, Error>> + Send,
    {
        let request = self.request()?;
        // An open read transaction would block the write transaction.
        request.end_tx().await;
        let field = self.path_node.as_ref().map(ToString::to_string).unwrap_or_default();
        let repeatable = request
            .context
            .idempotency
            .as_ref()
            .map(|(key, fingerprint)| Repeatable { key: format!("{key} {field}"), fingerprint: fingerprint.clone() });
        let (credentials, id) = (request.credentials(), request.context.client_mutation_id.as_deref());
        let (outcome, read_tx) =
            Box::pin(request.app.database.mutate(&credentials, repeatable, id, |tx| match request.check_factor(tx) {
                Ok(()) => run(tx),
                Err(error) => async { Err(error) }.boxed(),
            }))
            .await?;
        let read_tx = read_tx.map(|read_tx| Arc::new(within(&request.rows, request.cost, read_tx)));
        *request.read_tx.lock().await = read_tx;
        Ok(outcome.into())
    }
}
