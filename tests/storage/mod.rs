//! The object store, from outside: over a socket, with signed URLs.

mod command;
mod embedded;
mod faults;
mod objects;
mod proxy;
mod reads;
mod reclaim;
mod remote;
mod start;
mod store;
mod verify;
