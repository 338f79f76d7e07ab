//! The database, which opens transactions.

use super::{
    audit::Origin,
    connections::Connections,
    directory::Directory,
    notifier::Notifier,
    options::{Mode, Principal, SessionSettings},
    outbox,
    read_tx::ReadTx,
    session,
    source::Source,
    statements::Statements,
    transaction::Transaction,
    write_tx::WriteTx,
};
use dossier_core::{
    clock::Clock,
    credentials::Credentials,
    error::Error,
    viewer::{AccessScope, Viewer},
};
use dossier_jobs::Wakeup;
use entities::{api_key, external_identity, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Opens transactions.
#[derive(Clone)]
pub struct Database {
    pub(super) directory: Directory,
    session_settings: SessionSettings,
    /// The source of the current time.
    pub clock: Clock,
    notifier: Arc<dyn Notifier>,
    entered: fn(&Viewer),
    origin: Arc<Origin>,
    /// Wakes the job runner of this process.
    pub jobs: Wakeup,
    /// The queue's writing transaction holds it, where the database has one writer at a time.
    pub(super) queue_writer: Arc<Semaphore>,
    /// Counts the SQL statements.
    pub statements: Statements,
}

impl Database {
    /// Creates a database on these connections.
    pub fn new(
        source: Source,
        session_settings: SessionSettings,
        clock: Clock,
        notifier: impl Notifier + 'static,
    ) -> Self {
        let notifier = Arc::new(notifier);
        let directory = Directory::new(source);
        let (jobs, queue_writer) = (Wakeup::default(), Arc::new(Semaphore::new(1)));
        let statements = Statements::default();
        let (entered, origin): (fn(&Viewer), _) = (|_| (), Arc::default());
        Self { directory, session_settings, clock, notifier, entered, origin, jobs, queue_writer, statements }
    }

    /// Sets a function that is called with the viewer of each transaction that begins with credentials.
    #[must_use]
    pub fn on_enter(self, entered: fn(&Viewer)) -> Self {
        Self { entered, ..self }
    }

    /// Returns the same database for a request. The audit log records where the request came from.
    #[must_use]
    pub fn with_origin(&self, origin: Origin) -> Self {
        Self { origin: origin.into(), ..self.clone() }
    }

    /// Returns the numbers of connections to the database.
    pub fn connections(&self) -> Connections {
        self.directory.shared().connections()
    }

    /// Begins a reading transaction for the person whom the credentials identify now.
    pub async fn read(&self, credentials: &Credentials) -> Result<ReadTx, Error> {
        self.enter(Mode::Read, credentials).await
    }

    /// Begins a writing transaction for the person whom the credentials identify now.
    pub async fn write(&self, credentials: &Credentials) -> Result<WriteTx, Error> {
        Ok(self.write_tx(self.enter(Mode::Write, credentials).await?))
    }

    /// Begins a writing transaction for a viewer without a token: Dossier itself, the platform, or a person who signs
    /// in.
    pub async fn write_as(&self, viewer: Viewer) -> Result<WriteTx, Error> {
        let (tx, _) = self.begin(Mode::Write, &Principal::Viewer(&viewer)).await?;
        Ok(self.write_tx(ReadTx::new(viewer, tx, self.clock.now())))
    }

    /// Begins a reading transaction for a viewer without a token.
    pub async fn read_as(&self, viewer: Viewer) -> Result<ReadTx, Error> {
        let (tx, _) = self.begin(Mode::Read, &Principal::Viewer(&viewer)).await?;
        Ok(ReadTx::new(viewer, tx, self.clock.now()))
    }

    /// Returns the account with this address, which must be in lower case. Only sign-in and the command line look
    /// accounts up by address, because they have no viewer yet.
    pub async fn account(&self, email: &str) -> Result<Option<user::Model>, Error> {
        // No account has such an address, and PostgreSQL rejects text that contains NUL.
        if email.contains('\0') {
            return Ok(None);
        }
        let tx = self.begin_anonymous().await?;
        tx.show("dossier.address", email).await?;
        Ok(user::Entity::find().filter(user::Column::Email.eq(email)).one(&tx).await?)
    }

    /// Returns the API key whose token has this SHA-256. Only the authentication of requests looks keys up by token.
    pub async fn api_key(&self, token_hash: &str) -> Result<Option<api_key::Model>, Error> {
        let tx = self.begin_anonymous().await?;
        tx.show("dossier.token", token_hash).await?;
        Ok(api_key::Entity::find().filter(api_key::Column::TokenHash.eq(token_hash)).one(&tx).await?)
    }

    /// Returns the linked account at an identity provider. Only sign-in looks them up, because it has no viewer yet.
    pub async fn external_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<external_identity::Model>, Error> {
        // PostgreSQL rejects text that contains NUL, and no subject has one.
        if subject.contains('\0') {
            return Ok(None);
        }
        let tx = self.begin_anonymous().await?;
        tx.show("dossier.identity", &format!("{issuer} {subject}")).await?;
        let linked = external_identity::Entity::find()
            .filter(external_identity::Column::Issuer.eq(issuer))
            .filter(external_identity::Column::Subject.eq(subject))
            .filter(external_identity::Column::RemovedAt.is_null());
        Ok(linked.one(&tx).await?)
    }

    /// Returns the access scopes of those sessions that are still active. The result must not be shown to anybody.
    pub async fn access_scopes(&self, sessions: &[Uuid]) -> Result<HashMap<Uuid, AccessScope>, Error> {
        session::access_scopes(&self.begin_anonymous().await?, sessions, self.clock.now()).await
    }

    /// Returns how often access has changed in each of these organizations. While the number stays the same, nobody has
    /// lost access.
    pub async fn access_changes(&self, organizations: &[Uuid]) -> Result<HashMap<Uuid, i64>, Error> {
        outbox::access_changes(&self.begin_anonymous().await?, organizations).await
    }

    /// Commits, and begins a reading transaction in the same round trip, where the database can. It has the same
    /// viewer, who was just entitled to make the change.
    pub(super) async fn commit_and_read(&self, write: WriteTx) -> Result<Option<ReadTx>, Error> {
        let (session_settings, viewer) = (self.session_settings, write.viewer.clone());
        let begun = write.end(async |tx| tx.commit_and_read(session_settings, &viewer).await).await?;
        Ok(begun.map(|tx| ReadTx::new(viewer, tx, self.clock.now())))
    }

    async fn enter(&self, mode: Mode, credentials: &Credentials) -> Result<ReadTx, Error> {
        let (tx, member) = self.begin(mode, &principal(credentials)).await?;
        self.read_tx(tx, credentials, member).await
    }

    async fn read_tx(
        &self,
        tx: Transaction,
        credentials: &Credentials,
        member: Option<QueryResult>,
    ) -> Result<ReadTx, Error> {
        // The wait for the database is over. Changes of this transaction get this time.
        let now = self.clock.now();
        let viewer = session::viewer(&tx, credentials, member, now).await?;
        (self.entered)(&viewer);
        Ok(ReadTx::new(viewer, tx, now))
    }

    fn write_tx(&self, read_tx: ReadTx) -> WriteTx {
        WriteTx::new(read_tx, self.notifier.clone(), self.jobs.clone(), self.origin.clone())
    }

    pub(super) async fn begin(
        &self,
        mode: Mode,
        principal: &Principal<'_>,
    ) -> Result<(Transaction, Option<QueryResult>), Error> {
        let source = self.directory.source_of(principal);
        Transaction::begin(source, self.session_settings, mode, principal, self.statements.of(principal)).await
    }

    pub(super) async fn begin_anonymous(&self) -> Result<Transaction, Error> {
        Ok(self.begin(Mode::Read, &Principal::Viewer(&Viewer::Anonymous)).await?.0)
    }
}

fn principal(credentials: &Credentials) -> Principal<'static> {
    match credentials {
        Credentials::Anonymous => Principal::Viewer(&Viewer::Anonymous),
        Credentials::Bearer(claims) => Principal::Session(claims.session),
    }
}
