//! The options of a transaction: its principal, its mode, and its settings.

use dossier_core::viewer::Viewer;
use std::time::Duration;
use uuid::Uuid;

/// The settings of a database session. The embedded database serves a single process and needs none.
#[derive(Clone, Copy, Debug)]
pub struct SessionSettings {
    /// Whether statements are prepared and used again. Some poolers change the connection between two transactions.
    pub prepared: bool,
    /// The time limit of a statement.
    pub statement: Duration,
    /// The time limit for a row lock that somebody else holds.
    pub lock: Duration,
    /// The time limit for a transaction that does nothing.
    pub idle: Duration,
}

/// The purpose of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Reads. All statements see the same snapshot.
    Read,
    /// Writes. Each statement sees what is committed by then.
    Write,
}

/// The rows that Row Level Security shows, besides those that the viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RlsMode {
    /// No other rows.
    Own,
    /// All rows of the organization.
    Whole,
    /// All rows of this organization, which may be another than the viewer's.
    WholeOf(Uuid),
    /// A row after a change that takes it out of the viewer's sight, but not out of their reach.
    Leaving,
}

/// The principal on whose behalf a transaction begins.
pub(super) enum Principal<'v> {
    /// The member of this session.
    Session(Uuid),
    /// A viewer without a session.
    Viewer(&'v Viewer),
}
