//! A transaction on `PostgreSQL`, entered by its viewer.
//!
//! `SeaORM`'s own transaction would take a round trip to begin and another to set the viewer.

use super::{
    changes::{Change, Changes, judge},
    connections::ATTEMPTS,
    options::{Mode, Principal, RlsMode, SessionSettings},
    pool::{Connection, Pool, cause, roll_back_soon},
    scopes::stored,
};
use dossier_core::viewer::{Grant, Viewer};
use futures::StreamExt;
use migration::{EVERY_SCOPE, ViewerSettings};
use sea_orm::{
    ActiveEnum, ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{
        self, AssertSqlSafe, Connection as _, Either, PgConnection, Postgres, Row,
        postgres::{PgDatabaseError, PgRow, PgSeverity},
        query::Query,
    },
};
use sea_query_sqlx::SqlxValues;
use std::{pin::pin, time::Duration};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};
use uuid::Uuid;

/// How long a statement that nobody waits for any more may go on before it is cancelled. Most end by themselves by then,
/// and cancelling takes a connection of its own.
const MOMENT: Duration = Duration::from_millis(200);

/// How long cancelling may take before the connection is given up.
const CANCELLING: Duration = Duration::from_secs(5);

/// An open transaction. Dropped without a commit, it is rolled back.
pub(super) struct Transaction(Mutex<State>);

struct State {
    /// Taken out by the end.
    connection: Option<Connection>,
    pool: Pool,
    mode: Mode,
    /// Names the transaction while it is open.
    backend: Option<Backend>,
    prepared: bool,
    /// What the second wall lets through; unknown while that is being changed.
    rls_mode: Option<RlsMode>,
    /// What is made before anything else is asked.
    waiting: Changes,
    /// Whether the answer to the last statement has not been read to its end: it may still be running, or has failed.
    running: bool,
    /// Whether an error has shown that the connection is of no more use.
    gone: bool,
}

/// The database's process that runs a transaction, and since when it does: a process has one at a time, and behind a
/// pooler many after each other.
#[derive(Clone)]
struct Backend {
    process: i32,
    /// As the database writes it.
    began: String,
}

impl Transaction {
    /// Begins and enters in one round trip; returns what is known of the session's member.
    pub(super) async fn begin(
        pool: &Pool,
        session_settings: SessionSettings,
        mode: Mode,
        principal: &Principal<'_>,
    ) -> Result<(Self, Option<QueryResult>), DbErr> {
        let sql = beginning(mode, session_settings, principal);
        for _ in 0..ATTEMPTS {
            let mut connection = pool.lend().await?;
            let sql = [connection.ending(), &sql].concat();
            let mut tx = Self::on(connection, pool, session_settings, mode);
            let state = tx.0.get_mut();
            match sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(state.begin()?).await {
                Ok(mut rows) => {
                    let row = state.began(rows.pop());
                    return Ok((tx, row));
                }
                // The connection died while nobody used it, and nothing has been done on it yet.
                Err(error) if is_gone(&error) => state.give_up(),
                Err(error) => return Err(DbErr::Conn(cause(error))),
            }
        }
        Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// A transaction that is about to begin: whatever ends it also ends what may have begun.
    fn on(connection: Connection, pool: &Pool, session_settings: SessionSettings, mode: Mode) -> Self {
        Self(Mutex::new(State {
            connection: Some(connection),
            pool: pool.clone(),
            mode,
            backend: None,
            prepared: session_settings.prepared,
            rls_mode: Some(RlsMode::Own),
            waiting: Changes::default(),
            running: false,
            gone: false,
        }))
    }

    pub(super) async fn execute(&self, statement: &Statement, rls_mode: RlsMode) -> Result<ExecResult, DbErr> {
        let mut state = self.seeing(rls_mode).await?;
        let result = query(statement, state.prepared).execute(state.begin()?).await;
        let result = result.map_err(|error| DbErr::Exec(state.failed(error)))?;
        state.running = false;
        Ok(result.into())
    }

    pub(super) async fn query_one(
        &self,
        statement: &Statement,
        rls_mode: RlsMode,
    ) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all(statement, rls_mode).await?.into_iter().next())
    }

    pub(super) async fn query_all(&self, statement: &Statement, rls_mode: RlsMode) -> Result<Vec<QueryResult>, DbErr> {
        let mut state = self.seeing(rls_mode).await?;
        let rows = query(statement, state.prepared).fetch_all(state.begin()?).await;
        let rows = rows.map_err(|error| DbErr::Query(state.failed(error)))?;
        state.running = false;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }

    /// Makes the change before anything else is asked. Whether it waits for that alone.
    pub(super) async fn change(&self, change: Change) -> Result<bool, DbErr> {
        let mut state = self.0.lock().await;
        if !state.waiting.takes(&change) {
            state.make_changes().await?;
        }
        state.waiting.push(change);
        Ok(state.waiting.len() == 1)
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let mut state = self.0.lock().await;
        state.complete().await?;
        let committed = sqlx::raw_sql("COMMIT").execute(state.begin()?).await;
        committed.map_err(|error| DbErr::Exec(state.failed(error)))?;
        state.running = false;
        state.give_back();
        Ok(())
    }

    /// Commits, and begins one that reads in the same round trip. None where that could only commit.
    pub(super) async fn commit_and_read(
        self,
        session_settings: SessionSettings,
        viewer: &Viewer,
    ) -> Result<Option<Self>, DbErr> {
        let (connection, pool) = {
            let mut state = self.0.lock().await;
            state.complete().await?;
            (state.connection.take().ok_or_else(over)?, state.pool.clone())
        };
        let sql = format!("COMMIT; {}", beginning(Mode::Read, session_settings, &Principal::Viewer(viewer)));
        let mut tx = Self::on(connection, &pool, session_settings, Mode::Read);
        let state = tx.0.get_mut();
        let (mut committed, mut row) = (false, None);
        let mut answers = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(state.begin()?);
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(Either::Left(_)) => committed = true,
                Ok(Either::Right(found)) => row = Some(found),
                Err(_) if committed => return Ok(None),
                Err(error) => return Err(DbErr::Exec(cause(error))),
            }
        }
        drop(answers);
        state.began(row);
        Ok(Some(tx))
    }

    /// The connection, with this sight.
    async fn seeing(&self, rls_mode: RlsMode) -> Result<MutexGuard<'_, State>, DbErr> {
        let mut state = self.0.lock().await;
        state.make_changes().await?;
        state.see(rls_mode).await?;
        Ok(state)
    }
}

