//! The organization and what belongs to it rather than to a dossier: sites, sessions, counters, keys of repeated
//! requests.

use super::{ActionPolicy, ResourceScope, RowPolicy, in_organization, in_sites, none, parent_is_visible};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{client, counter, idempotency_record as record, membership, organization, portal, session, site, user};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

impl RowPolicy for organization::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[Scope::OrganizationManage];

    fn row_rule(viewer: &Viewer) -> Condition {
        match viewer {
            Viewer::Anonymous | Viewer::Worker { .. } => none(),
            Viewer::SigningIn { .. } => parent_is_visible::<membership::Entity, _>(
                viewer,
                organization::Column::Id,
                membership::Column::OrganizationId,
            ),
            Viewer::Platform { .. } => Condition::all(),
            Viewer::System { organization, .. } => Condition::all().add(organization::Column::Id.eq(*organization)),
            Viewer::Member(member) => Condition::all().add(organization::Column::Id.eq(member.organization)),
        }
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Organization(row.id)
    }
}

impl RowPolicy for site::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[Scope::OrganizationManage];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, site::Column::OrganizationId, |member| match member.grant {
            Grant::Owner | Grant::Operator => Condition::all(),
            Grant::Manager | Grant::Staff => in_sites(member, site::Column::Id),
            Grant::Client { client } => {
                let own = client::Entity::find()
                    .select_only()
                    .column(client::Column::SiteId)
                    .filter(client::Entity::visible_to(viewer))
                    .filter(client::Column::Id.eq(client));
                Condition::all().add(site::Column::Id.in_subquery(own.into_query()))
            }
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Settings { organization: row.organization_id }
    }
}

impl RowPolicy for portal::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[Scope::OrganizationManage];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, portal::Column::OrganizationId, |_| Condition::all())
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Settings { organization: row.organization_id }
    }
}

/// An action on an organization or one of its sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationAction {
    /// Change the settings.
    Manage,
}

const NOT_OWNER: &str = "Only owners may change the organization and its sites.";

impl ActionPolicy for organization::Entity {
    type Action = OrganizationAction;

    fn scope(action: OrganizationAction) -> Scope {
        match action {
            OrganizationAction::Manage => Scope::OrganizationManage,
        }
    }

    fn may(member: &Member, action: OrganizationAction, _: &organization::Model) -> bool {
        match action {
            OrganizationAction::Manage => member.grant == Grant::Owner,
        }
    }

    fn denial(_: OrganizationAction) -> &'static str {
        NOT_OWNER
    }
}

impl ActionPolicy for site::Entity {
    type Action = OrganizationAction;

    fn scope(action: OrganizationAction) -> Scope {
        <organization::Entity as ActionPolicy>::scope(action)
    }

    fn may(member: &Member, action: OrganizationAction, _: &site::Model) -> bool {
        match action {
            OrganizationAction::Manage => member.grant == Grant::Owner,
        }
    }

    fn denial(_: OrganizationAction) -> &'static str {
        NOT_OWNER
    }
}

impl RowPolicy for user::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        let of_members =
            || parent_is_visible::<membership::Entity, _>(viewer, user::Column::Id, membership::Column::UserId);
        match viewer {
            Viewer::Anonymous | Viewer::Platform { .. } | Viewer::Worker { .. } => none(),
            Viewer::SigningIn { user } => Condition::all().add(user::Column::Id.eq(*user)),
            Viewer::System { .. } => of_members(),
            Viewer::Member(member) => Condition::any().add(user::Column::Id.eq(member.user)).add(of_members()),
        }
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Person(row.id)
    }
}

impl RowPolicy for session::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        let of_person = |user: Uuid| Condition::all().add(session::Column::UserId.eq(user));
        match viewer {
            Viewer::SigningIn { user } => of_person(*user),
            // A person sees their sessions in other organizations, too, so that they can end all of them.
            Viewer::Member(member) => {
                let of_organization = Condition::all().add(session::Column::OrganizationId.eq(member.organization));
                let own = Condition::any()
                    .add(of_person(member.user))
                    .add(of_organization.clone().add(session::Column::MembershipId.eq(member.membership)));
                if member.manages_sessions() { own.add(of_organization) } else { own }
            }
            Viewer::Anonymous | Viewer::Platform { .. } | Viewer::Worker { .. } | Viewer::System { .. } => {
                in_organization(viewer, session::Column::OrganizationId, |_| none())
            }
        }
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Session { organization: row.organization_id, membership: row.membership_id, user: row.user_id }
    }
}

impl RowPolicy for counter::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, counter::Column::OrganizationId, |_| Condition::all())
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Common { organization: row.organization_id }
    }
}

impl RowPolicy for record::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, record::Column::OrganizationId, |member| {
            Condition::all().add(record::Column::MembershipId.eq(member.membership))
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Membership { organization: row.organization_id, membership: row.membership_id }
    }
}
