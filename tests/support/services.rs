//! The two sets of services on which everything must work: the embedded one, and that of production. `tests/run` starts
//! the latter and sets `TEST_SET=production`.

use super::{objects, postgres};
use dossier::database::roles::DatabaseRoles;
use dossier_storage::{EXPOSED, METHODS, Objects, Settings};
use std::path::{Path, PathBuf};
use tokio::{
    net::TcpListener,
    sync::{OnceCell, oneshot},
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use url::Url;

/// The services that replace the embedded ones.
pub struct Services {
    variables: Vec<(&'static str, String)>,
    _store: Option<oneshot::Sender<()>>,
    _database: postgres::Fresh,
}

/// The database that is copied for each test, with its roles.
static TEMPLATE: OnceCell<DatabaseRoles> = OnceCell::const_new();

/// Returns whether the suite runs on the services of production.
pub fn in_production() -> bool {
    match std::env::var("TEST_SET").as_deref() {
        Ok("production") => true,
        Ok("embedded") | Err(_) => false,
        Ok(other) => panic!("TEST_SET={other}: neither `embedded` nor `production`"),
    }
}

impl Services {
    /// Returns the services of the suite, or `None` for the embedded set. Objects are stored in the folder.
    pub async fn of_set(data: &Path) -> Option<Self> {
        if in_production() { Some(Self::production(data).await) } else { None }
    }

    /// Returns a new database, the suite's Redis, and a new object store.
    pub async fn production(data: &Path) -> Self {
        let template = TEMPLATE.get_or_init(postgres::template).await;
        let redis = std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL names no Redis; `tests/run` starts one");
        let (database, (store, stop)) = tokio::join!(postgres::Fresh::copy(template), store(data));
        let mut variables = objects::variables(&store);
        variables.extend([
            ("DATABASE_URL", database.server.to_string()),
            ("MIGRATE_DATABASE_URL", database.owner.to_string()),
            ("REDIS_URL", redis),
            ("JWT_SECRET", "a secret that all processes of a test share".to_owned()),
        ]);
        Self { variables, _store: stop, _database: database }
    }

    /// Returns the value of a variable.
    pub fn get(&self, name: &str) -> &str {
        &self.variables.iter().find(|(known, _)| *known == name).expect("a variable of production").1
    }

    /// Changes a variable.
    pub fn set(&mut self, name: &str, value: String) {
        let known = self.variables.iter_mut().find(|(known, _)| *known == name);
        known.expect("a variable of production").1 = value;
    }

    /// Adds a variable.
    pub fn add(&mut self, name: &'static str, value: &str) {
        self.variables.push((name, value.to_owned()));
    }

    /// Returns the variables as arguments of the command.
    pub fn arguments(&self) -> Vec<String> {
        arguments(&self.variables)
    }

    /// Writes the variables to a file in this folder, where a process reads them.
    pub fn write(&self, data: &Path) {
        let lines: Vec<_> = self.variables.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
        std::fs::write(data.join(".env"), lines.join("\n")).unwrap();
    }
}

/// Converts environment variables to arguments.
pub fn arguments(variables: &[(&str, String)]) -> Vec<String> {
    let flag = |name: &str| format!("--{}", name.trim_start_matches("AWS_").to_lowercase().replace('_', "-"));
    variables.iter().flat_map(|(name, value)| [flag(name), value.clone()]).collect()
}

/// Starts the embedded store as a separate S3 service with a socket. It has its own thread, because tests block on
/// programs, and would block their own runtime.
pub async fn store(data: &Path) -> (Settings, Option<oneshot::Sender<()>>) {
    if let Some(named) = objects::named() {
        return (named, None);
    }
    let root = data.join("store");
    let (opened, settings) = oneshot::channel();
    let (stop, stopped) = oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let (settings, listener, routes) = open_store(root).await;
            opened.send(settings).unwrap();
            tokio::select! {
                _ = axum::serve(listener, routes) => {}
                _ = stopped => {}
            }
        });
    });
    (settings.await.unwrap(), Some(stop))
}

async fn open_store(root: PathBuf) -> (Settings, TcpListener, axum::Router) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let settings = objects::embedded(root, url.clone());
    let routes = Objects::open(settings.clone()).await.unwrap().routes().unwrap().layer(rules_for_browsers());
    (Settings { endpoint: objects::at(url), ..settings }, listener, routes)
}

/// Lets pages send and fetch files, like the rules that `dossier objects init` writes to a bucket.
fn rules_for_browsers() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::any())
        .allow_methods(METHODS.map(|method| method.parse().unwrap()))
        .allow_headers(AllowHeaders::any())
        .expose_headers(EXPOSED.map(|name| name.parse().unwrap()))
}
