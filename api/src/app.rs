//! The running server's parts, put together once.

use crate::{
    access::{Door, Sealer},
    auth::Tokens,
    cli::Error,
    clock::Clock,
    config::Config,
    events::Bus,
    observe::{Health, Metrics, Tracer},
    storage::Objects,
};
use sea_orm::DatabaseConnection;
use secrecy::ExposeSecret;

/// What every request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The only door to the database.
    pub door: Door,
    /// The object store.
    pub objects: Objects,
    /// Signs and checks access tokens.
    pub tokens: Tokens,
    /// Seals cursors.
    pub sealer: Sealer,
    /// Counts what happens.
    pub metrics: Metrics,
    /// Knows whether the server can do its work.
    pub health: Health,
    /// Sends traces, when they are wanted.
    pub tracer: Tracer,
}

impl App {
    /// Over these parts, with the configured secret.
    pub fn new(
        config: &Config,
        db: DatabaseConnection,
        clock: Clock,
        bus: Bus,
        objects: Objects,
    ) -> Result<Self, Error> {
        let secret = config.jwt()?;
        let secret = secret.expose_secret().as_bytes();
        Ok(Self {
            metrics: Metrics::new(db.clone(), bus.clone()),
            health: Health::new(db.clone(), bus.clone(), objects.clone()),
            tracer: Tracer::default(),
            door: Door::new(db, config.limits(), clock, bus),
            objects,
            tokens: Tokens::new(secret),
            sealer: Sealer::new(secret)?,
        })
    }
}
