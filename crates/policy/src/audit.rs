//! The audit log, which only owners see. Only Dossier itself writes it, in the transaction of the recorded action.

use super::{ResourceScope, RowPolicy, in_organization, none};
use dossier_core::{
    scope::Scope,
    viewer::{Grant, Member, Viewer},
};
use entities::{audit_detail, audit_entry};
use sea_orm::Condition;

fn of_owner(member: &Member) -> Condition {
    match member.grant {
        Grant::Owner => Condition::all(),
        Grant::Operator | Grant::Manager | Grant::Staff | Grant::Client { .. } => none(),
    }
}

impl RowPolicy for audit_entry::Entity {
    const READ: Option<Scope> = Some(Scope::AuditRead);
    const WRITE: &'static [Scope] = &[];
    const CHANGES: bool = false;

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, audit_entry::Column::OrganizationId, of_owner)
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::System { organization: row.organization_id }
    }

    fn removable_for(_: &Viewer) -> bool {
        false
    }
}

impl RowPolicy for audit_detail::Entity {
    const READ: Option<Scope> = Some(Scope::AuditRead);
    const WRITE: &'static [Scope] = &[];
    const CHANGES: bool = false;

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, audit_detail::Column::OrganizationId, of_owner)
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::System { organization: row.organization_id }
    }

    fn removable_for(viewer: &Viewer) -> bool {
        matches!(viewer, Viewer::System { .. })
    }
}
