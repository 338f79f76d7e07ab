//! How much a caller may ask for in a minute: shared by all processes through Redis when there is one, otherwise counted
//! by each. A caller is a user, whatever tokens they hold; or an address, for who is not signed in.

mod bucket;
mod concurrency;
mod known;
mod memory;
mod redis;
mod subject;

pub use concurrency::{Busy, Listening, Slot};
pub use subject::Subject;

use crate::{
    address::Address,
    config::{Config, RateLimits},
};
use aws_lc_rs::hmac;
use concurrency::Concurrency;
use dossier_core::error::{BoxError, Exceeded};
use known::KnownAddresses;
use memory::Memory;
use redis::Shared;
use secrecy::ExposeSecret;
use std::{sync::Arc, time::Duration};

/// Begins the names of all keys in Redis; the number is the version of what they hold.
const PREFIX: &str = "dossier:1:rate:";

/// How many attempts to sign in to an account may come from new addresses, for each that one address may make: enough
/// that no single caller uses them up, and few enough to slow down guesses from many addresses.
const NEW_ADDRESSES: u32 = 10;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// Operations, whatever they are.
    Operations,
    /// Points of cost.
    Points,
    /// Points of cost of the events that a subscriber is told. Counted apart: what others do must not keep somebody
    /// from asking.
    Deliveries,
    /// Attempts to sign in.
    SignIn,
    /// Attempts to sign in to an account from addresses that have not signed in to it before.
    SignInFromNewAddresses,
}

impl Quota {
    fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Points => "points of cost",
            Self::Deliveries => "points of cost of events",
            Self::SignIn => "attempts to sign in",
            Self::SignInFromNewAddresses => "attempts to sign in to this account from new addresses",
        }
    }

    /// As it stands in the name of a key.
    fn key(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Points => "points",
            Self::Deliveries => "deliveries",
            Self::SignIn => "sign-in",
            Self::SignInFromNewAddresses => "sign-in-new",
        }
    }
}

/// How far a caller is from the nearest of its limits.
#[derive(Clone, Copy, Debug)]
pub struct RateLimitStatus {
    /// How much it may use in a minute.
    pub limit: u32,
    /// How much of that it has left.
    pub remaining: u32,
    /// Until it has all of it again.
    pub reset: Duration,
}

/// A charge: how the caller stands after it, and whether it was too much. Without limits nobody stands anywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Charge {
    /// None without limits.
    pub rate_limit_status: Option<RateLimitStatus>,
    /// Nothing was charged.
    pub exceeded: Option<Exceeded>,
}

/// Counts what callers use. Cheap to clone.
#[derive(Clone)]
pub struct Rate(Arc<Counted>);

struct Counted {
    limits: RateLimits,
    /// Names in Redis must tell nothing of anybody, and there are few enough addresses to try them all.
    secret: hmac::Key,
    shared: Option<Shared>,
    own: Memory,
    /// From where accounts are used.
    known: KnownAddresses,
    concurrency: Arc<Concurrency>,
}

impl Rate {
    /// With the configured limits and the server's secret.
    pub fn new(config: &Config, secret: &[u8]) -> Result<Self, BoxError> {
        let shared = config.redis_url.as_ref().map(|url| Shared::start(url.expose_secret())).transpose();
        let shared = shared.map_err(|error| format!("REDIS_URL: {error}"))?;
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
        Ok(Self(Arc::new(Counted {
            limits: config.rate.clone(),
            secret,
            shared,
            own: Memory::default(),
            known: KnownAddresses::default(),
            concurrency: Arc::default(),
        })))
    }

    /// Charges an operation that costs so many points; one that is refused anyway costs none.
    pub async fn operation(&self, subject: &Subject, points: usize) -> Charge {
        let points = amount(points);
        self.0.charge(subject, &[(Quota::Operations, 1), (Quota::Points, points)], false).await
    }

    /// Charges what an operation was found to cost besides, once it was executed: also more than a minute allows.
    pub async fn settle(&self, subject: &Subject, points: usize) -> Charge {
        self.0.charge(subject, &[(Quota::Points, amount(points))], true).await
    }

    /// Charges the delivery of an event, if the subscriber can pay it now.
    pub async fn delivery(&self, subject: &Subject, points: usize) -> Result<(), Exceeded> {
        self.deliver(subject, points, false).await
    }

    /// Charges what a delivery was found to cost besides.
    pub async fn settle_delivery(&self, subject: &Subject, points: usize) {
        let _ = self.deliver(subject, points, true).await;
    }

