//! Cursors of events: where somebody stands, and whether it still leads on from there.

use super::outbox::Ends;
use crate::{access::Sealer, failure::Failure, viewer::Outlook};
use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// Everything up to this number is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark(pub i64);

/// Why what is shown must be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(name = "ResyncReason")]
pub enum Resync {
    /// The cursor is none that this server gave to this organization.
    Malformed,
    /// Events behind the cursor are kept no longer.
    TooOld,
    /// The database was put back to an earlier state, and numbers are given anew.
    OtherEpoch,
    /// The viewer's role or sites are not what they were at the cursor: some things came into sight, or left it,
    /// without an event of their own.
    AccessChanged,
}

impl Resync {
    /// For metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooOld => "too-old",
            Self::OtherEpoch => "other-epoch",
            Self::AccessChanged => "access-changed",
        }
    }
}

/// Where somebody stands in an organization's events, and with which eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// What they see.
    pub outlook: Outlook,
    /// Up to where they have heard.
    pub mark: Mark,
    epoch: i64,
}

/// What a cursor says.
#[derive(Serialize, Deserialize)]
struct Cursor {
    #[serde(rename = "n")]
    mark: Mark,
    #[serde(rename = "e")]
    epoch: i64,
    #[serde(rename = "o")]
    outlook: u64,
}

impl Position {
    /// Where the events end now.
    pub fn at_end(outlook: Outlook, ends: &Ends) -> Self {
        Self { outlook, mark: Mark(ends.last), epoch: ends.epoch }
    }

    /// Before the oldest event that is kept.
    pub fn at_beginning(outlook: Outlook, ends: &Ends) -> Self {
        Self { mark: Mark(ends.cleared), ..Self::at_end(outlook, ends) }
    }

    /// The same at another mark.
    #[must_use]
    pub fn moved(&self, mark: Mark) -> Self {
        Self { mark, ..self.clone() }
    }

    /// Where a cursor leads, if it still leads anywhere for this viewer.
    pub fn open(sealer: &Sealer, outlook: Outlook, ends: &Ends, cursor: &str) -> Result<Self, Resync> {
        let cursor: Cursor = sealer.open(&purpose(&outlook), cursor).ok_or(Resync::Malformed)?;
        let same = cursor.outlook == outlook.print();
        let position = Self { outlook, mark: cursor.mark, epoch: cursor.epoch };
        position.leads_on(ends)?;
        if same { Ok(position) } else { Err(Resync::AccessChanged) }
    }

    /// Whether nothing that came after this position is missing.
    pub fn leads_on(&self, ends: &Ends) -> Result<(), Resync> {
        if self.epoch != ends.epoch || self.mark.0 > ends.last {
            return Err(Resync::OtherEpoch);
        }
        if self.mark.0 < ends.cleared { Err(Resync::TooOld) } else { Ok(()) }
    }

    /// Seals the position into a cursor that only the same organization can use.
    pub fn seal(&self, sealer: &Sealer) -> Result<String, Failure> {
        let cursor = Cursor { mark: self.mark, epoch: self.epoch, outlook: self.outlook.print() };
        sealer.seal(&purpose(&self.outlook), &cursor)
    }
}

fn purpose(outlook: &Outlook) -> Vec<u8> {
    [b"event", outlook.organization.as_bytes().as_slice()].concat()
}
