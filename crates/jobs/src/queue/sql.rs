//! Statements in the words of both databases.

use crate::Error;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::time::Duration;
use uuid::Uuid;

/// The values of a statement, and how each stands in its text.
///
/// The states of jobs stand in the text itself: neither database would find a partial index by a value.
pub(crate) struct Sql {
    backend: DbBackend,
    now: DateTime<Utc>,
    values: Vec<Value>,
}

impl Sql {
    /// Begins a statement for the database of a transaction. `now` is the process's time.
    pub(crate) fn new(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Self {
        Self { backend: tx.get_database_backend(), now, values: Vec::new() }
    }

    /// Adds a value, and returns the placeholder for it.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds values, and returns the list of their placeholders.
    pub(crate) fn bind_all(&mut self, values: impl IntoIterator<Item = Uuid>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }

    /// Returns the time of the database where it has one, which is when the statement begins. A wait for a lock in an
    /// earlier statement is over by then.
    pub(crate) fn now(&mut self) -> String {
        if self.is_postgres() { "statement_timestamp()".to_owned() } else { self.bind(self.now) }
    }

    /// Returns a later time.
    pub(crate) fn after(&mut self, pause: Duration) -> Result<String, Error> {
        if self.is_postgres() {
            let milliseconds = i64::try_from(pause.as_millis()).map_err(|_| Error::Time)?;
            Ok(format!("statement_timestamp() + {} * interval '1 millisecond'", self.bind(milliseconds)))
        } else {
            let later = chrono::TimeDelta::from_std(pause).ok().and_then(|pause| self.now.checked_add_signed(pause));
            Ok(self.bind(later.ok_or(Error::Time)?))
        }
    }

    /// Returns an earlier time.
    pub(crate) fn before(&mut self, age: Duration) -> Result<String, Error> {
        if self.is_postgres() {
            let milliseconds = i64::try_from(age.as_millis()).map_err(|_| Error::Time)?;
            Ok(format!("statement_timestamp() - {} * interval '1 millisecond'", self.bind(milliseconds)))
        } else {
            let earlier = chrono::TimeDelta::from_std(age).ok().and_then(|age| self.now.checked_sub_signed(age));
            Ok(self.bind(earlier.ok_or(Error::Time)?))
        }
    }

    /// Locks the rows that a query finds, where the database knows such locks. Rows that others hold are left out.
    pub(crate) fn skip_locked(&self) -> &'static str {
        if self.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" }
    }

    /// As [`Sql::skip_locked`], and waits for rows that others hold.
    pub(crate) fn for_update(&self) -> &'static str {
        if self.is_postgres() { "FOR UPDATE" } else { "" }
    }

    /// Completes the statement.
    pub(crate) fn statement(self, text: impl Into<String>) -> Statement {
        Statement::from_sql_and_values(self.backend, text, self.values)
    }

    fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }
}

/// Returns the time that counts for leases and schedules.
pub(crate) async fn database_time(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(now);
    }
    let row = tx.query_one_raw(Sql::new(tx, now).statement("SELECT statement_timestamp()")).await?;
    Ok(row.ok_or(Error::Time)?.try_get_by_index(0)?)
}
