//! The rate limits of callers. All processes share them through Redis if there is one; otherwise each process counts
//! alone. A caller is a user, independent of the token, or the address of an anonymous caller.

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

/// The prefix of all keys in Redis. The number is the version of their format.
const PREFIX: &str = "dossier:1:rate:";

/// How many times more attempts to sign in to an account may come from all new addresses than from one address. It is
/// high enough that no single caller can use them up, and low enough to slow down guesses from many addresses.
const NEW_ADDRESSES: u32 = 10;

/// How many times more API keys than attempts to sign in may be looked up for an address. Scripts that use the same
/// address should not block each other when a server starts.
const UNKNOWN_KEYS: u32 = 10;

/// How many password resets of an account may be asked for in a minute.
const PASSWORD_RESETS: u32 = 2;

/// How many times more mails an address may get in a day than attempts to sign in may come from an address in a minute.
const MAILS: u32 = 2;

/// A limited quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// Operations of all kinds.
    Operations,
    /// Points of cost.
    Points,
    /// Points of cost of delivered events. They are counted separately, so that the activity of other people does not
    /// prevent a caller from sending operations.
    Deliveries,
    /// Attempts to sign in.
    SignIn,
    /// Mails with a link to reset the password of an account.
    PasswordReset,
    /// Mails to an address that somebody asks for, in a day.
    Mails,
    /// Attempts to sign in to an account from addresses that have not signed in to it before.
    SignInFromNewAddresses,
    /// Look-ups of API keys that a process does not know.
    UnknownApiKeys,
}

impl Quota {
    fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Points => "points of cost",
            Self::Deliveries => "points of cost for events",
            Self::SignIn => "attempts to sign in",
            Self::PasswordReset => "password resets for this account",
            Self::Mails => "mails to this address in a day",
            Self::SignInFromNewAddresses => "attempts to sign in to this account from new addresses",
            Self::UnknownApiKeys => "API keys that are not known",
        }
    }

    /// Returns its name in a key.
    fn key(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Points => "points",
            Self::Deliveries => "deliveries",
            Self::SignIn => "sign-in",
            Self::PasswordReset => "password-reset",
            Self::Mails => "mails",
            Self::SignInFromNewAddresses => "sign-in-new",
            Self::UnknownApiKeys => "unknown-api-keys",
        }
    }

    /// Returns the time for which its limit is defined.
    fn period(self) -> u64 {
        if self == Self::Mails { bucket::DAY } else { bucket::MINUTE }
    }
}

/// The status of the limit that a caller is closest to exceeding.
#[derive(Clone, Copy, Debug)]
pub struct RateLimitStatus {
    /// The maximum in the period of the limit, which is a minute for all that callers are told.
    pub limit: u32,
    /// The remaining part of the limit.
    pub remaining: u32,
    /// The time until the whole limit is available again.
    pub reset: Duration,
}

/// The result of a charge.
#[derive(Clone, Copy, Debug, Default)]
pub struct Charge {
    /// The status after the charge. `None` without limits.
    pub rate_limit_status: Option<RateLimitStatus>,
    /// Set if the limit was exceeded. Nothing was charged then.
    pub exceeded: Option<Exceeded>,
}

/// Counts the usage of callers. Cheap to clone.
#[derive(Clone)]
pub struct Rate(Arc<Counted>);

struct Counted {
    limits: RateLimits,
    /// The secret of pseudonyms. Names in Redis must reveal nothing, and a plain hash of an address could be guessed.
    secret: hmac::Key,
    shared: Option<Shared>,
    own: Memory,
    /// The addresses from which accounts are used.
    known: KnownAddresses,
    concurrency: Arc<Concurrency>,
}

impl Rate {
    /// Creates the counter with the configured limits and the server's secret.
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

    /// Charges an operation with this cost. A refused operation costs no points.
    pub async fn operation(&self, subject: &Subject, points: usize) -> Charge {
        let points = amount(points);
        self.0.charge(subject, &[(Quota::Operations, 1), (Quota::Points, points)], false).await
    }

    /// Charges the cost that became known during the execution, even beyond the limit.
    pub async fn settle(&self, subject: &Subject, points: usize) -> Charge {
        self.0.charge(subject, &[(Quota::Points, amount(points))], true).await
    }

    /// Charges the delivery of an event, if the subscriber can pay for it now.
    pub async fn delivery(&self, subject: &Subject, points: usize) -> Result<(), Exceeded> {
        self.deliver(subject, points, false).await
    }

    /// Charges the cost of a delivery that became known during the execution.
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

    /// Waits for a slot to execute an operation. The slot is held during the execution.
    pub async fn slot(&self, subject: &Subject) -> Result<Slot, Busy> {
        self.0.concurrency.slot(subject).await
    }

    /// Opens a subscription whose events cost this many points. Fails if the events of all the caller's subscriptions
    /// would cost more than `limit`.
    pub fn listen(&self, subject: &Subject, points: usize, limit: usize) -> Result<Listening, Busy> {
        self.0.concurrency.listen(subject, points, limit)
    }

