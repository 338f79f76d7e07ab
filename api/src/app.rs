//! The parts of the running server.

use crate::{
    auth::{
        ApiKeys, Tokens,
        oidc::{ExternalTokens, IdentityProvider},
    },
    config::Config,
    observe::{Health, Metrics, Tracer},
    rate::Rate,
};
use chrono::TimeDelta;
use dossier_core::{clock::Clock, error::BoxError};
use dossier_data::{Database, Origin, Sealer, Source};
use dossier_domain::passkey::RelyingParty;
use dossier_events::Bus;
use dossier_preview::Renderer;
use dossier_storage::{Objects, Scanner};
use std::{ops::Deref, sync::Arc};
use url::Url;

/// The parts that every request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The only access to the database.
    pub database: Database,
    parts: Arc<Parts>,
}

/// The fields of [`App`] that are the same for all requests.
pub struct Parts {
    /// Wakes the readers of events in this process and in others.
    pub bus: Bus,
    /// The object store.
    pub objects: Objects,
    /// Scans uploads for malware, if there is a scanner.
    pub scanner: Option<Scanner>,
    /// Makes previews.
    pub renderer: Renderer,
    /// Signs and verifies access tokens.
    pub tokens: Tokens,
    /// Verifies API keys.
    pub api_keys: ApiKeys,
    /// The identity provider at which people sign in, if there is one.
    pub identity_provider: Option<IdentityProvider>,
    /// Verifies the access tokens of an external issuer, if there is one.
    pub external_tokens: Option<ExternalTokens>,
    /// How long an access token is valid.
    pub access_token_lasts: TimeDelta,
    /// Encrypts cursors.
    pub sealer: Sealer,
    /// The site for which people make passkeys.
    pub relying_party: RelyingParty,
    /// Limits the rates of callers.
    pub rate: Rate,
    /// Whether the log contains the addresses of refused attempts to authenticate.
    pub logs_addresses: bool,
    /// The metrics.
    pub metrics: Metrics,
    /// The health of the server.
    pub health: Health,
    /// Sends traces, if they are configured.
    pub tracer: Tracer,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl App {
    /// Creates the app from these parts and the configured secret.
    pub fn new(
        config: &Config,
        source: Source,
        clock: Clock,
        bus: Bus,
        objects: Objects,
        tracer: Tracer,
    ) -> Result<Self, BoxError> {
        let secret = config.jwt()?;
        let database =
            Database::new(source, config.session_settings(), clock, bus.clone()).on_enter(crate::observe::viewer);
        let rate = Rate::new(config, secret.current())?;
        let parts = Parts {
            api_keys: ApiKeys::new(database.clone(), rate.clone()),
            identity_provider: config.identity_provider()?.map(IdentityProvider::new).transpose()?,
            external_tokens: config.external.external_tokens().map(ExternalTokens::new).transpose()?,
            metrics: Metrics::new(database.clone(), bus.clone()),
            health: Health::new(database.clone(), bus.clone(), objects.clone()),
            relying_party: relying_party(config)?,
            rate,
            logs_addresses: config.log_addresses,
            tracer,
            bus,
            objects,
            scanner: config.scanner.scanner(),
            renderer: config.preview.renderer()?,
            tokens: Tokens::new(&secret)?,
            access_token_lasts: TimeDelta::seconds(config.access_token_seconds.into()),
            sealer: Sealer::new(&secret)?,
        };
        Ok(Self { database, parts: parts.into() })
    }

    /// Returns the same server for a request that comes from somewhere.
    #[must_use]
    pub fn for_request(&self, origin: Origin) -> Self {
        Self { database: self.database.with_origin(origin), parts: self.parts.clone() }
    }
}

fn relying_party(config: &Config) -> Result<RelyingParty, BoxError> {
    let app = config.mail.app_url.as_ref().map(Url::as_str);
    let origins = config.cors_origins.iter().map(String::as_str).chain(app);
    RelyingParty::new(config.public_url.as_ref(), origins)
}
