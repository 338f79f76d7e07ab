//! Clients: within the sites of the member, or their own.

use super::{ActionPolicy, ResourceScope, RowPolicy, in_organization, in_sites};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::client::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition};

impl RowPolicy for Entity {
    const READ: Option<Scope> = Some(Scope::ClientsRead);
    const WRITE: &'static [Scope] = &[Scope::ClientsWrite];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, Column::OrganizationId, |member| match member.grant {
            Grant::Owner | Grant::Operator => Condition::all(),
            Grant::Manager | Grant::Staff => in_sites(member, Column::SiteId),
            Grant::Client { client } => Condition::all().add(Column::Id.eq(client)),
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Client { organization: row.organization_id, client: row.id, site: row.site_id }
    }
}

/// What is done with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAction {
    /// Open a dossier.
    Create,
    /// Change the card, except what [`ClientAction::ChangeContact`] covers.
    Change,
    /// Change email, phone and billing address.
    ChangeContact,
    /// Archive or restore.
    Archive,
    /// Set or lift the legal hold.
    Hold,
}

impl ActionPolicy for Entity {
    type Action = ClientAction;

    fn scope(_: ClientAction) -> Scope {
        Scope::ClientsWrite
    }

    fn may(member: &Member, action: ClientAction, _row: &Model) -> bool {
        match member.grant {
            Grant::Owner => true,
            Grant::Operator | Grant::Manager => action != ClientAction::Hold,
            Grant::Staff => false,
            Grant::Client { .. } => action == ClientAction::ChangeContact,
        }
    }

    fn denial(action: ClientAction) -> &'static str {
        match action {
            ClientAction::Create => "Your role may not create clients.",
            ClientAction::Change => "Your role may not change this. Clients may change only their own contact details.",
            ClientAction::ChangeContact => "Your role may not change a client.",
            ClientAction::Archive => "Your role may not archive or restore clients.",
            ClientAction::Hold => "Only owners may set and lift legal holds.",
        }
    }
}
