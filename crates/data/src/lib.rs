//! The only access to the database. The viewer's row rule filters the rows that are read. Rows that are written are
//! checked against it, and leave an event in the same transaction.
//!
//! A [`ReadTx`] is one transaction with one viewer, who is looked up anew, and with its own loaders. `clippy.toml` bans
//! `SeaORM`'s own finders in other crates, so that no statement avoids the row rule.

#![expect(clippy::disallowed_methods, reason = "this module filters what it finds")]

mod allowed;
mod audit;
pub mod audit_chain;
mod budget;
mod changes;
mod check;
mod columns;
mod connections;
mod cursor;
mod database;
mod directory;
mod find;
mod idempotency;
mod jobs;
mod loader;
mod loaders;
mod membership;
mod notifier;
mod options;
pub mod outbox;
mod outcome;
mod page;
mod pool;
mod postgres;
mod read_tx;
mod rows;
mod scan;
mod scope;
mod scopes;
mod session;
mod source;
mod sqlite;
mod statements;
mod sum;
mod transaction;
mod write_tx;
mod writes;

pub use allowed::Allowed;
pub use audit::{AuditChange, AuditDetail, AuditRecord, Author, Origin, SERIES as AUDIT_SERIES};
pub use budget::RowBudget;
pub(crate) use changes::Change;
pub use columns::Columns;
pub use connections::Connections;
pub use cursor::{Key, PageCursor, Purpose, Sealer};
pub use database::Database;
pub use idempotency::{IDEMPOTENCY_KEPT_FOR, Repeatable};
pub use jobs::QueueTx;
pub use notifier::Notifier;
pub use options::SessionSettings;
pub use outbox::DomainEvent;
pub use outcome::Outcome;
pub use page::{Arguments, DEFAULT_PAGE, MAX_PAGE, Order, Page, Slice};
pub use read_tx::ReadTx;
pub use rows::ScopedQuery;
pub use source::Source;
pub use statements::{Labels, Statements};
pub use sum::Sum;
pub use transaction::Transaction;
pub use write_tx::WriteTx;
