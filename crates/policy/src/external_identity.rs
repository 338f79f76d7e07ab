//! Accounts at identity providers. A person sees and removes their own ones.

use super::{ResourceScope, RowPolicy, none};
use dossier_core::{scope::Scope, viewer::Viewer};
use entities::external_identity;
use sea_orm::{ColumnTrait, Condition};

impl RowPolicy for external_identity::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        let own = |user| Condition::all().add(external_identity::Column::UserId.eq(user));
        match viewer {
            Viewer::SigningIn { user } => own(*user),
            Viewer::Member(member) => own(member.user),
            Viewer::Anonymous | Viewer::Platform { .. } | Viewer::Worker { .. } | Viewer::System { .. } => none(),
        }
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Person(row.user_id)
    }
}
