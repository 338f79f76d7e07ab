//! Transactions that write. The viewer must see the row before the change, the action must be allowed, and the new row
//! must stay within reach. The event is part of the transaction.

use super::{Allowed, Change, ReadTx, Transaction, columns::primary_key, options::RlsMode, scope::Scope};
use crate::notifier::Notifier;
use crate::{AuditRecord, DomainEvent, Origin, audit, outbox};
use dossier_core::{
    error::{Error, UserError},
    viewer::{SystemPurpose, Viewer},
};
use dossier_jobs::Wakeup;
use dossier_policy::{self, ActionPolicy, EventSubject, PartOf, Reach, ResourceScope, RowPolicy, WithoutEvent};
use entities::{audit_detail, client, membership, site};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, Iterable, ModelTrait,
    PrimaryKeyToColumn, PrimaryKeyTrait, QueryFilter, QuerySelect, QueryTrait, Related, sea_query::IntoCondition,
};
use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};
use uuid::Uuid;

/// A transaction that writes. Dropping it without [`WriteTx::commit`] undoes everything.
pub struct WriteTx {
    read_tx: ReadTx,
    notifier: Arc<dyn Notifier>,
    events: Mutex<Vec<DomainEvent>>,
    audit_records: Mutex<Vec<AuditRecord>>,
    origin: Arc<Origin>,
    client_mutation_id: Option<String>,
    jobs: Wakeup,
    pub(super) has_enqueued: AtomicBool,
}

impl Deref for WriteTx {
    type Target = ReadTx;

    fn deref(&self) -> &ReadTx {
        &self.read_tx
    }
}

impl WriteTx {
    pub(super) fn new(read_tx: ReadTx, notifier: Arc<dyn Notifier>, jobs: Wakeup, origin: Arc<Origin>) -> Self {
        Self {
            read_tx,
            notifier,
            events: Mutex::default(),
            audit_records: Mutex::default(),
            origin,
            client_mutation_id: None,
            jobs,
            has_enqueued: AtomicBool::new(false),
        }
    }

    /// Gives the events of the transaction the id by which their author recognizes them.
    #[must_use]
    pub fn with_client_mutation_id(self, id: Option<&str>) -> Self {
        Self { client_mutation_id: id.map(str::to_owned), ..self }
    }

