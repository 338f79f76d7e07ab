//! The writing side of the outbox. The sequence comes from a row that stays locked until the commit. The order of
//! sequences is therefore the order of commits, and no reader can skip an event that commits late.

#![expect(clippy::disallowed_methods, reason = "a transaction that writes calls this when it commits")]

use crate::{Change, Transaction};
use chrono::{DateTime, Utc};
use dossier_core::{clock::new_id, error::Error, viewer::Actor};
use dossier_policy::{Audience, EventSubject};
use entities::{client, counter, event};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, Insert,
    IntoActiveModel, Iterable, ModelTrait, QueryResult, QueryTrait, Statement,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The version of the format in which events are written.
const FORMAT: i32 = 1;

/// The name of the series that numbers events.
pub const SERIES: &str = "EVENT";

/// The alias of the new numbers within the statement that increases the counter.
const COUNTED: &str = "counted";

/// An event that has no number and no actor yet.
pub struct DomainEvent {
    kind: event::Kind,
    client: Uuid,
    subject_kind: event::SubjectKind,
    subject: Uuid,
    before: Option<Audience>,
    after: Option<Audience>,
}

impl DomainEvent {
    /// Creates the event of an added subject.
    pub fn added<S: EventSubject>(kind: event::Kind, dossier: &client::Model, subject: &S) -> Self {
        Self::new(kind, dossier, subject.id(), S::KIND, None, Some(subject.audience(dossier)))
    }

    /// Creates the event of a changed subject.
    pub fn changed<S: EventSubject>(kind: event::Kind, dossier: &client::Model, before: &S, after: &S) -> Self {
        let (was, is) = (before.audience(dossier), after.audience(dossier));
        Self::new(kind, dossier, after.id(), S::KIND, Some(was), Some(is))
    }

    /// Hides the event from the client, because the change concerns fields that only the agency sees.
    #[must_use]
    pub fn agency_only(mut self) -> Self {
        for audience in [&mut self.before, &mut self.after].into_iter().flatten() {
            audience.internal = Some(true);
        }
        self
    }

    /// Creates the event of a removed subject.
    pub fn removed<S: EventSubject>(kind: event::Kind, dossier: &client::Model, subject: &S) -> Self {
        Self::new(kind, dossier, subject.id(), S::KIND, Some(subject.audience(dossier)), None)
    }

    fn new(
        kind: event::Kind,
        dossier: &client::Model,
        subject: Uuid,
        subject_kind: event::SubjectKind,
        before: Option<Audience>,
        after: Option<Audience>,
    ) -> Self {
        Self { kind, client: dossier.id, subject_kind, subject, before, after }
    }

    /// Converts the event to a row with its number and its actor.
    pub fn numbered(
        self,
        organization: Uuid,
        number: i64,
        id: Uuid,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> event::Model {
        let (before_present, after_present) = (self.before.is_some(), self.after.is_some());
        let (before, after) = (self.before.unwrap_or_default(), self.after.unwrap_or_default());
        event::Model {
            organization_id: organization,
            number,
            id,
            format: FORMAT,
            client_id: self.client,
            kind: self.kind,
            subject_kind: self.subject_kind,
            subject_id: self.subject,
            actor_kind: actor.kind,
            actor_id: actor.user,
            actor_name: actor.name.clone(),
            client_mutation_id: None,
            occurred_at: now,
            before_present,
            before_site_id: before.site,
            before_zone: before.zone,
            before_visible: before.visible,
            before_internal: before.internal,
            before_draft: before.draft,
            after_present,
            after_site_id: after.site,
            after_zone: after.zone,
            after_visible: after.visible,
            after_internal: after.internal,
            after_draft: after.draft,
        }
    }
}

/// Numbers the events and inserts them. It is one statement, where the database can increase the counter within the
/// insert.
pub async fn append(
    tx: &Transaction,
    organization: Uuid,
    actor: &Actor,
    client_mutation_id: Option<&str>,
    now: DateTime<Utc>,
    events: Vec<DomainEvent>,
) -> Result<(), Error> {
    let count = i64::try_from(events.len()).map_err(Error::internal)?;
    let (last, counting) = if tx.get_database_backend() == DbBackend::Postgres {
        let mut counting = increase_statement(organization, SERIES, count).into_query();
        counting.returning_col(counter::Column::Value);
        let last = Query::select().column(counter::Column::Value).from(COUNTED).take();
        (Expr::SubQuery(None, Box::new(last.into())), Some((COUNTED, counting)))
    } else {
        (Expr::val(increase(tx, organization, SERIES, count).await?), None)
    };
    let mut insert = Query::insert();
    insert.into_table(event::Entity).columns(event::Column::iter());
    for (from_last, event) in (1 - count..).zip(events) {
        let numbered = event.numbered(organization, from_last, new_id(now), actor, now);
        let row = event::Model { client_mutation_id: client_mutation_id.map(str::to_owned), ..numbered };
        let values = event::Column::iter().map(|column| match column {
            event::Column::Number => last.clone().add(from_last),
            column => column.save_as(Expr::val(row.get(column))),
        });
        insert.values(values).map_err(Error::internal)?;
    }
    Ok(tx.change(Change::insert::<event::Entity>(insert).after(counting)).await?)
}

/// Increases the number of a series and returns it.
pub(crate) async fn increase(tx: &Transaction, organization: Uuid, series: &str, by: i64) -> Result<i64, Error> {
    Ok(increase_statement(organization, series, by).exec_with_returning(tx).await?.value)
}

fn increase_statement(organization: Uuid, series: &str, by: i64) -> Insert<counter::ActiveModel> {
    let value = Expr::col((counter::Entity, counter::Column::Value));
    set(organization, series, by, value.add(by))
}

/// Raises a series to at least this number.
pub(crate) async fn raise(tx: &Transaction, organization: Uuid, series: &str, to: i64) -> Result<(), Error> {
    let value = Expr::col((counter::Entity, counter::Column::Value));
    let then = Expr::case(value.clone().lt(to), to).finally(value);
    set(organization, series, to, then.into()).exec_without_returning(tx).await?;
    Ok(())
}

/// Sets a series to `then`, or to `first` if the series does not exist yet.
fn set(organization: Uuid, series: &str, first: i64, then: Expr) -> Insert<counter::ActiveModel> {
    use counter::{Column, Entity, Model};
    let row = Model { organization_id: organization, name: series.to_owned(), value: first };
    let there = OnConflict::columns([Column::OrganizationId, Column::Name]).value(Column::Value, then).to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(there)
}

/// The series that holds the last deleted number. All events up to it are deleted.
pub const CLEARED: &str = "EVENT_CLEARED";

/// The series that holds a time, in seconds since 1970. All deleted events happened before it.
pub const CLEARED_BEFORE: &str = "EVENT_CLEARED_BEFORE";

/// The series that counts how often the database was put back to an earlier state.
pub const RESTORED: &str = "EVENT_RESTORED";

/// The series that counts how often access may have changed. Triggers increase it.
const ACCESS: &str = "ACCESS";

/// The range of an organization's events, as one transaction sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Ends {
    /// The sequence of the last event, or 0 before the first.
    pub last: i64,
    /// The sequence up to which events are deleted.
    pub cleared: i64,
    /// The time before which all deleted events happened, in seconds since 1970.
    pub cleared_before: i64,
    /// The epoch. It changes when the database is put back to an earlier state, because sequences are then given anew.
    pub epoch: i64,
    /// How often access may have changed.
    pub access: i64,
}

