//! Counts the SQL statements of [`super::Database`]. It does not count those that begin, enter and end a transaction,
//! because each transaction has the same number of them.

use super::options::Principal;
use dossier_core::viewer::{SystemPurpose, Viewer};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter, family::Family},
};

pub(super) type Counter = counter::Counter;

/// The number of statements. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Statements(pub Family<Labels, Counter>);

/// The viewer of a statement: `member`, `none` if somebody signs in, or the purpose of Dossier itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Labels {
    viewer: &'static str,
}

impl Statements {
    pub(super) fn of(&self, principal: &Principal<'_>) -> Counter {
        let viewer = match principal {
            Principal::Session(_) | Principal::Viewer(Viewer::Member(_)) => "member",
            Principal::Viewer(viewer) => viewer.purpose().map_or("none", SystemPurpose::name),
        };
        self.0.get_or_create(&Labels { viewer }).clone()
    }
}
