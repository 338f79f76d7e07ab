//! Members, and the invitations to become one.

use super::{
    ActionPolicy, ResourceScope, RowPolicy, ids, in_organization, in_sites, is_one_of, none, parent_is_visible,
};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{client, invitation, membership, membership::Role, membership_site};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{SelectStatement, UnionType},
};
use uuid::Uuid;

/// An action on a member or an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberAction {
    /// Invite, change, suspend and remove members of the agency.
    Manage,
    /// Invite people to a dossier, and remove them.
    ManageOfDossier,
}

impl MemberAction {
    /// Returns the action that inviting or removing somebody with this role is.
    pub fn for_role(role: Role) -> Self {
        match role {
            Role::Client => Self::ManageOfDossier,
            Role::Owner | Role::Operator | Role::Manager | Role::Staff => Self::Manage,
        }
    }

    fn scope(self) -> Scope {
        match self {
            Self::Manage => Scope::MembersManage,
            Self::ManageOfDossier => Scope::ClientsInvite,
        }
    }

    fn permits(self, member: &Member, role: Role) -> bool {
        match self {
            Self::Manage => member.grant == Grant::Owner,
            Self::ManageOfDossier => member.grant.decides() && role == Role::Client,
        }
    }

    fn denial(self) -> &'static str {
        match self {
            Self::Manage => "Only owners may invite, change and remove members of the agency.",
            Self::ManageOfDossier => "Only owners, operators and managers may invite and remove clients.",
        }
    }
}

impl ActionPolicy for membership::Entity {
    type Action = MemberAction;

    fn scope(action: MemberAction) -> Scope {
        action.scope()
    }

    fn may(member: &Member, action: MemberAction, row: &membership::Model) -> bool {
        action.permits(member, row.role)
    }

    fn denial(action: MemberAction) -> &'static str {
        action.denial()
    }
}

impl RowPolicy for invitation::Entity {
    const READ: Option<Scope> = Some(Scope::MembersRead);
    const WRITE: &'static [Scope] = &[Scope::MembersManage, Scope::ClientsInvite];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, invitation::Column::OrganizationId, |member| match member.grant {
            Grant::Owner => Condition::all(),
            // An invitation contains the address, which only owners see of members of the agency.
            Grant::Operator => Condition::all().add(invitation::Column::ClientId.is_not_null()),
            Grant::Manager => {
                parent_is_visible::<client::Entity, _>(viewer, invitation::Column::ClientId, client::Column::Id)
            }
            Grant::Staff | Grant::Client { .. } => none(),
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        members_of(row.organization_id, row.client_id)
    }
}

impl ActionPolicy for invitation::Entity {
    type Action = MemberAction;

    fn scope(action: MemberAction) -> Scope {
        action.scope()
    }

    fn may(member: &Member, action: MemberAction, row: &invitation::Model) -> bool {
        action.permits(member, row.role)
    }

    fn denial(action: MemberAction) -> &'static str {
        action.denial()
    }
}

/// Returns the place of members: the dossier of a client, or the agency.
fn members_of(organization: Uuid, client: Option<Uuid>) -> ResourceScope {
    match client {
        Some(client) => ResourceScope::ClientMembers { organization, client },
        None => ResourceScope::Settings { organization },
    }
}

impl RowPolicy for membership::Entity {
    const READ: Option<Scope> = Some(Scope::MembersRead);
    const WRITE: &'static [Scope] = &[Scope::MembersManage, Scope::ClientsInvite];

    fn row_rule(viewer: &Viewer) -> Condition {
        match viewer {
            Viewer::SigningIn { user } => Condition::all().add(membership::Column::UserId.eq(*user)),
            Viewer::Anonymous
            | Viewer::Platform { .. }
            | Viewer::Worker { .. }
            | Viewer::System { .. }
            | Viewer::Member(_) => {
                in_organization(viewer, membership::Column::OrganizationId, |member| match member.grant {
                    Grant::Owner | Grant::Operator => Condition::all(),
                    Grant::Manager => Condition::any()
                        .add(is_one_of(
                            membership::Column::Id,
                            membership_site::Entity::find().filter(in_sites(member, membership_site::Column::SiteId)),
                            membership_site::Column::MembershipId,
                        ))
                        .add(parent_is_visible::<client::Entity, _>(
                            viewer,
                            membership::Column::ClientId,
                            client::Column::Id,
                        )),
                    Grant::Staff | Grant::Client { .. } => none(),
                })
            }
        }
    }

    fn list_rule(viewer: &Viewer) -> Condition {
        match viewer.member() {
            Some(member) if member.grant == Grant::Manager => Condition::all()
                .add(membership::Column::OrganizationId.eq(member.organization))
                .add(membership::Column::Id.in_subquery(of_sites(viewer, member))),
            _ => Self::row_rule(viewer),
        }
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        members_of(row.organization_id, row.client_id)
    }

    fn live() -> Option<Condition> {
        Some(Condition::all().add(membership::Column::RemovedAt.is_null()).add(membership::Column::ApiKey.eq(false)))
    }
}

/// The members of a manager's sites, and the clients who are their members.
fn of_sites(viewer: &Viewer, member: &Member) -> SelectStatement {
    let links = membership_site::Entity::find().filter(in_sites(member, membership_site::Column::SiteId));
    let seen = client::Entity::find().filter(client::Entity::visible_to(viewer));
    let clients =
        membership::Entity::find().filter(membership::Column::ClientId.in_subquery(ids(seen, client::Column::Id)));
    let mut both = ids(links, membership_site::Column::MembershipId);
    both.union(UnionType::Distinct, ids(clients, membership::Column::Id));
    both
}

impl RowPolicy for membership_site::Entity {
    const READ: Option<Scope> = Some(Scope::MembersRead);
    const WRITE: &'static [Scope] = &[Scope::MembersManage];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, membership_site::Column::OrganizationId, |member| {
            let own = membership_site::Column::MembershipId.eq(member.membership);
            match member.grant {
                Grant::Owner | Grant::Operator => Condition::all(),
                Grant::Manager => Condition::any().add(own).add(in_sites(member, membership_site::Column::SiteId)),
                Grant::Staff | Grant::Client { .. } => Condition::all().add(own),
            }
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Settings { organization: row.organization_id }
    }
}
