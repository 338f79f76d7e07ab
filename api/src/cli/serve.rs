//! Putting the server together and running it.

use super::Error;
use crate::{
    access::Door,
    app::App,
    clock::Clock,
    config::Config,
    database,
    events::Bus,
    http,
    sample::{self, SignIn},
    storage::Objects,
};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use url::Url;

/// The door to the configured database, for a command that ends soon.
pub async fn door(config: &Config) -> Result<Door, Error> {
    Ok(Door::new(database::current(config).await?, config.limits(), Clock::default(), bus(config)?))
}

/// The configured way to wake other processes.
pub(super) fn bus(config: &Config) -> Result<Bus, Error> {
    match &config.redis_url {
        Some(url) => Bus::over_redis(url.expose_secret()).map_err(|error| format!("REDIS_URL: {error}").into()),
        None => Ok(Bus::default()),
    }
}

/// A server that has its address, and does not answer yet.
pub struct Server {
    listener: TcpListener,
    objects: Objects,
    /// Where clients reach it.
    pub public_url: Url,
}

impl Server {
    /// Takes the address and opens the object store.
    pub async fn bind(config: &Config) -> Result<Self, Error> {
        let listener =
            TcpListener::bind(config.listen).await.map_err(|error| format!("LISTEN={}: {error}", config.listen))?;
        let public_url = config.public(listener.local_addr()?)?;
        let objects = Objects::open(config.objects(public_url.clone())?).await?;
        Ok(Self { listener, objects, public_url })
    }

    /// The server's parts, over the configured database.
    pub async fn app(&self, config: &Config) -> Result<App, Error> {
        App::new(config, database::current(config).await?, Clock::default(), bus(config)?, self.objects.clone())
    }

    /// Answers until `stopped` returns.
    pub async fn run(
        self,
        app: App,
        config: &Config,
        stopped: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        Ok(axum::serve(self.listener, http::router(app, config)).with_graceful_shutdown(stopped).await?)
    }
}

/// Serves until it is told to stop. An empty embedded database gets the sample first.
pub async fn serve(config: &Config) -> Result<(), Error> {
    let server = Server::bind(config).await?;
    if config.is_embedded()
        && let Some(people) = sample::make(config, &server.objects).await?
    {
        eprintln!("A sample agency was made. These people can sign in; the passwords are not shown again:\n");
        for SignIn { email, role, password } in people {
            eprintln!("  {email:<36} {password:<18} {role}");
        }
        eprintln!();
    }
    let app = server.app(config).await?;
    eprintln!("Dossier serves on {}", server.public_url);
    if config.is_development() {
        eprintln!("Query editor: open {} in a browser", server.public_url);
    }
    server.run(app, config, stopped()).await
}

/// Returns when the process is asked to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
