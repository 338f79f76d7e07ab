//! A transaction on `PostgreSQL`, entered by its viewer.
//!
//! `SeaORM`'s own transaction would take a round trip to begin and another to set the viewer.

use super::transaction::{Entry, Mode, Sight, Terms};
use crate::viewer::Viewer;
use sea_orm::{
    ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, PgConnection, PgPool, Postgres, pool::PoolConnection, query::Query},
};
use sea_query_sqlx::SqlxValues;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// How often a connection that turns out to be dead is replaced before the database counts as away: more often than
/// a pool has connections, for after a restart of the database they are all dead.
const ATTEMPTS: usize = 64;

type Connection = PoolConnection<Postgres>;

/// An open transaction. Dropped without a commit, it is rolled back.
pub(super) struct Transaction(Mutex<State>);

struct State {
    /// Taken out by the end.
    connection: Option<Connection>,
    prepared: bool,
    /// What the second wall lets through; unknown while that is being changed.
    sight: Option<Sight>,
}

impl Transaction {
    /// Begins and enters in one round trip; returns what is known of the session's member.
    pub(super) async fn begin(
        pool: &PgPool,
        terms: Terms,
        mode: Mode,
        entry: &Entry<'_>,
    ) -> Result<(Self, Option<QueryResult>), DbErr> {
        let sql = format!("{}; {}", opening(mode, terms), entering(entry));
        for _ in 0..ATTEMPTS {
            let connection = pool.acquire().await.map_err(not_acquired)?;
            // From here on, whatever ends this future also ends the transaction that may have begun.
            let mut tx = Self(Mutex::new(State {
                connection: Some(connection),
                prepared: terms.prepared,
                sight: Some(Sight::Own),
            }));
            let state = tx.0.get_mut();
            match sqlx::raw_sql(AssertSqlSafe(&*sql)).fetch_optional(state.connection()?).await {
                Ok(row) => return Ok((tx, row.map(QueryResult::from))),
                // The connection died while nobody used it, and nothing has been done on it yet.
                Err(error) if is_gone(&error) => state.give_up(),
                Err(error) => return Err(DbErr::Conn(cause(error))),
            }
        }
        Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    pub(super) async fn execute(&self, statement: &Statement, sight: Sight) -> Result<ExecResult, DbErr> {
        let mut state = self.seeing(sight).await?;
        let result = query(statement, state.prepared).execute(state.connection()?).await;
        result.map(ExecResult::from).map_err(|error| DbErr::Exec(cause(error)))
    }

    pub(super) async fn query_one(&self, statement: &Statement, sight: Sight) -> Result<Option<QueryResult>, DbErr> {
        let mut state = self.seeing(sight).await?;
        let row = query(statement, state.prepared).fetch_optional(state.connection()?).await;
        row.map(|row| row.map(QueryResult::from)).map_err(|error| DbErr::Query(cause(error)))
    }

    pub(super) async fn query_all(&self, statement: &Statement, sight: Sight) -> Result<Vec<QueryResult>, DbErr> {
        let mut state = self.seeing(sight).await?;
        let rows = query(statement, state.prepared)
            .fetch_all(state.connection()?)
            .await
            .map_err(|error| DbErr::Query(cause(error)))?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let mut state = self.0.lock().await;
        sqlx::raw_sql("COMMIT").execute(state.connection()?).await.map_err(|error| DbErr::Exec(cause(error)))?;
        state.connection = None;
        Ok(())
    }

    /// The connection, with this sight.
    async fn seeing(&self, sight: Sight) -> Result<MutexGuard<'_, State>, DbErr> {
        let mut state = self.0.lock().await;
        if state.sight != Some(sight) {
            state.sight = None;
            let (viewer, leaving) = match sight {
                Sight::Own => ("current_setting('dossier.standing')", "''"),
                Sight::Whole => ("'SYSTEM'", "''"),
                Sight::Leaving => ("current_setting('dossier.standing')", "'on'"),
            };
            let sql = format!(
                "SELECT set_config('dossier.viewer', {viewer}, true), set_config('dossier.leaving', {leaving}, true)"
            );
            let set = sqlx::raw_sql(AssertSqlSafe(sql)).execute(state.connection()?).await;
            set.map_err(|error| DbErr::Exec(cause(error)))?;
            state.sight = Some(sight);
        }
        Ok(state)
    }
}

impl State {
    fn connection(&mut self) -> Result<&mut PgConnection, DbErr> {
        self.connection.as_deref_mut().ok_or_else(|| DbErr::Custom("the transaction is over".to_owned()))
    }

    fn give_up(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.0.get_mut().connection.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            connection.close_on_drop();
            return;
        };
        runtime.spawn(async move {
            if sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
                connection.close_on_drop();
            }
        });
    }
}

/// Begins, with limits that end with the transaction: in milliseconds, as the database counts.
fn opening(mode: Mode, terms: Terms) -> String {
    let characteristics = match mode {
        Mode::Read => "ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Mode::Write => "ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    let [statement, lock, idle] = [terms.statement, terms.lock, terms.idle].map(|limit| limit.as_millis());
    format!(
        "BEGIN {characteristics}; SET LOCAL statement_timeout = {statement}; SET LOCAL lock_timeout = {lock}; \
         SET LOCAL idle_in_transaction_session_timeout = {idle}"
    )
}

/// Sets the viewer. What is put into the text are names and identifiers of ours.
fn entering(entry: &Entry<'_>) -> String {
    let (name, setting) = match entry {
        Entry::Session(session) => return format!("SELECT * FROM dossier_enter('{session}')"),
        Entry::Viewer(Viewer::Member(member)) => return entering(&Entry::Session(member.session)),
        Entry::Viewer(Viewer::Anonymous) => ("ANONYMOUS", None),
        Entry::Viewer(Viewer::SigningIn { user }) => ("SIGNING_IN", Some(("user", user))),
        Entry::Viewer(Viewer::Platform) => ("PLATFORM", None),
        Entry::Viewer(Viewer::System { organization }) => ("SYSTEM", Some(("organization", organization))),
    };
    let setting = setting.map(|(setting, id)| format!(", set_config('dossier.{setting}', '{id}', true)"));
    format!(
        "SELECT set_config('dossier.viewer', '{name}', true), set_config('dossier.standing', '{name}', true){}",
        setting.unwrap_or_default()
    )
}

fn query(statement: &Statement, prepared: bool) -> Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(&*statement.sql), SqlxValues(values)).persistent(prepared)
}

/// Whether the connection is of no more use: the network ended it, or the database did because it stops.
fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(cause(error)),
    }
}

fn cause(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}
