//! The organization and what belongs to it rather than to a dossier: sites, members, sessions, counters, keys of
//! repeated requests.

use super::{ResourceScope, Rows, ids, in_organization, in_sites, is_one_of, none, parent_is_visible};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{
    client, counter, idempotency_record as record, membership, membership_site, organization, session, site, user,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{SelectStatement, UnionType},
};

impl Rows for organization::Entity {
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

    fn resource_scope(_: &Self::Model) -> ResourceScope {
        ResourceScope::Platform
    }
}

impl Rows for site::Entity {
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

impl Rows for membership::Entity {
    const READ: Option<Scope> = Some(Scope::MembersRead);
    const WRITE: &'static [Scope] = &[Scope::MembersManage];

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
        ResourceScope::Settings { organization: row.organization_id }
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

impl Rows for membership_site::Entity {
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

impl Rows for user::Entity {
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

impl Rows for session::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, session::Column::OrganizationId, |member| {
            Condition::all().add(session::Column::MembershipId.eq(member.membership))
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Membership { organization: row.organization_id, membership: row.membership_id }
    }
}

impl Rows for counter::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, counter::Column::OrganizationId, |_| Condition::all())
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Common { organization: row.organization_id }
    }
}

impl Rows for record::Entity {
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
