//! Validation requests and their history: within reach; what is internal is not for the client.

use super::{ActionPolicy, Lookup, ResourceScope, RowPolicy, in_organization, parent_is_visible, reach};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{
    validation_comment as comment,
    validation_request::{Column, Entity, Model},
    validation_step as step, validation_version as version,
};
use sea_orm::{ColumnTrait, Condition};

fn rule(viewer: &Viewer, lookup: Lookup) -> Condition {
    in_organization(viewer, Column::OrganizationId, |member| {
        let rule = reach(member, Column::ClientId, lookup);
        match member.grant {
            Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => rule,
            Grant::Client { .. } => rule.add(Column::Internal.eq(false)),
        }
    })
}

impl RowPolicy for Entity {
    const READ: Option<Scope> = Some(Scope::ValidationRead);
    const WRITE: &'static [Scope] = &[Scope::ValidationWrite, Scope::ValidationDecide];

    fn row_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByRow)
    }

    fn list_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByDossier)
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl RowPolicy for step::Entity {
    const READ: Option<Scope> = Some(Scope::ValidationRead);
    const WRITE: &'static [Scope] = &[Scope::ValidationWrite, Scope::ValidationDecide];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, step::Column::OrganizationId, |_| {
            parent_is_visible::<Entity, _>(viewer, step::Column::RequestId, Column::Id)
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl RowPolicy for version::Entity {
    const READ: Option<Scope> = Some(Scope::ValidationRead);
    const WRITE: &'static [Scope] = &[Scope::ValidationWrite, Scope::ValidationDecide];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, version::Column::OrganizationId, |_| {
            parent_is_visible::<Entity, _>(viewer, version::Column::RequestId, Column::Id)
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl RowPolicy for comment::Entity {
    const READ: Option<Scope> = Some(Scope::ValidationRead);
    const WRITE: &'static [Scope] = &[Scope::ValidationWrite, Scope::ValidationDecide];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, comment::Column::OrganizationId, |member| {
            let rule = parent_is_visible::<Entity, _>(viewer, comment::Column::RequestId, Column::Id);
            match member.grant {
                Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => rule,
                Grant::Client { .. } => rule.add(comment::Column::Internal.eq(false)),
            }
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

/// What is done with a validation request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationAction {
    /// Put something before the agency, or put it there again.
    Submit,
    /// Withdraw it.
    Cancel,
    /// Comment on it, for everybody who sees it.
    Comment,
    /// Approve, reject, ask for changes, assign, set the due date, show to the client, comment among the agency.
    Decide,
}

impl ActionPolicy for Entity {
    type Action = ValidationAction;

    fn scope(action: ValidationAction) -> Scope {
        match action {
            ValidationAction::Submit | ValidationAction::Cancel | ValidationAction::Comment => Scope::ValidationWrite,
            ValidationAction::Decide => Scope::ValidationDecide,
        }
    }

    fn may(member: &Member, action: ValidationAction, row: &Model) -> bool {
        match action {
            ValidationAction::Submit | ValidationAction::Comment => true,
            ValidationAction::Cancel => member.grant.decides() || row.submitter_id == Some(member.user),
            ValidationAction::Decide => member.grant.decides(),
        }
    }

    fn denial(action: ValidationAction) -> &'static str {
        match action {
            ValidationAction::Submit => "Your role may not submit requests.",
            ValidationAction::Cancel => "Your role may cancel only requests that you submitted yourself.",
            ValidationAction::Comment => "Your role may not comment on requests.",
            ValidationAction::Decide => {
                "Your role may not decide, assign or share requests, set their due dates, or comment among the agency."
            }
        }
    }
}
