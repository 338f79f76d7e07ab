//! The addresses from which people have signed in. Attempts to guess a password from other addresses do not block
//! these.
//!
//! Each process remembers the addresses, and shares them through Redis if there is one. They are stored as pseudonyms
//! that have no meaning outside of this server, see [`super::Counted::pseudonym`]. A forgotten address counts as a new
//! one.

use super::redis::Shared;
use quick_cache::unsync::Cache;
use redis::Pipeline;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The prefix of the lists in Redis. The number is the version of their format.
const PREFIX: &str = "dossier:1:known:";

/// The maximum number of addresses for an account. The latest are kept.
const MAX_ADDRESSES: usize = 10;

/// The maximum number of accounts in the memory of a process, about 15 MB.
const MAX_ACCOUNTS: usize = 20_000;

/// How long Redis keeps the addresses of an account that is not used.
const REMEMBERED_FOR: Duration = Duration::from_hours(24 * 90);

/// The addresses of accounts, latest first.
pub struct KnownAddresses(Mutex<Cache<String, VecDeque<String>>>);

impl Default for KnownAddresses {
    fn default() -> Self {
        Self(Mutex::new(Cache::new(MAX_ACCOUNTS)))
    }
}

impl KnownAddresses {
    /// Returns whether somebody has signed in to the account from this address.
    pub async fn contains(&self, shared: Option<&Shared>, account: &str, address: &String) -> bool {
        if self.own().get(account).is_some_and(|addresses| addresses.contains(address)) {
            return true;
        }
        let Some(shared) = shared else { return false };
        let list = shared.run::<(Vec<String>,)>(Pipeline::new().lrange(key(account), 0, -1)).await;
        list.is_some_and(|(addresses,)| addresses.contains(address))
    }

    /// Records that somebody has signed in to the account from this address.
    pub async fn insert(&self, shared: Option<&Shared>, account: &str, address: &String) {
        let mut addresses = self.own().get(account).cloned().unwrap_or_default();
        addresses.retain(|known| known != address);
        addresses.push_front(address.clone());
        addresses.truncate(MAX_ADDRESSES);
        self.own().insert(account.to_owned(), addresses);
        let Some(shared) = shared else { return };
        let (key, last) = (key(account), MAX_ADDRESSES.cast_signed() - 1);
        let seconds = REMEMBERED_FOR.as_secs().cast_signed();
        let mut write = Pipeline::new();
        write.atomic().lrem(&key, 0, address).lpush(&key, address).ltrim(&key, 0, last).expire(&key, seconds);
        // While Redis is unavailable, only this process remembers.
        let _ = shared.run::<()>(&write).await;
    }

    fn own(&self) -> MutexGuard<'_, Cache<String, VecDeque<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(account: &str) -> String {
    format!("{PREFIX}{account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_account_is_known_from_the_latest_addresses() {
        let known = KnownAddresses::default();
        let address = |number: usize| format!("address {number}");
        for number in 0..=MAX_ADDRESSES {
            known.insert(None, "olga", &address(number)).await;
            known.insert(None, "olga", &address(1)).await;
        }
        let mut remembered = Vec::new();
        for number in 0..=MAX_ADDRESSES {
            remembered.push(known.contains(None, "olga", &address(number)).await);
        }
        assert_eq!(remembered.iter().filter(|known| **known).count(), MAX_ADDRESSES);
        assert!(!remembered[0] && remembered[1], "the address with the oldest sign-in is forgotten");
        assert!(!known.contains(None, "omar", &address(1)).await);
    }
}
