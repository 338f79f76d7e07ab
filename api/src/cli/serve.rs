//! Putting the server together and running it.

use super::{output, sample};
use crate::{app::App, config::Config, database, http, jobs, observe::Tracer};
use dossier_core::clock::Clock;
use dossier_core::error::BoxError;
use dossier_data::Database;
use dossier_events::Bus;
use dossier_jobs::RunnerHandle;
use dossier_seed::sample::SignIn;
use dossier_storage::{self, Objects};
use secrecy::ExposeSecret;
use std::{io, net::SocketAddr, pin::pin, time::Duration};
use tokio::{net::TcpListener, time::timeout};
use url::Url;

/// Returns the configured database, for a command that ends soon.
pub async fn database(config: &Config) -> Result<Database, BoxError> {
    Ok(Database::new(database::current(config).await?, config.session_settings(), Clock::default(), bus(config)?))
}

/// The configured way to wake other processes.
pub(super) fn bus(config: &Config) -> Result<Bus, BoxError> {
    match &config.redis_url {
        Some(url) => Bus::over_redis(url.expose_secret()).map_err(|error| format!("REDIS_URL: {error}").into()),
        None => Ok(Bus::default()),
    }
}

/// Opens the object store. One that refuses us stops the start, for waiting mends no wrong key. One that does not answer
/// does not: it may be starting, too, and all but files works without it. Who uploads meanwhile is told.
async fn objects(config: &Config, public_url: Url) -> Result<Objects, BoxError> {
    let objects = Objects::open(config.objects(public_url)?).await?;
    match objects.check().await {
        Err(error @ dossier_storage::Error::Store { .. }) => {
            tracing::error!(%error, "the object store does not answer; uploads are refused until it does");
        }
        checked => checked?,
    }
    Ok(objects)
}

/// A server that has its address, and does not answer yet.
pub struct Server {
    listener: TcpListener,
    /// Where the monitoring reaches it.
    metrics: Option<TcpListener>,
    objects: Objects,
    /// Where clients reach it.
    pub public_url: Url,
}

impl Server {
    /// Takes the address and opens the object store.
    pub async fn bind(config: &Config) -> Result<Self, BoxError> {
        let listener = listen("LISTEN", config.listen).await?;
        let metrics = match config.metrics_listen {
            Some(address) => Some(listen("METRICS_LISTEN", address).await?),
            None => None,
        };
        let public_url = config.public(listener.local_addr()?)?;
        let objects = objects(config, public_url.clone()).await?;
        Ok(Self { listener, metrics, objects, public_url })
    }

    /// The server's parts, over the configured database.
    pub async fn app(&self, config: &Config) -> Result<App, BoxError> {
        let db = database::current(config).await?;
        let tracer = config.otlp_endpoint.as_ref().map(Tracer::to).transpose()?.unwrap_or_default();
        App::new(config, db, Clock::default(), bus(config)?, self.objects.clone(), tracer)
    }

    /// Answers until `stopped` returns; what was begun then may end within the configured time.
    pub async fn run(
        self,
        app: App,
        config: &Config,
        stopped: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), BoxError> {
        let (tracer, health) = (app.tracer.clone(), app.health.clone());
        // It answers until the last request was answered: it also tells how the server ends.
        let monitoring = self.metrics.map(|listener| {
            let serving = axum::serve(listener, http::metrics_routes(&app));
            tokio::spawn(async move { serving.await })
        });
        let mut runner = jobs::start(&app, config);
        let (leave, drain) = http::drain();
        let told = drain.clone();
        let router = http::router(app, config, drain);
        let mut serving = pin!(async {
            http::serve(self.listener, router, config.max_connections, http::Patience::default(), told).await;
            // Sockets are no connections of the HTTP server any more.
            leave.left().await;
            Ok(())
        });
        let ended = tokio::select! {
            ended = &mut serving => ended,
            () = stopped => {
                let within = config.shutdown_timeout();
                health.drain();
                leave.tell(within * 3 / 4);
                let ending = timeout(within, serving);
                // Jobs that are not finished by then are handed back while there is time.
                let (ended, ()) = tokio::join!(ending, shut_down(runner.take(), within));
                ended.unwrap_or_else(|_| {
                    tracing::warn!("the server stops, and not everything has ended");
                    Ok(())
                })
            }
        };
        if let Some(monitoring) = monitoring {
            monitoring.abort();
        }
        drop(runner);
        tracer.shut_down().await;
        ended
    }
}

async fn shut_down(runner: Option<RunnerHandle>, within: Duration) {
    if let Some(runner) = runner {
        runner.shutdown(within).await;
    }
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("{name}={address}: {error}")]
pub(super) struct ListenError {
    name: &'static str,
    address: SocketAddr,
    pub(super) error: io::Error,
}

pub(super) async fn listen(name: &'static str, address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|error| ListenError { name, address, error })
}

/// Serves until it is told to stop. An empty embedded database gets the sample first.
pub async fn serve(config: &Config) -> Result<(), BoxError> {
    let server = Server::bind(config).await?;
    if config.is_embedded()
        && let Some(people) = sample::make(config, &server.objects).await?
    {
        output::note("A sample agency was made. These people can sign in; the passwords are not shown again:\n");
        for SignIn { email, role, password } in people {
            output::note(format!("  {email:<36} {password:<18} {role}"));
        }
        output::note("");
    }
    let app = server.app(config).await?;
    output::note(format!("Dossier serves on {}", server.public_url));
    if config.is_development() {
        output::note(format!("Query editor: open {} in a browser", server.public_url));
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