    /// Charges an attempt to sign in. It is charged to its address, so that one caller cannot try many passwords. If
    /// nobody has signed in to the account from this address, it is also charged to the account, so that many callers
    /// cannot either. Password guesses therefore never block people who use the account from their usual addresses.
    pub async fn sign_in(&self, address: Option<Address>, account: &str) -> Result<(), Exceeded> {
        if let Some(address) = address {
            self.link(Some(address)).await?;
            let [account, address] = self.0.use_of(account, address);
            if self.0.known.contains(self.0.shared.as_ref(), &account, &address).await {
                return Ok(());
            }
        }
        let account = Subject::Account(account.to_owned());
        let charge = self.0.charge(&account, &[(Quota::SignInFromNewAddresses, 1)], false).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Charges an attempt to use a link of a mail, like an attempt to sign in.
    pub async fn link(&self, address: Option<Address>) -> Result<(), Exceeded> {
        let Some(address) = address else { return Ok(()) };
        let charge = self.0.charge(&Subject::Address(address), &[(Quota::SignIn, 1)], false).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Charges the look-up of an API key that this process does not know to its address.
    pub async fn unknown_api_key(&self, address: Address) -> Result<(), Exceeded> {
        let charge = self.0.charge(&Subject::Address(address), &[(Quota::UnknownApiKeys, 1)], false).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Charges a request for a password reset to its address and to the account.
    pub async fn password_reset(&self, address: Option<Address>, account: &str) -> Result<(), Exceeded> {
        self.link(address).await?;
        let account = Subject::Account(account.to_owned());
        let charge = self.0.charge(&account, &[(Quota::PasswordReset, 1)], false).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Charges a mail to the address that gets it.
    pub async fn mail(&self, recipient: &str) -> Result<(), Exceeded> {
        let recipient = Subject::Account(recipient.to_owned());
        let charge = self.0.charge(&recipient, &[(Quota::Mails, 1)], false).await;
        charge.exceeded.map_or(Ok(()), Err)
    }

    /// Returns a pseudonym that only this server can compute.
    pub fn pseudonym(&self, subject: &Subject) -> String {
        self.0.pseudonym(subject)
    }

    /// Records that somebody has signed in to the account from this address.
    pub async fn signed_in(&self, address: Option<Address>, account: &str) {
        if let Some(address) = address {
            let [account, address] = self.0.use_of(account, address);
            self.0.known.insert(self.0.shared.as_ref(), &account, &address).await;
        }
    }
}

impl Counted {
    /// Charges quotas with the same period. `used`: the units are already used, so the charge cannot be refused.
    async fn charge(&self, subject: &Subject, wanted: &[(Quota, u64)], used: bool) -> Charge {
        let limited: Vec<_> = wanted
            .iter()
            .map(|(quota, amount)| (*quota, self.limit(*quota), *amount))
            .filter(|(_, limit, _)| *limit > 0)
            .collect();
        let Some((quota, ..)) = limited.first() else { return Charge::default() };
        let period = quota.period();
        let whom = self.pseudonym(subject);
        // The braces keep related keys on one node of a cluster.
        let keys: Vec<_> = limited.iter().map(|(quota, ..)| format!("{PREFIX}{{{whom}}}:{}", quota.key())).collect();
        let prices: Vec<_> = limited.iter().map(|(_, limit, amount)| bucket::price(*amount, *limit, period)).collect();
        let shared = match &self.shared {
            Some(shared) => shared.charge(&keys, &prices, period, used).await,
            None => None,
        };
        let (fits, debts) = shared.unwrap_or_else(|| self.own.charge(&keys, &prices, period, used));
        let each = limited.iter().zip(debts.into_iter().zip(prices));
        let each = each.map(|((quota, limit, _), (debt, price))| Used { quota: *quota, limit: *limit, debt, price });
        tell(fits, &each.collect::<Vec<_>>())
    }

    fn limit(&self, quota: Quota) -> u32 {
        match quota {
            Quota::Operations => self.limits.operations,
            Quota::Points | Quota::Deliveries => self.limits.points,
            Quota::SignIn => self.limits.sign_in,
            Quota::PasswordReset => self.limits.sign_in.min(PASSWORD_RESETS),
            Quota::Mails => self.limits.sign_in.saturating_mul(MAILS),
            Quota::SignInFromNewAddresses => self.limits.sign_in.saturating_mul(NEW_ADDRESSES),
            Quota::UnknownApiKeys => self.limits.sign_in.saturating_mul(UNKNOWN_KEYS),
        }
    }

    /// Returns the pseudonyms of an account, and of an address within this account.
    fn use_of(&self, account: &str, address: Address) -> [String; 2] {
        [format!("known account {account}"), format!("known {address} of {account}")].map(|text| self.tag(&text))
    }

    fn pseudonym(&self, subject: &Subject) -> String {
        self.tag(&format!("rate {subject}"))
    }

    fn tag(&self, text: &str) -> String {
        dossier_core::hex::hex(&hmac::sign(&self.secret, text.as_bytes()).as_ref()[..16])
    }
}

fn amount(points: usize) -> u64 {
    u64::try_from(points).unwrap_or(u64::MAX)
}

/// The result of a charge to one limit.
struct Used {
    quota: Quota,
    limit: u32,
    debt: u64,
    price: u64,
}

fn tell(fits: bool, used: &[Used]) -> Charge {
    // The limit that refuses, or else the limit with the smallest remaining part.
    let over = |used: &Used| (used.debt + used.price).saturating_sub(used.quota.period());
    let nearest = used.iter().max_by_key(|used| if fits { used.debt } else { over(used) });
    let Some(nearest) = nearest else { return Charge::default() };
    let status = RateLimitStatus {
        limit: nearest.limit,
        remaining: if fits { bucket::left(nearest.debt, nearest.limit, nearest.quota.period()) } else { 0 },
        reset: Duration::from_micros(nearest.debt),
    };
    let exceeded = Exceeded {
        what: nearest.quota.name(),
        limit: nearest.limit,
        retry_after: over(nearest).div_ceil(1_000_000).max(1),
    };
    Charge { rate_limit_status: Some(status), exceeded: (!fits).then_some(exceeded) }
}