    async fn deliver(&self, subject: &Subject, points: usize, used: bool) -> Result<(), Exceeded> {
        if points == 0 {
            return Ok(());
        }
        let charge = self.0.charge(subject, &[(Quota::Deliveries, amount(points))], used).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Waits for a slot to execute an operation in; it is held as long as the operation is executed.
    pub async fn slot(&self, subject: &Subject) -> Result<Slot, Busy> {
        self.0.concurrency.slot(subject).await
    }

    /// Opens a subscription whose events cost so many points each; none if the subscriber would listen to more than
    /// `limit` points an event.
    pub fn listen(&self, subject: &Subject, points: usize, limit: usize) -> Result<Listening, Busy> {
        self.0.concurrency.listen(subject, points, limit)
    }

    /// Charges an attempt to sign in: to the address that it comes from, so that one caller cannot try many passwords;
    /// and to the account when nobody has signed in to it from there, so that many callers cannot either. Guesses
    /// therefore never refuse the people who use the account from their usual addresses.
    pub async fn sign_in(&self, address: Option<Address>, account: &str) -> Result<(), Exceeded> {
        if let Some(address) = address {
            let charge = self.0.charge(&Subject::Address(address), &[(Quota::SignIn, 1)], false).await;
            charge.exceeded.map_or(Ok(()), Err)?;
            let [account, address] = self.0.use_of(account, address);
            if self.0.known.contains(self.0.shared.as_ref(), &account, &address).await {
                return Ok(());
            }
        }
        let account = Subject::Account(account.to_owned());
        let charge = self.0.charge(&account, &[(Quota::SignInFromNewAddresses, 1)], false).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Somebody has signed in to the account from this address.
    pub async fn signed_in(&self, address: Option<Address>, account: &str) {
        if let Some(address) = address {
            let [account, address] = self.0.use_of(account, address);
            self.0.known.insert(self.0.shared.as_ref(), &account, &address).await;
        }
    }
}

impl Counted {
    /// `used`: it can not be refused any more.
    async fn charge(&self, subject: &Subject, wanted: &[(Quota, u64)], used: bool) -> Charge {
        let limited: Vec<_> = wanted
            .iter()
            .map(|(quota, amount)| (*quota, self.limit(*quota), *amount))
            .filter(|(_, limit, _)| *limit > 0)
            .collect();
        if limited.is_empty() {
            return Charge::default();
        }
        let whom = self.pseudonym(subject);
        // The braces keep what belongs together on one node of a cluster.
        let keys: Vec<_> = limited.iter().map(|(quota, ..)| format!("{PREFIX}{{{whom}}}:{}", quota.key())).collect();
        let prices: Vec<_> = limited.iter().map(|(_, limit, amount)| bucket::price(*amount, *limit)).collect();
        let shared = match &self.shared {
            Some(shared) => shared.charge(&keys, &prices, used).await,
            None => None,
        };
        let (fits, debts) = shared.unwrap_or_else(|| self.own.charge(&keys, &prices, used));
        let each = limited.iter().zip(debts.into_iter().zip(prices));
        let each = each.map(|((quota, limit, _), (debt, price))| Used { quota: *quota, limit: *limit, debt, price });
        tell(fits, &each.collect::<Vec<_>>())
    }

    fn limit(&self, quota: Quota) -> u32 {
        match quota {
            Quota::Operations => self.limits.operations,
            Quota::Points | Quota::Deliveries => self.limits.points,
            Quota::SignIn => self.limits.sign_in,
            Quota::SignInFromNewAddresses => self.limits.sign_in.saturating_mul(NEW_ADDRESSES),
        }
    }

    /// The pseudonyms of an account and of an address that uses it, which has another one with each account.
    fn use_of(&self, account: &str, address: Address) -> [String; 2] {
        [format!("known account {account}"), format!("known {address} of {account}")].map(|text| self.tag(&text))
    }

    fn pseudonym(&self, subject: &Subject) -> String {
        self.tag(&format!("rate {subject}"))
    }

    fn tag(&self, text: &str) -> String {
        dossier_storage::hex(&hmac::sign(&self.secret, text.as_bytes()).as_ref()[..16])
    }
}

fn amount(points: usize) -> u64 {
    u64::try_from(points).unwrap_or(u64::MAX)
}

/// One limit, when something was charged to it or not.
struct Used {
    quota: Quota,
    limit: u32,
    debt: u64,
    price: u64,
}

fn tell(fits: bool, used: &[Used]) -> Charge {
    // The one that refuses, else the one of which least is left.
    let over = |used: &Used| (used.debt + used.price).saturating_sub(bucket::PERIOD);
    let nearest = used.iter().max_by_key(|used| if fits { used.debt } else { over(used) });
    let Some(nearest) = nearest else { return Charge::default() };
    let status = RateLimitStatus {
        limit: nearest.limit,
        remaining: if fits { bucket::left(nearest.debt, nearest.limit) } else { 0 },
        reset: Duration::from_micros(nearest.debt),
    };
    let exceeded = Exceeded {
        what: nearest.quota.name(),
        limit: nearest.limit,
        retry_after: over(nearest).div_ceil(1_000_000).max(1),
    };
    Charge { rate_limit_status: Some(status), exceeded: (!fits).then_some(exceeded) }
}
