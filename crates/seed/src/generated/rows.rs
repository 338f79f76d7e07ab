//! Generated rows that are not in the database yet, and their insertion without checks.

use super::random::Random;
use chrono::{DateTime, Utc};
use dossier_core::viewer::Actor;
use dossier_data::{DomainEvent, outbox};
use dossier_domain::invoice::with_keys;
use entities::{
    client, conversation, counter, document, document_version, event, invoice, invoice_line, membership,
    membership::Role, membership_site, message, organization, payment, site, user, validation_comment,
    validation_request, validation_step, validation_version,
};
use indicatif::ProgressBar;
use sea_orm::{
    ActiveEnum, ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend,
    DbErr, EntityName, EntityTrait, IntoActiveModel, Iterable, ModelTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use std::{
    collections::{BTreeMap, HashMap},
    mem,
};
use uuid::Uuid;

/// Returns the number of rows of a statement. `SQLite` accepts 32,766 values, and gains nothing from that many.
/// `PostgreSQL` accepts 65,535, and gets them, because `sqlx` leaves Nagle's algorithm on (RFC 896). Each statement
/// longer than a packet waits 40 ms for an acknowledgement, whatever its size.
fn rows_at_once(backend: DbBackend, columns: usize) -> usize {
    match backend {
        DbBackend::Postgres => 65_535 / columns,
        _ => 10_000 / columns,
    }
}

/// An event without a number.
pub struct NewEvent {
    at: DateTime<Utc>,
    actor: Actor,
    event: DomainEvent,
}

/// The rows of an organization, or of some of its dossiers.
#[derive(Default)]
pub struct Rows {
    /// The people who can sign in.
    pub people: Vec<(String, Role)>,
    /// The number of people in the organization. Their addresses contain it.
    pub member_count: u32,
    pub organizations: Vec<organization::Model>,
    pub sites: Vec<site::Model>,
    pub users: Vec<user::Model>,
    pub clients: Vec<client::Model>,
    pub memberships: Vec<membership::Model>,
    pub membership_sites: Vec<membership_site::Model>,
    pub documents: Vec<document::Model>,
    pub versions: Vec<document_version::Model>,
    pub conversations: Vec<conversation::Model>,
    pub messages: Vec<message::Model>,
    pub requests: Vec<validation_request::Model>,
    pub steps: Vec<validation_step::Model>,
    pub request_versions: Vec<validation_version::Model>,
    pub comments: Vec<validation_comment::Model>,
    pub invoices: Vec<invoice::Model>,
    pub lines: Vec<invoice_line::Model>,
    pub payments: Vec<payment::Model>,
    events: Vec<event::Model>,
    new_events: Vec<NewEvent>,
    /// The issued quotes, invoices and credit notes, with their times.
    issued: Vec<(DateTime<Utc>, Uuid)>,
    series: BTreeMap<String, i64>,
}

impl Rows {
    /// Adds an event.
    pub fn add_event(&mut self, at: DateTime<Utc>, actor: &Actor, event: DomainEvent) {
        self.new_events.push(NewEvent { at, actor: actor.clone(), event });
    }

    /// Gives a quote, invoice or credit note its place in the series.
    pub fn issue(&mut self, at: DateTime<Utc>, id: Uuid) {
        self.issued.push((at, id));
    }

    /// Numbers the events in the order of their times. Events of later calls must have later times.
    pub fn number(&mut self, organization: Uuid, random: &mut Random) {
        self.number_invoices();
        let mut new_events = mem::take(&mut self.new_events);
        // A stable sort keeps the order of a dossier's simultaneous events.
        new_events.sort_by_key(|event| event.at);
        for NewEvent { at, actor, event } in new_events {
            let number = self.next(outbox::SERIES.to_owned());
            self.events.push(event.numbered(organization, number, random.id(at), &actor, at));
        }
    }

    fn number_invoices(&mut self) {
        let mut issued = mem::take(&mut self.issued);
        issued.sort_unstable();
        let places: HashMap<_, _> = self.invoices.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        for (_, id) in issued {
            let place = places[&id];
            let row = &self.invoices[place];
            let series = format!("{}-{}", row.kind.to_value(), row.year.unwrap_or_default());
            self.invoices[place].sequence = i32::try_from(self.next(series)).ok();
        }
        self.invoices = self.invoices.drain(..).map(with_keys).collect();
    }

    fn next(&mut self, series: String) -> i64 {
        let last = self.series.entry(series).or_default();
        *last += 1;
        *last
    }

    /// Writes all rows, and removes them from memory. Returns their number. `analyze` updates statistics while the
    /// tables grow. `PostgreSQL` plans the checks of foreign keys once per connection, and would choose a bad index for
    /// tables that it believes empty.
    pub async fn write(&mut self, tx: &DatabaseTransaction, bar: &ProgressBar, analyze: bool) -> Result<u64, DbErr> {
        // A document and its version refer to each other. One reference can only be written when both rows exist.
        let published: Vec<_> = self.documents.iter_mut().filter_map(|row| row.published_version_id.take()).collect();
        let mut written = 0;
        macro_rules! write {
            ($($table:ident)*) => { $(written += insert(tx, mem::take(&mut self.$table), bar, analyze).await?;)* };
        }
        // Each table after those to which it refers.
        write!(organizations sites users clients memberships membership_sites documents versions);
        for versions in published.chunks(rows_at_once(tx.get_database_backend(), 1)) {
            publish(tx, versions).await?;
        }
        write!(conversations messages requests steps request_versions comments invoices lines payments events);
        Ok(written)
    }

    /// Writes the last number of each of the organization's series.
    pub async fn write_counters(
        &mut self,
        organization: Uuid,
        tx: &DatabaseTransaction,
        bar: &ProgressBar,
    ) -> Result<u64, DbErr> {
        let series = mem::take(&mut self.series);
        let rows =
            series.into_iter().map(|(name, value)| counter::Model { organization_id: organization, name, value });
        insert(tx, rows.collect(), bar, false).await
    }
}

#[expect(clippy::disallowed_methods, reason = "a transaction adds one row at a time, and would check generated rows")]
async fn insert<M>(tx: &DatabaseTransaction, rows: Vec<M>, bar: &ProgressBar, analyze: bool) -> Result<u64, DbErr>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
{
    let columns = <M::Entity as EntityTrait>::Column::iter().count();
    let at_once = rows_at_once(tx.get_database_backend(), columns);
    let mut rows = rows.into_iter();
    let mut written = 0;
    loop {
        let rows: Vec<_> = rows.by_ref().take(at_once).map(|row| row.into_active_model().reset_all()).collect();
        if rows.is_empty() {
            break;
        }
        let count = rows.len() as u64;
        M::Entity::insert_many(rows).exec_without_returning(tx).await?;
        bar.inc(count);
        written += count;
    }
    if analyze {
        tx.execute_unprepared(&format!("ANALYZE {}", M::Entity::default().table_name())).await?;
    }
    Ok(written)
}

async fn publish(tx: &DatabaseTransaction, versions: &[Uuid]) -> Result<(), DbErr> {
    use document_version::{Column, Entity};
    let statement = Query::update()
        .table(document::Entity)
        .value(document::Column::PublishedVersionId, Expr::col((Entity, Column::Id)))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::DocumentId)).equals((document::Entity, document::Column::Id)))
        .and_where(Column::Id.is_in(versions.iter().copied()))
        .to_owned();
    tx.execute(&statement).await.map(drop)
}