    /// Returns the row that the input field names, locked until the end. If the viewer does not see the row, the result
    /// is a user error.
    pub async fn visible<E>(&self, id: Uuid, field: &str) -> Result<E::Model, Error>
    where
        E: RowPolicy,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        let key = primary_key::<E>()?;
        let row = self.find::<E>().filter(key.eq(id)).for_update().one().await?;
        row.ok_or_else(|| UserError::not_found(field).into())
    }

    /// Returns the row that the input field names, locked until the end, if the viewer sees it and may do this with it.
    pub async fn authorize<E>(&self, id: Uuid, field: &str, action: E::Action) -> Result<Allowed<E>, Error>
    where
        E: ActionPolicy,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.authorize_row(action, self.visible::<E>(id, field).await?)
    }

    /// Authorizes an action as [`WriteTx::authorize`] does. Also returns the row's dossier, locked as well.
    pub async fn authorize_in_dossier<E>(
        &self,
        id: Uuid,
        field: &str,
        action: E::Action,
    ) -> Result<(Allowed<E>, client::Model), Error>
    where
        E: ActionPolicy + Related<client::Entity>,
    {
        let row = Scope::Visible.select::<E>(&self.read_tx, Condition::all().add(primary_key::<E>()?.eq(id)));
        let both =
            row.find_both_related(client::Entity).filter(client::Entity::visible_to(&self.viewer)).lock_exclusive();
        let (row, dossier) = both.one(&self.read_tx.tx).await?.ok_or_else(|| UserError::not_found(field))?;
        Ok((self.authorize_row(action, row)?, dossier))
    }

    /// Returns a row if the viewer may do this with it. The row is about to be inserted, or this transaction has read
    /// it.
    pub fn authorize_row<E: ActionPolicy>(&self, action: E::Action, row: E::Model) -> Result<Allowed<E>, Error> {
        match &self.viewer {
            Viewer::Member(member) => {
                dossier_policy::permit::<E>(member, action, &row).map_err(UserError::forbidden)?;
            }
            Viewer::System { .. } => {}
            Viewer::Anonymous | Viewer::SigningIn { .. } | Viewer::Platform { .. } | Viewer::Worker { .. } => {
                return Err(UserError::forbidden(E::denial(action)).into());
            }
        }
        Ok(Allowed::new(row))
    }

    /// Inserts a row, and enqueues its event.
    pub async fn insert<E>(&self, row: Allowed<E>, event: DomainEvent) -> Result<Allowed<E>, Error>
    where
        E: ActionPolicy,
        E::Model: EventSubject + IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: ActiveModelBehavior + Send,
    {
        self.insert_row(&*row).await?;
        self.enqueue(event);
        Ok(row)
    }

    /// Updates the columns in which `after` differs from `before`, and enqueues the event.
    pub async fn update<E>(&self, before: &Allowed<E>, after: E::Model, event: DomainEvent) -> Result<Allowed<E>, Error>
    where
        E: ActionPolicy,
        E::Model: EventSubject + IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: ActiveModelBehavior + Send,
    {
        self.update_row(&**before, &after).await?;
        self.enqueue(event);
        Ok(Allowed::new(after))
    }

    /// Enqueues an event about a row of which only parts change.
    pub fn record<E>(&self, _subject: &Allowed<E>, event: DomainEvent)
    where
        E: ActionPolicy,
        E::Model: EventSubject,
    {
        self.enqueue(event);
    }

    /// Inserts a part of a row that the viewer may change.
    pub async fn insert_part<P, M>(&self, _whole: &Allowed<P>, part: M) -> Result<M, Error>
    where
        P: ActionPolicy,
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: PartOf<P> + RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.insert_row(&part).await?;
        Ok(part)
    }

    /// Updates a part of a row that the viewer may change.
    pub async fn update_part<P, M>(&self, _whole: &Allowed<P>, before: &M, after: M) -> Result<M, Error>
    where
        P: ActionPolicy,
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: PartOf<P> + RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.update_row(before, &after).await?;
        Ok(after)
    }

    /// Deletes the parts that meet the condition and that the viewer sees.
    pub async fn delete_parts<P, E>(&self, _whole: &Allowed<P>, condition: impl IntoCondition) -> Result<u64, Error>
    where
        P: ActionPolicy,
        E: PartOf<P>,
    {
        self.delete_rows::<E>(condition).await
    }

    /// Inserts a part of a row on behalf of Dossier itself. The permission to write the row covers a part that its viewer
    /// could not write alone.
    pub async fn insert_part_as_system<P, M>(&self, _whole: &Allowed<P>, part: M) -> Result<M, Error>
    where
        P: ActionPolicy,
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: PartOf<P> + RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.check_system_reach(&part)?;
        let insert = M::Entity::insert(part.clone().into_active_model().reset_all()).into_query();
        Change::insert::<M::Entity>(insert).make(&self.read_tx.tx.with(RlsMode::Whole)).await?;
        Ok(part)
    }

    /// Updates a part of a row on behalf of Dossier itself, as [`WriteTx::insert_part_as_system`] inserts one.
    pub async fn update_part_as_system<P, M>(&self, _whole: &Allowed<P>, before: &M, after: M) -> Result<M, Error>
    where
        P: ActionPolicy,
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: PartOf<P> + RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.check_system_reach(&after)?;
        if let Some(change) = difference(before, &after) {
            change.make(&self.read_tx.tx.with(RlsMode::Whole)).await?;
        }
        Ok(after)
    }

    /// Inserts a row whose changes leave no event.
    pub async fn insert_without_event<M>(&self, row: M) -> Result<M, Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: WithoutEvent + RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.insert_row(&row).await?;
        Ok(row)
    }

    /// Updates a row whose changes leave no event.
    pub async fn update_without_event<M>(&self, before: &M, after: M) -> Result<M, Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: WithoutEvent + RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.update_row(before, &after).await?;
        Ok(after)
    }

    /// Deletes rows whose changes leave no event: those that meet the condition and that the viewer sees.
    pub async fn delete_without_event<E: WithoutEvent>(&self, condition: impl IntoCondition) -> Result<u64, Error> {
        self.delete_rows::<E>(condition).await
    }

    async fn insert_row<M>(&self, row: &M) -> Result<(), Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        self.check_reach(row).await?;
        let insert = M::Entity::insert(row.clone().into_active_model().reset_all()).into_query();
        self.make(row, Change::insert::<M::Entity>(insert), &self.read_tx.tx).await
    }

    async fn update_row<M>(&self, before: &M, after: &M) -> Result<(), Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: RowPolicy<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        let Some(change) = difference(before, after) else { return Ok(()) };
        if !M::Entity::CHANGES {
            return Err(Error::internal("a row was about to be changed that never changes"));
        }
        self.check_reach(after).await?;
        let leaves = self.viewer.member().is_some_and(|member| member.grant.may_lose_sight());
        let tx = self.read_tx.tx.with(if leaves { RlsMode::Leaving } else { RlsMode::Own });
        self.make(after, change, &tx).await
    }

    async fn delete_rows<E: RowPolicy>(&self, condition: impl IntoCondition) -> Result<u64, Error> {
        if !E::removable_for(&self.viewer) {
            return Err(Error::internal("rows were about to be removed by a viewer who may not"));
        }
        let visible = E::visible_to(&self.viewer);
        Ok(E::delete_many().filter(visible).filter(condition).exec(&self.read_tx.tx).await?.rows_affected)
    }

    /// Enqueues an event. It gets its number when the transaction commits.
    fn enqueue(&self, event: DomainEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    /// Executes a change, or queues it if the row belongs to a dossier. Other rows are inserted at once, because later
    /// statements may refer to them.
    async fn make<M: ModelTrait>(&self, row: &M, change: Change, tx: &Transaction) -> Result<(), Error>
    where
        M::Entity: RowPolicy<Model = M>,
    {
        match M::Entity::resource_scope(row) {
            ResourceScope::Dossier { .. } => Ok(tx.change(change).await?),
            _ => Ok(change.make(tx).await?),
        }
    }

    /// Fails unless the changed row is within the viewer's organization, sites and client. It protects against a
    /// missing check elsewhere.
    async fn check_reach<M: ModelTrait>(&self, row: &M) -> Result<(), Error>
    where
        M::Entity: RowPolicy<Model = M>,
    {
        let within = match dossier_policy::reaches::<M::Entity>(&self.viewer, row) {
            Reach::Known(known) => known,
            Reach::IfClient(id) => self.get::<client::Entity>(id).await?.is_some(),
            Reach::IfSite(id) => self.get::<site::Entity>(id).await?.is_some(),
            Reach::IfMembership(id) => self.get::<membership::Entity>(id).await?.is_some(),
        };
        if within { Ok(()) } else { Err(Error::internal("a row was about to be left outside the viewer's reach")) }
    }

    /// Fails unless Dossier itself may write this row in the viewer's organization.
    fn check_system_reach<M: ModelTrait>(&self, row: &M) -> Result<(), Error>
    where
        M::Entity: RowPolicy<Model = M>,
    {
        let system = Viewer::system(self.organization()?, SystemPurpose::Identity);
        match dossier_policy::reaches::<M::Entity>(&system, row) {
            Reach::Known(true) => Ok(()),
            _ => Err(Error::internal("a row was about to be left outside the organization")),
        }
    }

    /// Enqueues an entry of the audit log. It is appended when the transaction commits.
    pub fn audit(&self, record: AuditRecord) {
        self.audit_records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    /// Erases the names, addresses and texts of these entries. Only Dossier itself can do this.
    /// Returns their number.
    pub async fn erase_audit_details(&self, entries: &[Uuid]) -> Result<u64, Error> {
        self.delete_rows::<audit_detail::Entity>(audit_detail::Column::EntryId.is_in(entries.iter().copied())).await
    }

    /// Returns the next number of a series. Nobody else gets this number, and it is lost only if the transaction rolls
    /// back.
    pub async fn next_number(&self, series: &str) -> Result<i64, Error> {
        outbox::increase(&self.read_tx.tx, self.organization()?, series, 1).await
    }

    /// Raises a series to at least this number.
    pub async fn raise(&self, series: &str, to: i64) -> Result<(), Error> {
        outbox::raise(&self.read_tx.tx, self.organization()?, series, to).await
    }

    /// Commits, and wakes the subscribers and the job runner.
    pub async fn commit(self) -> Result<(), Error> {
        self.end(Transaction::commit).await
    }

    /// Ends the transaction as [`WriteTx::commit`] does, with a given function for the commit. The audit log is appended to
    /// before the events, because more processes wait for the counter of events. The events are numbered last. The row of
    /// the counter is therefore locked as briefly as possible, and after all rows that others may hold. An event refers to its dossier, and this reference locks the dossier only when the statement ends. The
    /// transaction must therefore hold that lock already.
    pub(super) async fn end<T>(self, commit: impl AsyncFnOnce(Transaction) -> Result<T, Error>) -> Result<T, Error> {
        let Self { read_tx, notifier, events, audit_records, origin, client_mutation_id, jobs, has_enqueued } = self;
        let events = events.into_inner().unwrap_or_else(PoisonError::into_inner);
        let audit_records = audit_records.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !audit_records.is_empty() {
            audit::append(&read_tx, &origin, audit_records).await?;
        }
        let woken = if events.is_empty() { None } else { Some(read_tx.organization()?) };
        if let Some(organization) = woken {
            let (actor, id) = (read_tx.viewer.actor(), client_mutation_id.as_deref());
            outbox::append(&read_tx.tx, organization, &actor, id, read_tx.now, events).await?;
        }
        let ReadTx { tx, loaders, .. } = read_tx;
        drop(loaders);
        let ended = commit(tx).await?;
        if let Some(organization) = woken {
            notifier.wake(organization);
        }
        if has_enqueued.into_inner() {
            jobs.wake();
        }
        Ok(ended)
    }
}

/// Returns the update of the columns in which `after` differs from `before`.
fn difference<M>(before: &M, after: &M) -> Option<Change>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior,
{
    let mut changes = before.clone().into_active_model();
    for column in <M::Entity as EntityTrait>::Column::iter() {
        changes.set_if_not_equals(column, after.get(column));
    }
    if !changes.is_changed() {
        return None;
    }
    let mut update = M::Entity::update_many().set(changes);
    for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
        let column = key.into_column();
        update = update.filter(column.eq(before.get(column)));
    }
    Some(Change::update::<M::Entity>(update.into_query()))
}
