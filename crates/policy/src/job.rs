//! The job queue. Workers lease jobs without seeing what is in them; members add jobs and see none.

use super::{ResourceScope, RowPolicy, in_organization, none};
use dossier_core::scope::Scope;
use dossier_core::viewer::Viewer;
use entities::{job, job_detail, schedule};
use sea_orm::Condition;

impl RowPolicy for job::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        match viewer {
            Viewer::Worker { .. } => Condition::all(),
            Viewer::Anonymous
            | Viewer::SigningIn { .. }
            | Viewer::Platform { .. }
            | Viewer::System { .. }
            | Viewer::Member(_) => in_organization(viewer, job::Column::OrganizationId, |_| none()),
        }
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Queue { organization: row.organization_id }
    }
}

impl RowPolicy for job_detail::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, job_detail::Column::OrganizationId, |_| none())
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Common { organization: row.organization_id }
    }
}

impl RowPolicy for schedule::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, schedule::Column::OrganizationId, |_| none())
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::System { organization: row.organization_id }
    }
}
