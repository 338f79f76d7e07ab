//! The object store, from outside: over a socket, by signed URLs.

mod embedded;
mod objects;
mod store;
