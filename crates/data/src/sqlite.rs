//! A transaction on `SQLite`.
//!
//! `SQLite` rolls a transaction back by itself when the disk is full or fails, and continues without one
//! (<https://www.sqlite.org/lang_transaction.html>, “Response To Errors Within A Transaction”). `sqlx` counts its own
//! transactions and does not notice. The next transaction on such a connection would be a savepoint of one that never
//! commits. Here, `BEGIN`, `COMMIT` and `ROLLBACK` are plain statements, whose results show whether they took effect.

use super::{
    connections::{ATTEMPTS, Connections},
    options::Mode,
};
use futures::FutureExt;
use sea_orm::{
    ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{
        self, AssertSqlSafe, Sqlite, SqliteConnection, SqlitePool,
        pool::PoolConnection,
        query::Query,
        sqlite::{SqliteConnectOptions, SqliteError, SqliteQueryResult},
    },
};
use sea_query_sqlx::SqlxValues;
use std::{
    fs,
    io::{self, ErrorKind, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, MutexGuard},
    task::spawn_blocking,
};

/// `SQLITE_ERROR`, with which `BEGIN` fails inside a transaction.
const GENERIC_ERROR: &str = "1";

/// The free space that a database must have before writes count as possible again. It is the size of the largest
/// request.
const ROOM: usize = 1024 * 1024;

/// The connections to a database file. Cheap to clone.
#[derive(Clone)]
pub struct Pool {
    connections: SqlitePool,
    file: Arc<File>,
}

impl Pool {
    /// Uses the connections of a pool, the first of which has created the file.
    pub(super) fn new(connections: &SqlitePool) -> Self {
        let options = connections.connect_options();
        let path = options.get_filename().to_owned();
        let inode = inode(&path).ok();
        if inode.is_some() {
            // An empty database in the place of one that was moved away would destroy the log of the old one.
            connections.set_connect_options(SqliteConnectOptions::clone(&options).create_if_missing(false));
        }
        Self { connections: connections.clone(), file: Arc::new(File { path, inode }) }
    }

    /// Returns the current numbers of connections.
    pub(super) fn connections(&self) -> Connections {
        let [open, most] = [self.connections.size(), self.connections.options().get_max_connections()]
            .map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let idle = self.connections.num_idle();
        Connections { open: open.max(idle), idle, most }
    }

    /// Fails if the path names another file than the one that the connections have open.
    fn check_file(&self) -> Result<(), DbErr> {
        self.file.check().map_err(|error| DbErr::Conn(RuntimeErr::Internal(error.to_string())))
    }

    /// Fails if the file system of the database has no space left.
    pub(super) async fn check_room(&self) -> Result<(), DbErr> {
        if self.file.inode.is_none() {
            return Ok(());
        }
        let path = self.file.beside("-room");
        let name = path.display().to_string();
        let filled = spawn_blocking(move || fill(&path)).await.map_err(io::Error::other).flatten();
        filled.map_err(|error| DbErr::Conn(RuntimeErr::Internal(format!("{name}: {error}"))))
    }

    async fn acquire(&self) -> Result<PoolConnection<Sqlite>, DbErr> {
        self.check_file()?;
        self.connections.acquire().await.map_err(|error| match error {
            sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            error => DbErr::Conn(cause(error)),
        })
    }
}

/// The file that the connections have open.
struct File {
    path: PathBuf,
    /// The inode, or `None` if there is no file, as for a database in memory.
    inode: Option<u64>,
}

impl File {
    /// Fails if the file was deleted or replaced. Writes to such a file are lost when the process ends, and a
    /// connection to the new file would take over the log of the old one. `SQLite` itself compares the inode, but not
    /// in WAL mode.
    fn check(&self) -> io::Result<()> {
        match self.inode {
            Some(opened) if inode(&self.path)? != opened => {
                Err(io::Error::new(ErrorKind::NotFound, "the database file was replaced while the server was running"))
            }
            _ => Ok(()),
        }
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.path.display())))
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.as_os_str().to_owned();
        path.push(suffix);
        path.into()
    }
}

fn inode(path: &Path) -> io::Result<u64> {
    Ok(fs::metadata(path)?.ino())
}

/// Writes a file of this size, and removes it.
fn fill(path: &Path) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    let written = file.write_all(&vec![0; ROOM]).and_then(|()| file.sync_all());
    written.and(fs::remove_file(path))
}

/// An open transaction. Dropping it without a commit rolls it back.
pub(super) struct Transaction(Mutex<State>);