impl State {
    /// The connection, for a statement whose answer is then read to its end.
    fn begin(&mut self) -> Result<&mut PgConnection, DbErr> {
        self.running = true;
        self.connection.as_mut().map(Connection::wire).ok_or_else(over)
    }

    /// It has begun, with this answer.
    fn began(&mut self, row: Option<PgRow>) -> Option<QueryResult> {
        self.running = false;
        let row = row.map(QueryResult::from);
        self.backend = row.as_ref().and_then(Backend::of);
        row
    }

    /// Changes what the second wall lets through.
    async fn see(&mut self, rls_mode: RlsMode) -> Result<(), DbErr> {
        if self.rls_mode == Some(rls_mode) {
            return Ok(());
        }
        self.rls_mode = None;
        let home = "coalesce(current_setting('dossier.home', true), '')".to_owned();
        let (viewer, organization, leaving) = match rls_mode {
            RlsMode::Own => ("current_setting('dossier.standing')", home, "''"),
            RlsMode::Whole => ("'SYSTEM'", home, "''"),
            RlsMode::WholeOf(organization) => ("'SYSTEM'", format!("'{organization}'"), "''"),
            RlsMode::Leaving => ("current_setting('dossier.standing')", home, "'on'"),
        };
        let set = [("viewer", viewer), ("organization", &organization), ("leaving", leaving)];
        let set = set.map(|(name, value)| format!("set_config('dossier.{name}', {value}, true)"));
        let sql = format!("SELECT {}", set.join(", "));
        let set = sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.begin()?).await;
        set.map_err(|error| DbErr::Exec(self.failed(error)))?;
        self.running = false;
        self.rls_mode = Some(rls_mode);
        Ok(())
    }

    /// All that was written, and nothing that failed or that nobody waited for, is about to be committed.
    async fn complete(&mut self) -> Result<(), DbErr> {
        if self.running {
            return Err(DbErr::Custom("a statement before the commit did not come to its end".to_owned()));
        }
        self.make_changes().await
    }

    /// Makes the changes that wait.
    async fn make_changes(&mut self) -> Result<(), DbErr> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.see(RlsMode::Own).await?;
        let (statement, updates) = self.waiting.together();
        let changed = query(&statement, self.prepared).fetch_one(self.begin()?).await;
        let changed = changed.and_then(|row| row.try_get(0)).map_err(|error| DbErr::Exec(self.failed(error)))?;
        self.running = false;
        judge(updates, changed)
    }

    /// The connection is of use to others.
    fn give_back(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.take_back(connection);
        }
    }

    /// Remembers whether the error leaves the connection unusable: the answer to a further statement could be taken for
    /// another's.
    fn failed(&mut self, error: sqlx::Error) -> RuntimeErr {
        self.gone |= is_gone(&error);
        cause(error)
    }

    /// The connection is of no more use.
    fn give_up(&mut self) {
        self.connection = None;
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let State { connection, pool, mode, backend, running, gone, .. } = self.0.get_mut();
        let Some(mut connection) = connection.take().filter(|_| !*gone) else { return };
        if !*running {
            match mode {
                Mode::Read => pool.take_back_open(connection),
                // It may have locked rows that others wait for.
                Mode::Write if roll_back_soon(connection.wire()) => pool.take_back(connection),
                Mode::Write => {}
            }
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (pool, backend) = (pool.clone(), backend.take());
        runtime.spawn(async move {
            if roll_back(connection.wire(), &pool, backend).await.is_some() {
                pool.take_back(connection);
            }
        });
    }
}

