//! The number of open sockets by address, so that one address cannot use all connections.

use crate::address::Address;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The open sockets of this process by address. Cheap to clone.
#[derive(Clone)]
pub struct Sockets(Arc<Counted>);

struct Counted {
    /// The maximum for one address. 0 means no limit.
    limit: u32,
    open: Mutex<HashMap<Address, u32>>,
}

/// Counts one open socket until it is dropped.
pub struct ConnectionPermit {
    sockets: Sockets,
    address: Address,
}

impl Sockets {
    /// Creates the counter with this maximum for one address. 0 means no limit.
    pub fn with_limit(limit: u32) -> Self {
        Self(Arc::new(Counted { limit, open: Mutex::default() }))
    }

    /// Counts a socket. Fails with the limit if the address has reached it.
    pub fn acquire(&self, address: Address) -> Result<ConnectionPermit, u32> {
        let mut open = self.open();
        let count = open.entry(address).or_default();
        if self.0.limit > 0 && *count >= self.0.limit {
            return Err(self.0.limit);
        }
        *count += 1;
        Ok(ConnectionPermit { sockets: self.clone(), address })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Address, u32>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = self.sockets.open();
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}
