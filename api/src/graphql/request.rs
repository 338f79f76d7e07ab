//! What one operation carries through its resolvers: whom it speaks for, and its unit of work.
//!
//! A query operation is one unit, begun when the first field asks for it. Each mutation field commits in a unit of its
//! own, and its payload is read in a new one. Each event of a subscription is delivered in a new one.

use super::{
    budget::Budget,
    cost::{points_of, rows_for},
    limits::Limits,
    request_context::{RequestContext, lock},
};
use crate::{address::Address, app::App, rate::Slot};
use async_graphql::{Context, QueryPathSegment, Value};
use dossier_core::{
    credentials::{Claims, Credentials},
    error::{Error, UserError},
};
use dossier_data::{Outcome, ReadTx, Repeatable, RowBudget, WriteTx};
use dossier_domain::{
    reclaim::{self, Discarded},
    upload, upload_status,
    verification::{self, Verdict},
};
use dossier_events::Delivery;
use dossier_storage::Objects;
use entities::{document::Status, document_version};
use futures::future::BoxFuture;
use std::sync::{Arc, Mutex, OnceLock};
use uuid::Uuid;

/// What one operation carries through its resolvers.
pub struct Request {
    app: App,
    credentials: Mutex<Credentials>,
    pub(super) context: RequestContext,
    read_tx: tokio::sync::Mutex<Option<Arc<ReadTx>>>,
    /// The one event that a subscription is executed to tell of.
    pub(super) tells: Option<Delivery>,
    /// The memory and time that the operation may still use.
    pub(super) budget: Budget,
    /// Counts among the operations of its caller that are executed, as long as it is held.
    slot: Mutex<Option<Slot>>,
    guarded: Mutex<Vec<Value>>,
    /// The cost of the operation's document.
    cost: usize,
    /// The rows that it may look at besides, once the viewer is known.
    rows: OnceLock<Arc<RowBudget>>,
}

impl Request {
    /// A subscription that tells of an event tells of it alone, in this unit of work.
    pub(super) fn new(
        app: App,
        credentials: Credentials,
        request_context: RequestContext,
        cost: usize,
        told: Option<(Delivery, ReadTx)>,
        budget: Budget,
    ) -> Self {
        let (tells, read_tx) = told.unzip();
        let rows = OnceLock::new();
        let read_tx = read_tx.map(|read_tx| Arc::new(within(&rows, cost, read_tx)));
        let (credentials, read_tx) = (credentials.into(), read_tx.into());
        Self {
            app,
            credentials,
            context: request_context,
            read_tx,
            tells,
            guarded: Mutex::default(),
            cost,
            rows,
            budget,
            slot: Mutex::default(),
        }
    }

    /// Returns the cost of the operation: of its document, and of the rows that it has looked at.
    pub(super) fn cost(&self) -> usize {
        self.cost + self.rows.get().map_or(0, |rows| points_of(rows.used()))
    }

    /// The unit of work, begun if it is not.
    async fn tx(&self) -> Result<Arc<ReadTx>, Error> {
        let mut slot = self.read_tx.lock().await;
        if let Some(read_tx) = &*slot {
            return Ok(read_tx.clone());
        }
        // Boxed, for every field that asks for the unit holds room for this, and only one of them begins it.
        let read_tx = Box::pin(self.app.database.read(&self.credentials())).await?;
        let read_tx = Arc::new(within(&self.rows, self.cost, read_tx));
        *slot = Some(read_tx.clone());
        Ok(read_tx)
    }

    pub(super) fn credentials(&self) -> Credentials {
        lock(&self.credentials).clone()
    }

    /// Where it came from.
    pub(super) fn address(&self) -> Option<Address> {
        self.context.address
    }

    /// From here on the operation speaks for whoever just signed in.
    pub(super) async fn become_member(&self, claims: Claims) {
        *lock(&self.credentials) = Credentials::Bearer(Arc::new(claims));
        self.end_tx().await;
    }

    /// Holds the slot until the operation ends or waits for the object store.
    pub(super) fn hold(&self, slot: Option<Slot>) {
        *lock(&self.slot) = slot;
    }

    /// Returns the object store. An operation that waits for it leaves its slot to others of its caller, because a store
    /// that hangs must not stop them.
    fn objects(&self) -> &Objects {
        drop(lock(&self.slot).take());
        &self.app.objects
    }

    /// Ends the unit of work; what is read next is read in a new one.
    pub(in crate::graphql) async fn end_tx(&self) {
        *self.read_tx.lock().await = None;
    }

