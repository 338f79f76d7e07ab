//! The place of a row, and whether a viewer may write rows there: within their organization, sites and client. Whether they
//! see the row afterwards, and which actions they may do, are other questions.

use dossier_core::viewer::{Grant, Viewer};
use uuid::Uuid;

/// The place of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceScope {
    /// An organization in the list of organizations.
    Organization(Uuid),
    /// A person, who belongs to no organization.
    Person(Uuid),
    /// Sites, members of the agency and API keys, which only owners change.
    Settings {
        /// The organization.
        organization: Uuid,
    },
    /// The people of a dossier, whom the agency invites and removes.
    ClientMembers {
        /// The organization.
        organization: Uuid,
        /// The client.
        client: Uuid,
    },
    /// Counters, which every member changes.
    Common {
        /// The organization.
        organization: Uuid,
    },
    /// The job queue.
    Queue {
        /// The organization.
        organization: Uuid,
    },
    /// Rows that only Dossier itself uses.
    System {
        /// The organization.
        organization: Uuid,
    },
    /// Rows that belong to one membership.
    Membership {
        /// The organization.
        organization: Uuid,
        /// The membership.
        membership: Uuid,
    },
    /// A session of a person.
    Session {
        /// The organization.
        organization: Uuid,
        /// The membership.
        membership: Uuid,
        /// The person, if it is known.
        user: Option<Uuid>,
    },
    /// A client, at a site or at none.
    Client {
        /// The organization.
        organization: Uuid,
        /// The client.
        client: Uuid,
        /// The site.
        site: Option<Uuid>,
    },
    /// A client's dossier.
    Dossier {
        /// The organization.
        organization: Uuid,
        /// The client.
        client: Uuid,
    },
}

/// Whether a viewer may write a row in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Yes, or no.
    Known(bool),
    /// If they see this client.
    IfClient(Uuid),
    /// If this site is one of theirs.
    IfSite(Uuid),
    /// If they see this membership.
    IfMembership(Uuid),
}

/// Returns whether the viewer may write rows in a place.
pub(super) fn reach(viewer: &Viewer, resource_scope: ResourceScope) -> Reach {
    let known = Reach::Known;
    match viewer {
        Viewer::Anonymous => known(false),
        Viewer::Platform { .. } => known(matches!(resource_scope, ResourceScope::Organization(_))),
        Viewer::Worker { .. } => known(matches!(resource_scope, ResourceScope::Queue { .. })),
        Viewer::SigningIn { user } => match resource_scope {
            ResourceScope::Person(person) => known(person == *user),
            ResourceScope::Session { user: person, .. } if person == Some(*user) => known(true),
            ResourceScope::Membership { membership, .. } | ResourceScope::Session { membership, .. } => {
                Reach::IfMembership(membership)
            }
            _ => known(false),
        },
        Viewer::System { organization, .. } => match resource_scope {
            ResourceScope::Organization(_) => known(false),
            ResourceScope::Person(_) => known(true),
            _ => known(resource_scope.organization() == Some(*organization)),
        },
        Viewer::Member(member) => match resource_scope {
            ResourceScope::Person(person) => known(person == member.user),
            ResourceScope::Session { user, .. } if user == Some(member.user) => known(true),
            _ if resource_scope.organization() != Some(member.organization) => known(false),
            ResourceScope::Organization(_) | ResourceScope::Settings { .. } => known(member.grant == Grant::Owner),
            ResourceScope::ClientMembers { client, .. } => match member.grant {
                Grant::Owner | Grant::Operator => known(true),
                Grant::Manager => Reach::IfClient(client),
                Grant::Staff | Grant::Client { .. } => known(false),
            },
            ResourceScope::System { .. } => known(false),
            ResourceScope::Common { .. } | ResourceScope::Queue { .. } => known(true),
            ResourceScope::Membership { membership, .. } => known(membership == member.membership),
            ResourceScope::Session { membership, .. } => {
                known(membership == member.membership || member.manages_sessions())
            }
            ResourceScope::Client { client, site, .. } => match (member.grant, site) {
                (Grant::Owner | Grant::Operator, _) => known(true),
                (Grant::Manager | Grant::Staff, Some(site)) => Reach::IfSite(site),
                (Grant::Manager | Grant::Staff, None) => known(false),
                (Grant::Client { client: own }, _) => known(client == own),
            },
            ResourceScope::Dossier { client, .. } => match member.grant {
                Grant::Owner | Grant::Operator => known(true),
                Grant::Manager | Grant::Staff => Reach::IfClient(client),
                Grant::Client { client: own } => known(client == own),
            },
        },
    }
}

impl ResourceScope {
    /// Returns the organization of the place.
    fn organization(self) -> Option<Uuid> {
        match self {
            Self::Person(_) => None,
            Self::Organization(organization)
            | Self::Settings { organization }
            | Self::ClientMembers { organization, .. }
            | Self::Common { organization }
            | Self::Queue { organization }
            | Self::System { organization }
            | Self::Membership { organization, .. }
            | Self::Session { organization, .. }
            | Self::Client { organization, .. }
            | Self::Dossier { organization, .. } => Some(organization),
        }
    }
}