struct State {
    /// `None` after the end of the transaction.
    connection: Option<PoolConnection<Sqlite>>,
    pool: Pool,
    mode: Mode,
    /// Whether the last statement failed, or its answer was not read completely. `SQLite` may have rolled the
    /// transaction back, and would commit each further statement by itself.
    unfinished: bool,
}

impl Transaction {
    /// Begins on a connection that has no transaction yet. Closes connections that have one.
    pub(super) async fn begin(pool: &Pool, mode: Mode) -> Result<Self, DbErr> {
        let begin = match mode {
            Mode::Read => "BEGIN",
            // A deferred transaction that reads before it writes fails if somebody else wrote in between.
            Mode::Write => "BEGIN IMMEDIATE",
        };
        for _ in 0..ATTEMPTS {
            let mut tx = Self::on(pool.acquire().await?, pool, mode);
            let state = tx.0.get_mut();
            match sqlx::query(begin).execute(state.connection()?).await {
                Ok(_) => {
                    state.unfinished = false;
                    return Ok(tx);
                }
                Err(error) if has_transaction(&error) => state.close(),
                Err(error) => return Err(DbErr::Conn(cause(error))),
            }
        }
        Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// Creates a transaction that is about to begin. Dropping it also ends a transaction whose `BEGIN` was abandoned.
    fn on(connection: PoolConnection<Sqlite>, pool: &Pool, mode: Mode) -> Self {
        Self(Mutex::new(State { connection: Some(connection), pool: pool.clone(), mode, unfinished: true }))
    }

    pub(super) async fn execute(&self, statement: &Statement) -> Result<ExecResult, DbErr> {
        let mut state = self.ready().await?;
        let result = query(statement).execute(state.connection()?).await;
        let result: SqliteQueryResult = result.map_err(|error| DbErr::Exec(cause(error)))?;
        state.unfinished = false;
        Ok(result.into())
    }

    pub(super) async fn query_one(&self, statement: &Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut state = self.ready().await?;
        let row = query(statement).fetch_optional(state.connection()?).await;
        let row = row.map_err(|error| DbErr::Query(cause(error)))?;
        state.unfinished = false;
        Ok(row.map(QueryResult::from))
    }

    pub(super) async fn query_all(&self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut state = self.ready().await?;
        let rows = query(statement).fetch_all(state.connection()?).await;
        let rows = rows.map_err(|error| DbErr::Query(cause(error)))?;
        state.unfinished = false;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let mut state = self.ready().await?;
        state.pool.check_file()?;
        let committed = sqlx::query("COMMIT").execute(state.connection()?).await;
        committed.map_err(|error| DbErr::Exec(cause(error)))?;
        state.connection = None;
        Ok(())
    }

    /// Returns the state, or fails if a statement of the transaction failed or was abandoned.
    async fn ready(&self) -> Result<MutexGuard<'_, State>, DbErr> {
        let state = self.0.lock().await;
        if state.unfinished {
            return Err(DbErr::Custom("an earlier statement of the transaction failed or was abandoned".to_owned()));
        }
        Ok(state)
    }
}

impl State {
    /// Returns the connection, and marks the transaction as unfinished until the statement succeeds.
    fn connection(&mut self) -> Result<&mut SqliteConnection, DbErr> {
        self.unfinished = true;
        let connection = self.connection.as_deref_mut();
        connection.ok_or_else(|| DbErr::Custom("the transaction is over".to_owned()))
    }

    /// Closes the connection instead of returning it to the pool.
    fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let State { connection, mode, unfinished, .. } = self.0.get_mut();
        let Some(mut connection) = connection.take() else { return };
        let rolling_back = sqlx::query("ROLLBACK");
        if *mode == Mode::Read && !*unfinished {
            // This does not wait, because it releases no lock that others wait for. If it fails, the next transaction
            // on the connection notices.
            let _ = rolling_back.execute(&mut *connection).now_or_never();
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            if rolling_back.execute(&mut *connection).await.is_err() {
                let _ = connection.close().await;
            }
        });
    }
}

/// Returns whether the connection already has a transaction, or its thread has ended.
fn has_transaction(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => {
            error.try_downcast_ref::<SqliteError>().is_some() && error.code().as_deref() == Some(GENERIC_ERROR)
        }
        _ => false,
    }
}

fn query(statement: &Statement) -> Query<'_, Sqlite, SqlxValues> {
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(&*statement.sql), SqlxValues(values))
}

fn cause(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}
