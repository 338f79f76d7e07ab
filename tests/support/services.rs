//! The two sets of services that everything must work on: the embedded one, and that of production, which `tests/run`
//! starts and names by `TEST_SET=production`.

use super::postgres;
use dossier::{
    config::Config,
    database::roles::Made,
    storage::{Endpoint, Objects, Settings},
};
use std::path::{Path, PathBuf};
use tokio::{
    net::TcpListener,
    sync::{OnceCell, oneshot},
};
use url::Url;

/// What a server is given instead of the embedded services.
pub struct Services {
    database: postgres::Fresh,
    redis: String,
    objects: Settings,
    _store: oneshot::Sender<()>,
}

const JWT_SECRET: &str = "a secret that all processes of a test share";

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
        let (database, (objects, store)) = tokio::join!(postgres::Fresh::copy(template), store(data));
        Self { database, redis, objects, _store: store }
    }

    pub fn configure(&self, config: Config) -> Config {
        let Endpoint::Remote(s3_endpoint) = self.objects.endpoint.clone() else { unreachable!("it is remote") };
        Config {
            database_url: Some(self.database.server.as_str().into()),
            migrate_database_url: Some(self.database.owner.as_str().into()),
            redis_url: Some(self.redis.as_str().into()),
            s3_endpoint: Some(s3_endpoint),
            s3_bucket: self.objects.bucket.clone(),
            s3_region: self.objects.region.clone(),
            access_key_id: Some(self.objects.access_key_id.clone()),
            secret_access_key: Some(self.objects.secret_access_key.clone()),
            jwt_secret: Some(JWT_SECRET.into()),
            ..config
        }
    }

    /// The same for a process in this folder, which reads it there.
    pub fn write(&self, data: &Path) {
        use secrecy::ExposeSecret;
        let Endpoint::Remote(endpoint) = &self.objects.endpoint else { unreachable!("it is remote") };
        let lines = [
            ("DATABASE_URL", self.database.server.as_str()),
            ("MIGRATE_DATABASE_URL", self.database.owner.as_str()),
            ("REDIS_URL", &self.redis),
            ("S3_ENDPOINT", endpoint.as_str()),
            ("S3_BUCKET", &self.objects.bucket),
            ("S3_REGION", &self.objects.region),
            ("AWS_ACCESS_KEY_ID", &self.objects.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", self.objects.secret_access_key.expose_secret()),
            ("JWT_SECRET", JWT_SECRET),
        ];
        let lines = lines.map(|(name, value)| format!("{name}='{value}'"));
        std::fs::write(data.join(".env"), lines.join("\n")).unwrap();
    }
}

/// The embedded store, as a service of its own that speaks S3 over a socket: on a thread of its own, for tests wait for
/// programs, and a test's own runtime would wait with them.
async fn store(data: &Path) -> (Settings, oneshot::Sender<()>) {
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
    (settings.await.unwrap(), stop)
}

async fn open_store(root: PathBuf) -> (Settings, TcpListener, axum::Router) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let settings = Settings {
        endpoint: Endpoint::Embedded { root, public_url: url.clone() },
        bucket: "dossiers".into(),
        region: "local".into(),
        access_key_id: "the-only-key".into(),
        secret_access_key: "and its secret".into(),
    };
    let objects = Objects::open(settings.clone()).await.unwrap();
    let routes = objects.routes().unwrap();
    (Settings { endpoint: Endpoint::Remote(url), ..settings }, listener, routes)
}
