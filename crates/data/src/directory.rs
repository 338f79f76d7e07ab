//! The directory, which maps an organization to the database of its rows.

use super::{options::Principal, source::Source};
use uuid::Uuid;

/// The databases. One database holds the rows of all organizations today, and only this type knows that.
#[derive(Clone)]
pub(super) struct Directory {
    shared: Source,
}

impl Directory {
    pub(super) fn new(shared: Source) -> Self {
        Self { shared }
    }

    /// Returns the database in which this principal's transactions begin.
    pub(super) fn source_of(&self, principal: &Principal<'_>) -> &Source {
        match principal {
            Principal::Session(_) => self.shared(),
            Principal::Viewer(viewer) => match viewer.organization() {
                Some(organization) => self.source_of_organization(organization),
                None => self.shared(),
            },
        }
    }

    /// Returns the database of the rows that belong to no organization: people, sessions, and the list of
    /// organizations.
    pub(super) fn shared(&self) -> &Source {
        &self.shared
    }

    fn source_of_organization(&self, _organization: Uuid) -> &Source {
        &self.shared
    }
}