fn over() -> DbErr {
    DbErr::Custom("the transaction is over".to_owned())
}

/// Ends the transaction, with the statement that it may still be running: whoever asked for it was told that it took too
/// long, or went away. None when the connection is of no more use.
async fn roll_back(connection: &mut PgConnection, pool: &Pool, backend: Option<Backend>) -> Option<()> {
    let mut rolling_back = pin!(sqlx::raw_sql("ROLLBACK").execute(connection));
    if let Ok(ended) = timeout(MOMENT, &mut rolling_back).await {
        return ended.ok().map(drop);
    }
    timeout(CANCELLING, backend?.cancel(pool)).await.ok()?.ok()?;
    timeout(CANCELLING, rolling_back).await.ok()?.ok().map(drop)
}

impl Backend {
    fn of(row: &QueryResult) -> Option<Self> {
        Some(Self { process: row.try_get("", "backend").ok()?, began: row.try_get("", "began").ok()? })
    }

    /// Cancels what the transaction is doing.
    async fn cancel(self, pool: &Pool) -> Result<(), sqlx::Error> {
        let mut connection = pool.aside().await?;
        let Self { process, began } = self;
        let sql = format!(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = {process} AND xact_start = '{began}'"
        );
        // In one message: outside a transaction, a pooler may give the second to another process.
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        connection.close().await
    }
}

/// Begins, and enters.
fn beginning(mode: Mode, session_settings: SessionSettings, principal: &Principal<'_>) -> String {
    format!("{}; {}", opening(mode, session_settings), entering(principal))
}

/// Begins, with limits that end with the transaction: in milliseconds, as the database counts. Nothing here runs so long
/// that compiling it would pay, and the walls make `PostgreSQL` think so.
fn opening(mode: Mode, session_settings: SessionSettings) -> String {
    let characteristics = match mode {
        Mode::Read => "ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Mode::Write => "ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    let [statement, lock, idle] =
        [session_settings.statement, session_settings.lock, session_settings.idle].map(|limit| limit.as_millis());
    format!(
        "BEGIN {characteristics}; SET LOCAL statement_timeout = {statement}; SET LOCAL lock_timeout = {lock}; \
         SET LOCAL idle_in_transaction_session_timeout = {idle}; SET LOCAL jit = off"
    )
}

/// Names the transaction, see [`Backend`].
const NAMED: &str = "pg_backend_pid() AS backend, now()::text AS began";

/// Sets the viewer, and names the transaction. What is put into the text are names and identifiers of ours.
fn entering(principal: &Principal<'_>) -> String {
    let settings = match principal {
        Principal::Session(session) => return format!("SELECT *, {NAMED} FROM dossier_enter('{session}')"),
        Principal::Viewer(viewer) => settings(viewer),
    };
    format!("SELECT {NAMED}, {}", settings.calls())
}

/// The settings of a viewer of whom all is known.
fn settings(viewer: &Viewer) -> ViewerSettings {
    let text = |value: &str| format!("'{value}'");
    let id = |id: Uuid| Some(format!("'{id}'"));
    let kind = |viewer: &str| ViewerSettings { viewer: text(viewer), ..ViewerSettings::default() };
    match viewer {
        Viewer::Member(member) => {
            let sites: Vec<_> = member.sites.iter().map(Uuid::to_string).collect();
            ViewerSettings {
                viewer: text(&member.grant.role().to_value()),
                organization: id(member.organization),
                membership: id(member.membership),
                user: id(member.user),
                client: if let Grant::Client { client } = member.grant { id(client) } else { Some(text("")) },
                sites: Some(text(&format!("{{{}}}", sites.join(",")))),
                scopes: Some(text(&stored(member.limit()).unwrap_or_else(|| EVERY_SCOPE.to_owned()))),
            }
        }
        Viewer::Anonymous => kind("ANONYMOUS"),
        Viewer::SigningIn { user } => ViewerSettings { user: id(*user), ..kind("SIGNING_IN") },
        Viewer::Platform { .. } => kind("PLATFORM"),
        Viewer::Worker { .. } => kind("WORKER"),
        Viewer::System { organization, .. } => ViewerSettings { organization: id(*organization), ..kind("SYSTEM") },
    }
}

fn query(statement: &Statement, prepared: bool) -> Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(&*statement.sql), SqlxValues(values)).persistent(prepared)
}

/// Whether the connection is of no more use: the network ended it, or the database did, for whatever reason.
fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => {
            let error = error.try_downcast_ref::<PgDatabaseError>();
            error.is_some_and(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic))
        }
        _ => false,
    }
}
