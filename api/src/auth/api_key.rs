//! The verification of API keys.
//!
//! The hash of a token never changes its key, and a key never changes its account, networks and expiry. The process
//! therefore remembers them. Whether a key was revoked is read with its session, for each operation.

use crate::{address::Address, rate::Rate};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{api_token::ApiToken, credentials::Claims, error::Error};
use dossier_data::Database;
use dossier_domain::api_key;
use entities::api_key::Model;
use ipnet::IpNet;
use quick_cache::sync::Cache;
use std::sync::{Arc, Mutex, PoisonError};

/// The maximum number of keys in the memory of a process.
const MAX_KNOWN: usize = 10_000;

/// The time after which a further use of a key is recorded.
const RECORDED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Verifies the tokens of API keys.
pub struct ApiKeys {
    database: Database,
    rate: Rate,
    known: Cache<String, Arc<KnownKey>>,
}

/// A key that was used before.
struct KnownKey {
    row: Model,
    networks: Vec<IpNet>,
    /// When its use was last recorded.
    recorded_at: Mutex<Option<DateTime<Utc>>>,
}

impl ApiKeys {
    /// Creates a verifier that knows no key.
    pub fn new(database: Database, rate: Rate) -> Self {
        Self { database, rate, known: Cache::new(MAX_KNOWN) }
    }

    /// Returns the claims of a key's token that was sent from this address.
    pub async fn check(&self, token: &str, address: Address) -> Result<Claims, Error> {
        let token = token.parse::<ApiToken>().map_err(|_| INVALID)?;
        let key = self.find(token.hash(), address).await?;
        if !key.networks.is_empty() && !key.networks.iter().any(|network| address.is_in(network)) {
            return Err(Error::Unauthenticated("This API key cannot be used from your address."));
        }
        let now = self.database.clock.now();
        let exp = key.row.expires_at.map_or(i64::MAX, |expires_at| expires_at.timestamp());
        if exp <= now.timestamp() {
            return Err(Error::Unauthenticated("This API key has expired."));
        }
        self.record_use(&key, address, now);
        Ok(Claims { session: key.row.id, user: key.row.user_id, exp })
    }

    /// Returns the key with a hash. Unknown hashes are charged to the address, because each needs the database.
    async fn find(&self, hash: String, address: Address) -> Result<Arc<KnownKey>, Error> {
        if let Some(known) = self.known.get(&hash) {
            return Ok(known);
        }
        self.rate.unknown_api_key(address).await?;
        let row = self.database.api_key(&hash).await?.ok_or(INVALID)?;
        let networks = api_key::networks(&row).map(str::parse).collect::<Result<_, _>>().map_err(Error::internal)?;
        let known = Arc::new(KnownKey { row, networks, recorded_at: Mutex::default() });
        self.known.insert(hash, known.clone());
        Ok(known)
    }

    /// Records the use in the background, at most once a minute for each key.
    fn record_use(&self, key: &KnownKey, address: Address, now: DateTime<Utc>) {
        let mut recorded_at = key.recorded_at.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded_at.is_some_and(|recorded_at| now - recorded_at < RECORDED_EVERY) {
            return;
        }
        *recorded_at = Some(now);
        let (database, row) = (self.database.clone(), key.row.clone());
        tokio::spawn(async move {
            if let Err(error) = api_key::record_use(&database, &row, address.network()).await {
                tracing::warn!(%error, "the use of an API key could not be recorded");
            }
        });
    }
}

const INVALID: Error = Error::Unauthenticated("This API key is not valid.");
