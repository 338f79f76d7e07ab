//! Counts the SQL statements that go through [`super::Database`]. What begins, enters and ends a transaction is not counted: one has
//! as much of it as another.

use super::options::Principal;
use dossier_core::viewer::Viewer;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter, family::Family},
};

pub(super) type Counter = counter::Counter;

/// How many statements were sent. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Statements(pub Family<Labels, Counter>);

/// On whose behalf: a `member`'s, or nobody's (`none`), when somebody signs in or Dossier looks for itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Labels {
    viewer: &'static str,
}

impl Statements {
    pub(super) fn of(&self, principal: &Principal<'_>) -> Counter {
        let viewer = match principal {
            Principal::Session(_) | Principal::Viewer(Viewer::Member(_)) => "member",
            Principal::Viewer(
                Viewer::Anonymous
                | Viewer::SigningIn { .. }
                | Viewer::Platform
                | Viewer::Worker
                | Viewer::System { .. },
            ) => "none",
        };
        self.0.get_or_create(&Labels { viewer }).clone()
    }
}
