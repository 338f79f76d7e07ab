//! Assembles the server and runs it.

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

/// Returns the configured database for a short command.
pub async fn database(config: &Config) -> Result<Database, BoxError> {
    Ok(Database::new(database::current(config).await?, config.session_settings(), Clock::default(), bus(config)?))
}

/// Returns the configured bus to other processes.
pub(super) fn bus(config: &Config) -> Result<Bus, BoxError> {
    match &config.redis_url {
        Some(url) => Bus::over_redis(url.expose_secret()).map_err(|error| format!("REDIS_URL: {error}").into()),
        None => Ok(Bus::default()),
    }
}

/// Opens the object store. If the store refuses the key, the start fails, because waiting does not help. If the store
/// does not answer, the server starts: the store may be starting, too, and everything except files works without it.
/// Uploads then fail with an error.
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

/// A server that has bound its address, and does not serve yet.
pub struct Server {
    listener: TcpListener,
    /// The listener for monitoring.
    metrics: Option<TcpListener>,
    objects: Objects,
    /// The URL at which clients reach it.
    pub public_url: Url,
}

impl Server {
    /// Binds the address and opens the object store.
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

    /// Returns the server's parts with the configured database.
    pub async fn app(&self, config: &Config) -> Result<App, BoxError> {
        let db = database::current(config).await?;
        let tracer = config.otlp_endpoint.as_ref().map(Tracer::to).transpose()?.unwrap_or_default();
        App::new(config, db, Clock::default(), bus(config)?, self.objects.clone(), tracer)
    }

    /// Serves until `stopped` returns. Work in progress may then end within the configured time. `sample` contains the
    /// addresses of the sample's people, if this process created it.
    pub async fn run(
        self,
        app: App,
        config: &Config,
        sample: Vec<String>,
        stopped: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), BoxError> {
        let (tracer, health) = (app.tracer.clone(), app.health.clone());
        // It serves until the last request is answered, so that the end of the server can be observed, too.
        let monitoring = self.metrics.map(|listener| {
            let serving = axum::serve(listener, http::metrics_routes(&app));
            tokio::spawn(async move { serving.await })
        });
        let mut runner = jobs::start(&app, config, &self.public_url)?;
        let (trigger, drain) = http::drain();
        let server_drain = drain.clone();
        let router = http::router(app, config, drain, sample);
        let mut serving = pin!(async {
            http::serve(self.listener, router, config.max_connections, http::Timeouts::default(), server_drain).await;
            // Sockets are no longer connections of the HTTP server.
            trigger.finished().await;
            Ok(())
        });
        let ended = tokio::select! {
            ended = &mut serving => ended,
            () = stopped => {
                let within = config.shutdown_timeout();
                health.drain();
                trigger.start(within * 3 / 4);
                let ending = timeout(within, serving);
                // Unfinished jobs are released while there is time.
                let (ended, ()) = tokio::join!(ending, shut_down(runner.take(), within));
                ended.unwrap_or_else(|_| {
                    tracing::warn!("the server stops before all work has ended");
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

/// Listening on an address failed.
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

/// Serves until the process is asked to stop. An empty embedded database first gets the sample.
pub async fn serve(config: &Config) -> Result<(), BoxError> {
    let server = Server::bind(config).await?;
    let mut sample = Vec::new();
    if config.is_embedded()
        && let Some(people) = sample::make(config, &server.objects).await?
    {
        output::note("A sample agency was created. These people can sign in. The passwords are not shown again:\n");
        for SignIn { email, role, password } in people {
            output::note(format!("  {email:<36} {password:<18} {role}"));
            sample.push(email);
        }
        output::note("");
    }
    let app = server.app(config).await?;
    output::note(format!("Dossier serves on {}", server.public_url));
    if config.is_development() {
        output::note(format!("Query editor: open {}graphiql in a browser", server.public_url));
    }
    server.run(app, config, sample, stopped()).await
}

/// Waits until the process is asked to stop.
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
