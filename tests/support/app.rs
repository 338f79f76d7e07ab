//! A server on a free port, with its own services.

use super::{Actor, objects, process::BINARY, services::Services};
use async_graphql::{
    Variables,
    parser::{parse_query, types::OperationType},
};
use chrono::TimeDelta;
use clap::Parser;
use dossier::{
    cli::serve::Server,
    config::Config,
    graphql::{Call, Document, RequestContext},
};
use dossier_core::{
    credentials::Credentials,
    scope::Scopes,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::ReadTx;
use dossier_domain::{
    member::{self, NewMember},
    organization::{self, NewOrganization},
    session,
};
use entities::{
    membership::{self, Role},
    session as sessions,
};
use sea_orm::ColumnTrait;
use tempfile::TempDir;
use uuid::Uuid;

/// The last value of an argument counts.
#[derive(Parser)]
#[command(args_override_self = true)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

pub struct App {
    pub url: String,
    pub parts: dossier::app::App,
    _stop: tokio::sync::oneshot::Sender<()>,
    services: Option<Services>,
    arguments: Vec<String>,
    data: TempDir,
}

/// Limits that only the tests of these limits reach.
pub const PLENTY: [(&str, &str); 3] =
    [("RATE_OPERATIONS", "1000000"), ("RATE_POINTS", "1000000"), ("RATE_SIGN_IN", "1000000")];

/// The properties of a new member.
#[derive(Default)]
pub struct Member<'a> {
    pub email: &'a str,
    pub sites: Vec<Uuid>,
    pub client: Option<Uuid>,
}

/// Returns arguments with high limits, because tests send more requests than people, and all from one address.
fn plenty() -> [String; 3] {
    PLENTY.map(|(name, value)| format!("--{}={value}", name.to_lowercase().replace('_', "-")))
}

/// Parses these arguments into a configuration.
pub fn config(arguments: &[String]) -> Config {
    Cli::parse_from(arguments).config
}