    /// The fields that were denied, each by its path.
    pub(super) fn guarded(&self) -> Vec<Value> {
        std::mem::take(&mut *lock(&self.guarded))
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

/// The unit, which looks at no more rows than the operation may still cost. Who looks is known with the first unit.
fn within(budget: &OnceLock<Arc<RowBudget>>, cost: usize, read_tx: ReadTx) -> ReadTx {
    let rows = || rows_for(Limits::of_viewer(&read_tx.viewer).cost.saturating_sub(cost));
    let budget = budget.get_or_init(|| RowBudget::new(rows()).into()).clone();
    read_tx.within(budget)
}

/// What resolvers ask their context for.
pub trait ContextExt {
    /// The operation's request.
    fn request(&self) -> Result<&Arc<Request>, Error>;

    /// The server.
    fn app(&self) -> Result<&App, Error>;

    /// The unit of work.
    fn tx(&self) -> impl Future<Output = Result<Arc<ReadTx>, Error>> + Send;

    /// Runs a mutation in a transaction that writes. Its payload is read in a new transaction.
    fn mutate<P, F>(&self, run: F) -> impl Future<Output = Result<P, Error>> + Send
    where
        P: From<Outcome>,
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<Uuid, Error>> + Send;
}

impl ContextExt for Context<'_> {
    fn request(&self) -> Result<&Arc<Request>, Error> {
        self.data_opt().ok_or_else(|| Error::internal("a resolver ran outside a unit of work"))
    }

    fn app(&self) -> Result<&App, Error> {
        Ok(&self.request()?.app)
    }

    async fn tx(&self) -> Result<Arc<ReadTx>, Error> {
        self.request()?.tx().await
    }

    async fn mutate<P, F>(&self, run: F) -> Result<P, Error>
    where
        P: From<Outcome>,
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<Uuid, Error>> + Send,
    {
        let request = self.request()?;
        // A transaction that was only reading must not stand in the way of the one that writes.
        request.end_tx().await;
        let field = self.path_node.as_ref().map(ToString::to_string).unwrap_or_default();
        let repeatable = request
            .context
            .idempotency
            .as_ref()
            .map(|(key, fingerprint)| Repeatable { key: format!("{key} {field}"), fingerprint: fingerprint.clone() });
        let credentials = request.credentials();
        let (outcome, read_tx) = Box::pin(request.app.database.mutate(&credentials, repeatable, run)).await?;
        let read_tx = read_tx.map(|read_tx| Arc::new(within(&request.rows, request.cost, read_tx)));
        *request.read_tx.lock().await = read_tx;
        Ok(outcome.into())
    }
}

/// Why a repeated request for an upload gets no URLs: it was cancelled or expired, or its document was deleted.
fn ended() -> UserError {
    UserError::conflict("This upload has ended. Call requestUpload with another idempotency key.")
}

/// When an upload is verified.
pub enum Verified {
    /// It is: the version can become a part of the dossier.
    Now,
    /// By a job.
    Later,
}

/// What uploads need besides a write: talk to the object store, while no transaction is open.
pub trait UploadContextExt {
    /// Opens the store's upload for a version that has none yet.
    fn open_upload(&self, version: Uuid) -> impl Future<Output = Result<(), Error>> + Send;

    /// Compares the bytes that arrived with what was announced, unless that takes too long for a request.
    fn verify_upload(&self, version: Uuid) -> impl Future<Output = Result<Verified, Error>> + Send;

    /// Removes from the store what the mutation before discarded; what fails is left to the sweep.
    fn reclaim(&self, discarded: Discarded) -> impl Future<Output = ()> + Send;
}

impl UploadContextExt for Context<'_> {
    async fn open_upload(&self, version: Uuid) -> Result<(), Error> {
        let request = self.request()?;
        let row = request.tx().await?.get::<document_version::Entity>(version).await?;
        request.end_tx().await;
        let row = row.ok_or_else(ended)?;
        if row.status == Status::Ready || row.upload_id.is_some() {
            return Ok(());
        }
        let upload = request.objects().begin_upload(&row.storage_key, &row.content_type).await?;
        let tx = request.app.database.write(&request.credentials()).await?;
        let used = upload::opened(&tx, version, &upload).await?;
        tx.commit().await?;
        if !used {
            request.objects().cancel_upload(&row.storage_key, &upload).await?;
        }
        Ok(())
    }

    async fn reclaim(&self, discarded: Discarded) {
        let Ok(request) = self.request() else { return };
        let organization = request.tx().await.and_then(|read_tx| read_tx.organization());
        request.end_tx().await;
        if let Ok(organization) = organization {
            reclaim::reclaim_now(&request.app.database, request.objects(), organization, discarded).await;
        }
    }

    async fn verify_upload(&self, version: Uuid) -> Result<Verified, Error> {
        let request = self.request()?;
        // Each mutation reads anew who the caller is.
        request.end_tx().await;
        let row = upload::pending(&*request.tx().await?, version).await?;
        request.end_tx().await;
        match row.status {
            Status::Ready => return Ok(Verified::Now),
            Status::Verifying => return Ok(Verified::Later),
            Status::Pending | Status::Failed => {}
        }
        match verification::verify(request.objects(), &row).await? {
            Verdict::Verified => Ok(Verified::Now),
            Verdict::Arrived => Ok(Verified::Later),
            Verdict::Incomplete(user_error) | Verdict::Ended(user_error) => Err(user_error.into()),
            Verdict::Failed(reason, user_error) => {
                let tx = request.app.database.write(&request.credentials()).await?;
                upload_status::fail(&tx, version, row.upload_id.as_deref(), reason).await?;
                tx.commit().await?;
                Err(user_error.into())
            }
        }
    }
}