/// Identifies the history of the database. A restored dump has other tables, and perhaps another cluster. A promoted
/// standby, or a cluster that was recovered to a point in time, has another timeline. The table of the counters
/// identifies the tables. The table of events would not, because its identity changes when it is divided into
/// partitions, and the history does not.
const HISTORY: &str = "hashtextextended(concat_ws('/', (SELECT system_identifier FROM pg_control_system()), \
    substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), \
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'counter'::regclass::oid), 0)";

/// Returns the range of an organization's events.
pub async fn ends(tx: &Transaction, organization: Uuid) -> Result<Ends, Error> {
    let history = if tx.get_database_backend() == DbBackend::Postgres { HISTORY } else { "0" };
    let value = |name| format!("coalesce(max(CASE name WHEN '{name}' THEN value END), 0)");
    let mut ask = Query::select();
    ask.expr_as(Expr::cust(value(SERIES)), "last")
        .expr_as(Expr::cust(value(CLEARED)), "cleared")
        .expr_as(Expr::cust(value(CLEARED_BEFORE)), "cleared_before")
        .expr_as(Expr::cust(format!("{history} + {}", value(RESTORED))), "epoch")
        .expr_as(Expr::cust(value(ACCESS)), "access")
        .from(counter::Entity)
        .and_where(counter::Column::OrganizationId.eq(organization))
        .and_where(counter::Column::Name.is_in([SERIES, CLEARED, CLEARED_BEFORE, RESTORED, ACCESS]));
    let found = Ends::find_by_statement(tx.get_database_backend().build(&ask)).one(tx).await?;
    found.ok_or_else(|| Error::internal("an aggregate without a row"))
}

/// Returns how often access has changed in each of these organizations, for any viewer. Organizations without a number
/// are missing.
pub(crate) async fn access_changes(tx: &Transaction, organizations: &[Uuid]) -> Result<HashMap<Uuid, i64>, Error> {
    let backend = tx.get_database_backend();
    let ask = if backend == DbBackend::Postgres {
        let list: Vec<_> = organizations.iter().map(Uuid::to_string).collect();
        Statement::from_sql_and_values(backend, "SELECT * FROM dossier_access($1)", [list.join(",").into()])
    } else {
        let mut ask = Query::select();
        ask.expr_as(counter::Column::OrganizationId.into_expr(), "organization")
            .expr_as(counter::Column::Value.into_expr(), "changes")
            .from(counter::Entity)
            .and_where(counter::Column::Name.eq(ACCESS))
            .and_where(counter::Column::OrganizationId.is_in(organizations.iter().copied()));
        backend.build(&ask)
    };
    let rows = tx.query_all_raw(ask).await?;
    let read = |row: QueryResult| Ok((row.try_get("", "organization")?, row.try_get("", "changes")?));
    Ok(rows.into_iter().map(read).collect::<Result<_, DbErr>>()?)
}
