//! The two sets of services that everything must work on: the embedded one, and that of production, which `tests/run`
//! starts and names by `TEST_SET=production`.

use super::{objects, postgres};
use dossier::database::roles::Made;
use dossier_storage::{Objects, Settings};
use std::path::{Path, PathBuf};
use tokio::{
    net::TcpListener,
    sync::{OnceCell, oneshot},
};
use url::Url;

/// What a server is given instead of the embedded services.
pub struct Services {
    variables: Vec<(&'static str, String)>,
    _store: Option<oneshot::Sender<()>>,
    _database: postgres::Fresh,
}

/// A database that new ones are copied from, with its roles.
static TEMPLATE: OnceCell<Made> = OnceCell::const_new();

/// Whether the suite runs on the services of production.
pub fn in_production() -> bool {
    match std::env::var("TEST_SET").as_deref() {
        Ok("production") => true,
        Ok("embedded") | Err(_) => false,
        Ok(other) => panic!("TEST_SET={other}: neither `embedded` nor `production`"),
    }
}

impl Services {
    /// What the suite runs on; none for the embedded set. Objects are kept in the folder.
    pub async fn of_set(data: &Path) -> Option<Self> {
        if in_production() { Some(Self::production(data).await) } else { None }
    }

    /// A database of its own, the suite's Redis, and an object store of its own.
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

    /// What a variable is set to.
    pub fn get(&self, name: &str) -> &str {
        &self.variables.iter().find(|(known, _)| *known == name).expect("a variable of production").1
    }

    /// Sets it to something else.
    pub fn set(&mut self, name: &str, value: String) {
        let known = self.variables.iter_mut().find(|(known, _)| *known == name);
        known.expect("a variable of production").1 = value;
    }

    /// Sets one more.
    pub fn add(&mut self, name: &'static str, value: &str) {
        self.variables.push((name, value.to_owned()));
    }

    /// As arguments of the command.
    pub fn arguments(&self) -> Vec<String> {
        arguments(&self.variables)
    }

    /// The same for a process in this folder, which reads it there.
    pub fn write(&self, data: &Path) {
        let lines: Vec<_> = self.variables.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
        std::fs::write(data.join(".env"), lines.join("\n")).unwrap();
    }
}

/// Environment variables as arguments.
pub fn arguments(variables: &[(&str, String)]) -> Vec<String> {
    let flag = |name: &str| format!("--{}", name.trim_start_matches("AWS_").to_lowercase().replace('_', "-"));
    variables.iter().flat_map(|(name, value)| [flag(name), value.clone()]).collect()
}

/// The embedded store, as a service of its own that speaks S3 over a socket: on a thread of its own, for tests wait for
/// programs, and a test's own runtime would wait with them.
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
    let routes = Objects::open(settings.clone()).await.unwrap().routes().unwrap();
    (Settings { endpoint: objects::at(url), ..settings }, listener, routes)
}
