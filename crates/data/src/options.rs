//! How a transaction begins: on whose behalf, for what, and with which settings.

use dossier_core::viewer::Viewer;
use std::time::Duration;
use uuid::Uuid;

/// On what terms the database is used; the embedded one serves a single process and needs none.
#[derive(Clone, Copy, Debug)]
pub struct SessionSettings {
    /// Whether a statement is prepared once and used again. Some poolers give it to another connection meanwhile.
    pub prepared: bool,
    /// How long one statement may take.
    pub statement: Duration,
    /// How long it may wait for a row that somebody else is changing.
    pub lock: Duration,
    /// How long a transaction may do nothing.
    pub idle: Duration,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// All its statements see the same rows.
    Read,
    /// Each statement sees what is committed by then.
    Write,
}

/// What the second wall lets through, besides what the viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RlsMode {
    /// Nothing.
    Own,
    /// All rows of the organization, whoever the viewer is.
    Whole,
    /// A changed row that the viewer reaches and does not see any more.
    Leaving,
}

/// On whose behalf a transaction begins.
pub(super) enum Principal<'v> {
    /// The member whose session it is.
    Session(Uuid),
    /// Somebody without a session.
    Viewer(&'v Viewer),
}
