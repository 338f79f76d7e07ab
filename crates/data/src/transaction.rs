//! A transaction on either database.
//!
//! On `PostgreSQL` it carries the viewer as transaction-local settings, which the policies of Row Level Security read.
//! The same round trip begins the transaction and sets them. The settings end with the transaction, so that a pooler
//! may then give the connection to somebody else.

use super::{
    changes::Change,
    options::{Mode, Principal, RlsMode, SessionSettings},
    postgres,
    source::{Pool, Source},
    sqlite,
    statements::Counter,
    writes::Writes,
};
use dossier_core::{error::Error, viewer::Viewer};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use std::sync::Arc;

/// A transaction. Cheap to clone. It ends when the last clone is dropped.
#[derive(Clone)]
pub struct Transaction {
    on: Arc<On>,
    rls_mode: RlsMode,
    statements: Counter,
    writes: Writes,
}

enum On {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
}

impl Transaction {
    /// Begins, and returns the session's member if the database has looked it up.
    pub(super) async fn begin(
        source: &Source,
        session_settings: SessionSettings,
        mode: Mode,
        principal: &Principal<'_>,
        statements: Counter,
    ) -> Result<(Self, Option<QueryResult>), Error> {
        let Source { pool, writes } = source;
        let (on, member) = match pool {
            Pool::Sqlite(pool) => (On::Sqlite(writes.note(sqlite::Transaction::begin(pool, mode).await)?), None),
            Pool::Postgres(pool) => {
                let begun = postgres::Transaction::begin(pool, session_settings, mode, principal).await;
                let (tx, row) = writes.note(begun)?;
                (On::Postgres(tx), row)
            }
        };
        Ok((Self { on: Arc::new(on), rls_mode: RlsMode::Own, statements, writes: writes.clone() }, member))
    }

    /// Begins a transaction that sees no rows, for queries about the database itself.
    pub async fn of_nobody(source: &Source, session_settings: SessionSettings) -> Result<Self, Error> {
        let (tx, _) = Self::begin(
            source,
            session_settings,
            Mode::Read,
            &Principal::Viewer(&Viewer::Anonymous),
            Counter::default(),
        )
        .await?;
        Ok(tx)
    }

    /// Returns the same transaction with another Row Level Security mode.
    pub(super) fn with(&self, rls_mode: RlsMode) -> Self {
        Self { rls_mode, ..self.clone() }
    }

    /// Lets Row Level Security show the row that a setting names: the account with an address, the API key with a
    /// token, or the link to an account at an identity provider, and no other.
    pub(super) async fn show(&self, setting: &str, value: &str) -> Result<(), Error> {
        if self.get_database_backend() == DbBackend::Postgres {
            let (sql, values) = ("SELECT set_config($1, $2, true)", [setting.into(), value.into()]);
            self.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        }
        Ok(())
    }

    /// Queues a change, where the database can combine changes. It is executed before the next query.
    pub(crate) async fn change(&self, change: Change) -> Result<(), DbErr> {
        match (&*self.on, self.rls_mode) {
            (On::Postgres(tx), RlsMode::Own) => {
                if self.writes.note(tx.change(change).await)? {
                    self.statements.inc();
                }
                Ok(())
            }
            _ => change.make(self).await,
        }
    }

    /// Commits the changes.
    pub(super) async fn commit(self) -> Result<(), Error> {
        let writes = self.writes.clone();
        let committed = match self.alone()? {
            On::Sqlite(tx) => tx.commit().await,
            On::Postgres(tx) => tx.commit().await,
        };
        Ok(writes.note(committed)?)
    }

    /// Commits, and begins a reading transaction for the same viewer in the same round trip, where the database can.
    pub(super) async fn commit_and_read(
        self,
        session_settings: SessionSettings,
        viewer: &Viewer,
    ) -> Result<Option<Self>, Error> {
        let (statements, writes) = (self.statements.clone(), self.writes.clone());
        let committed = match self.alone()? {
            On::Sqlite(tx) => tx.commit().await.map(|()| None),
            On::Postgres(tx) => tx.commit_and_read(session_settings, viewer).await,
        };
        let next = writes.note(committed)?;
        Ok(next.map(|tx| Self { on: Arc::new(On::Postgres(tx)), rls_mode: RlsMode::Own, statements, writes }))
    }

    fn alone(self) -> Result<On, Error> {
        let on = Arc::into_inner(self.on);
        on.ok_or_else(|| Error::internal("a transaction was still in use when it was committed"))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match &*self.on {
            On::Sqlite(_) => DbBackend::Sqlite,
            On::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.statements.inc();
        self.writes.note(match &*self.on {
            On::Sqlite(tx) => tx.execute(&statement).await,
            On::Postgres(tx) => tx.execute(&statement, self.rls_mode).await,
        })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.execute_raw(Statement::from_string(self.get_database_backend(), sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.statements.inc();
        self.writes.note(match &*self.on {
            On::Sqlite(tx) => tx.query_one(&statement).await,
            On::Postgres(tx) => tx.query_one(&statement, self.rls_mode).await,
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.inc();
        self.writes.note(match &*self.on {
            On::Sqlite(tx) => tx.query_all(&statement).await,
            On::Postgres(tx) => tx.query_all(&statement, self.rls_mode).await,
        })
    }
}
