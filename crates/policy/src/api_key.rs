//! API keys, which only owners see and manage.

use super::{ActionPolicy, ResourceScope, RowPolicy, in_organization, none};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::api_key;
use sea_orm::Condition;

/// An action on an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyAction {
    /// Create and revoke keys.
    Manage,
}

impl RowPolicy for api_key::Entity {
    const READ: Option<Scope> = Some(Scope::KeysManage);
    const WRITE: &'static [Scope] = &[Scope::KeysManage];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, api_key::Column::OrganizationId, |member| match member.grant {
            Grant::Owner => Condition::all(),
            Grant::Operator | Grant::Manager | Grant::Staff | Grant::Client { .. } => none(),
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Settings { organization: row.organization_id }
    }
}

impl ActionPolicy for api_key::Entity {
    type Action = ApiKeyAction;

    fn scope(action: ApiKeyAction) -> Scope {
        match action {
            ApiKeyAction::Manage => Scope::KeysManage,
        }
    }

    fn may(member: &Member, action: ApiKeyAction, _: &api_key::Model) -> bool {
        match action {
            ApiKeyAction::Manage => member.grant == Grant::Owner,
        }
    }

    fn denial(_: ApiKeyAction) -> &'static str {
        "Only owners may create and revoke API keys."
    }
}
