//! How many sockets are open from where: somebody who opens more and more of them must not take all places.

use crate::address::Address;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The open sockets of this process, counted by address. Cheap to clone.
#[derive(Clone)]
pub struct Sockets(Arc<Counted>);

struct Counted {
    /// The most from one address; 0: any number.
    most: u32,
    open: Mutex<HashMap<Address, u32>>,
}

/// One socket's place; dropping it gives the place back.
pub struct ConnectionPermit {
    sockets: Sockets,
    address: Address,
}

impl Sockets {
    /// Of which at most so many come from one address; 0: any number.
    pub fn at_most(most: u32) -> Self {
        Self(Arc::new(Counted { most, open: Mutex::default() }))
    }

    /// A place, or how many there are in all when none is left.
    pub fn enter(&self, address: Address) -> Result<ConnectionPermit, u32> {
        let mut open = self.open();
        let count = open.entry(address).or_default();
        if self.0.most > 0 && *count >= self.0.most {
            return Err(self.0.most);
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
