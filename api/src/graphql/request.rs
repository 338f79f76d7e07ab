//! What one operation carries through its resolvers: whom it speaks for, and its unit of work.
//!
//! A query operation is one unit, begun when the first field asks for it. Each mutation field commits in a unit of its
//! own, and its payload is read in a new one. Each event of a subscription is delivered in a new one.

use super::{
    budget::Budget,
    cost::{points_of, rows_for},
    limits::Limits,
    origin::{Origin, lock},
};
use crate::{
    access::{Outcome, Repeatable, RowBudget, Unit, Write},
    address::Address,
    app::App,
    auth::{Claims, Credentials},
    domain::{
        reclaim::{self, Discarded},
        upload::{self, Verdict},
    },
    events::Delivery,
    failure::Failure,
    rate::Slot,
    storage::Objects,
};
use async_graphql::{Context, QueryPathSegment, Value};
use entities::{document::Status, document_version};
use futures::future::BoxFuture;
use std::sync::{Arc, Mutex, OnceLock};
use uuid::Uuid;

/// What one operation carries through its resolvers.
pub struct Request {
    app: App,
    credentials: Mutex<Credentials>,
    pub(super) origin: Origin,
    unit: tokio::sync::Mutex<Option<Arc<Unit>>>,
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
        origin: Origin,
        cost: usize,
        told: Option<(Delivery, Unit)>,
        budget: Budget,
    ) -> Self {
        let (tells, unit) = told.unzip();
        let rows = OnceLock::new();
        let unit = unit.map(|unit| Arc::new(within(&rows, cost, unit)));
        let (credentials, unit) = (credentials.into(), unit.into());
        Self {
            app,
            credentials,
            origin,
            unit,
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
    async fn unit(&self) -> Result<Arc<Unit>, Failure> {
        let mut slot = self.unit.lock().await;
        if let Some(unit) = &*slot {
            return Ok(unit.clone());
        }
        // Boxed, for every field that asks for the unit holds room for this, and only one of them begins it.
        let unit = Box::pin(self.app.database.read(&self.credentials())).await?;
        let unit = Arc::new(within(&self.rows, self.cost, unit));
        *slot = Some(unit.clone());
        Ok(unit)
    }

    pub(super) fn credentials(&self) -> Credentials {
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
    pub(in crate::graphql) async fn end_unit(&self) {
        *self.unit.lock().await = None;
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
fn within(budget: &OnceLock<Arc<RowBudget>>, cost: usize, unit: Unit) -> Unit {
    let rows = || rows_for(Limits::of_viewer(&unit.viewer).cost.saturating_sub(cost));
    let budget = budget.get_or_init(|| RowBudget::new(rows()).into()).clone();
    unit.within(budget)
}

/// What resolvers ask their context for.
pub trait Ask {
    /// The operation's request.
    fn request(&self) -> Result<&Arc<Request>, Failure>;

    /// The server.
    fn app(&self) -> Result<&App, Failure>;

    /// The unit of work.
    fn unit(&self) -> impl Future<Output = Result<Arc<Unit>, Failure>> + Send;

    /// Runs a mutation in a transaction that writes. Its payload is read in a new transaction.
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
        Ok(&self.request()?.app)
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
        let credentials = request.credentials();
        let (outcome, unit) = Box::pin(request.app.database.mutate(&credentials, repeatable, run)).await?;
        let unit = unit.map(|unit| Arc::new(within(&request.rows, request.cost, unit)));
        *request.unit.lock().await = unit;
        Ok(outcome.into())
    }
}

/// What uploads need besides a write: talk to the object store, while no transaction is open.
pub trait AskObjects {
    /// Opens the store's upload for a version that has none yet.
    fn open_upload(&self, version: Uuid) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Compares the bytes that arrived with what was announced.
    fn verify_upload(&self, version: Uuid) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Removes from the store what the mutation before discarded; what fails is left to the sweep.
    fn reclaim(&self, discarded: Discarded) -> impl Future<Output = ()> + Send;
}

impl AskObjects for Context<'_> {
    async fn open_upload(&self, version: Uuid) -> Result<(), Failure> {
        let request = self.request()?;
        let row = request.unit().await?.get::<document_version::Entity>(version).await?;
        request.end_unit().await;
        let row = row.ok_or_else(upload::ended)?;
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
        let organization = request.unit().await.and_then(|unit| unit.organization());
        request.end_unit().await;
        if let Ok(organization) = organization {
            reclaim::reclaim_now(&request.app.database, request.objects(), organization, discarded).await;
        }
    }

    async fn verify_upload(&self, version: Uuid) -> Result<(), Failure> {
        let request = self.request()?;
        // Whoever it is enters anew with each mutation.
        request.end_unit().await;
        let row = upload::pending(&*request.unit().await?, version).await?;
        request.end_unit().await;
        if row.status == Status::Ready {
            return Ok(());
        }
        match upload::verify(request.objects(), &row).await? {
            Verdict::Fits => Ok(()),
            Verdict::Waits(refusal) => Err(refusal.into()),
            Verdict::Over(refusal) => {
                let tx = request.app.database.write(&request.credentials()).await?;
                upload::closed(&tx, version, row.upload_id.as_deref()).await?;
                tx.commit().await?;
                Err(refusal.into())
            }
        }
    }
}