impl App {
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        match Services::of_set(data.path()).await {
            Some(services) => Self::with(data, Some(services), &[]).await,
            None => Self::over(data).await,
        }
    }

    /// Starts with further configuration.
    pub async fn start_with(further: &[String]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let services = Services::of_set(data.path()).await;
        Self::with(data, services, further).await
    }

    /// Starts with the embedded services in this folder, which may contain data.
    pub async fn over(data: TempDir) -> Self {
        Self::with(data, None, &objects::named().map(|store| objects::arguments(&store)).unwrap_or_default()).await
    }

    /// Starts with the embedded services and further configuration.
    pub async fn configured(further: &[String]) -> Self {
        Self::with(tempfile::tempdir().unwrap(), None, further).await
    }

    /// Starts with these services.
    pub async fn on(data: TempDir, services: Services) -> Self {
        Self::with(data, Some(services), &[]).await
    }

    async fn with(data: TempDir, services: Option<Services>, further: &[String]) -> Self {
        let folder = data.path().to_str().unwrap().to_owned();
        let own = ["suite", "--listen", "127.0.0.1:0", "--preview-program", BINARY, "--data-dir", &folder];
        let own = own.map(str::to_owned);
        let own = own.into_iter().chain(plenty()).collect::<Vec<_>>();
        let of_set = services.as_ref().map(Services::arguments).unwrap_or_default();
        assert!(std::env::var_os("DATABASE_URL").is_none(), "the suite touches no database that it did not make");
        let arguments: Vec<_> = own.iter().chain(&of_set).chain(further).cloned().collect();
        let config = config(&arguments);
        let server = Server::bind(&config).await.unwrap();
        let url = server.public_url.as_str().trim_end_matches('/').to_owned();
        let app = server.app(&config).await.unwrap();
        let serving = app.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = config.clone();
        tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            server.run(serving, &running, Vec::new(), stopped).await.unwrap();
        });
        Self { url, parts: app, _stop: stop, services, arguments, data }
    }

    pub async fn organization(&self, slug: &str) -> Uuid {
        let tx = self.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
        let new = NewOrganization {
            slug: slug.into(),
            name: slug.to_uppercase(),
            time_zone: "Europe/Paris".into(),
            currency: "EUR".into(),
            locale: "fr-FR".into(),
        };
        let id = organization::create(&tx, new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn site(&self, organization: Uuid, name: &str) -> Uuid {
        let tx = self.parts.database.write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        let id = organization::add_site(&tx, name).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Adds a member. They sign in without a password, because hashing one takes half a second.
    pub async fn member(&self, organization: Uuid, role: Role, member: Member<'_>) -> Actor {
        let known = self.parts.database.account(member.email).await.unwrap();
        let tx = self.parts.database.write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        let new = NewMember {
            email: member.email.into(),
            display_name: member.email.split('@').next().unwrap().into(),
            role,
            sites: member.sites,
            client: member.client,
        };
        let membership = member::add(&tx, known, new).await.unwrap();
        tx.commit().await.unwrap();
        self.signed_in(organization, membership, member.email, TimeDelta::hours(1)).await
    }

    /// Opens a further session of a member.
    pub async fn again(&self, actor: &Actor, lasts: TimeDelta) -> Actor {
        let read_tx = self.parts.database.read(&self.credentials(actor).unwrap()).await.unwrap();
        let member = read_tx.member().unwrap().clone();
        drop(read_tx);
        self.signed_in(member.organization, member.membership, &actor.name, lasts).await
    }

    /// Opens another session of an actor, limited to these scopes.
    pub async fn limited(&self, actor: &Actor, limit: Scopes) -> Actor {
        let read_tx = self.parts.database.read(&self.credentials(actor).unwrap()).await.unwrap();
        let member = read_tx.member().unwrap().clone();
        drop(read_tx);
        self.session(member.organization, member.membership, &actor.name, TimeDelta::days(1), Some(limit)).await
    }

    /// Returns the credentials of a member's requests.
    pub fn credentials(&self, actor: &Actor) -> Option<Credentials> {
        let claims = self.parts.tokens.check(actor.token.as_deref()?, self.parts.database.clock.now()).unwrap();
        Some(Credentials::Bearer(claims.into()))
    }

    async fn signed_in(&self, organization: Uuid, id: Uuid, name: &str, lasts: TimeDelta) -> Actor {
        self.session(organization, id, name, lasts, None).await
    }

    async fn session(
        &self,
        organization: Uuid,
        id: Uuid,
        name: &str,
        lasts: TimeDelta,
        limit: Option<Scopes>,
    ) -> Actor {
        let tx = self.parts.database.write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        let row = tx.find::<membership::Entity>().filter(membership::Column::Id.eq(id)).one().await.unwrap().unwrap();
        let session = session::open_for_token(&tx, &row, lasts, limit).await.unwrap();
        // As after signing in.
        let proven = sessions::Model { proven_at: Some(tx.now), ..session.clone() };
        let session = tx.update_without_event(&session, proven).await.unwrap();
        tx.commit().await.unwrap();
        let claims = session::claims(&session, row.user_id, session.expires_at);
        Actor::new(&self.url, name, Some(self.parts.tokens.issue(&claims).unwrap()))
    }

    /// Begins to run jobs, on a server that was started without workers.
    pub fn run_jobs(&self) -> dossier_jobs::RunnerHandle {
        let workers = ["--job-workers=4".to_owned()];
        let config = config(&self.arguments.iter().cloned().chain(workers).collect::<Vec<_>>());
        dossier::jobs::start(&self.parts, &config, &self.url.parse().unwrap()).unwrap().unwrap()
    }

    /// Waits for a mail to an address whose subject contains this text, and returns its text.
    pub async fn mail(&self, to: &str, subject: &str) -> String {
        let folder = dossier_mail::MailFolder::new(self.data.path().join("mail"));
        for _ in 0..600 {
            let mails = folder.list(100).unwrap();
            if let Some(mail) = mails.into_iter().find(|mail| mail.to == to && mail.subject.contains(subject)) {
                return mail.text;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no mail to {to} with {subject}");
    }

    /// Runs a statement in the database as its owner. Returns the number of changed rows.
    pub async fn by_hand(&self, sql: &str) -> u64 {
        sea_orm::ConnectionTrait::execute_unprepared(&self.owner().await, sql).await.unwrap().rows_affected()
    }

    /// Connects to the database as its owner.
    pub async fn owner(&self) -> sea_orm::DatabaseConnection {
        let url = match &self.services {
            Some(services) => services.get("MIGRATE_DATABASE_URL").to_owned(),
            None => format!("sqlite://{}", self.data.path().join("dossier.db").display()),
        };
        sea_orm::Database::connect(url).await.unwrap()
    }

    /// Returns the URL with which the server connects to PostgreSQL.
    pub fn server_database(&self) -> Option<&str> {
        self.services.as_ref().map(|services| services.get("DATABASE_URL"))
    }

    /// Returns the configuration as arguments of the command.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Writes the configuration to the folder, so that commands use the same services.
    pub fn write_configuration(&self) {
        if let Some(services) = &self.services {
            services.write(self.data.path());
        }
    }

    /// Returns an SQL expression for a new key.
    pub fn new_key(&self) -> &'static str {
        if self.services.is_some() { "gen_random_uuid()" } else { "randomblob(16)" }
    }

    /// Takes all connections to the database, so that none is left.
    pub async fn every_connection(&self) -> Vec<ReadTx> {
        let mut taken = Vec::new();
        let patience = std::time::Duration::from_millis(300);
        while let Ok(read_tx) = tokio::time::timeout(patience, self.parts.database.read_as(Viewer::Anonymous)).await {
            taken.push(read_tx.unwrap());
        }
        taken
    }

    /// Returns the folder of the embedded services.
    pub fn folder(&self) -> &std::path::Path {
        self.data.path()
    }

    pub fn anonymous(&self) -> Actor {
        Actor::new(&self.url, "anonymous", None)
    }
}

/// Returns a query as the executor's input.
pub fn call(query: &str, credentials: Credentials) -> Call {
    Call {
        text: query.to_owned(),
        document: Document::from(parse_query(query).unwrap()).into(),
        kind: OperationType::Query,
        variables: Variables::default(),
        credentials,
        request_context: RequestContext::default(),
    }
}
