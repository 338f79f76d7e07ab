//! Where a row stands, and whether a viewer may leave one there: within their organization, sites and client. Whether
//! they see the row afterwards is another question, and what they may do with it a third.

use dossier_core::viewer::{Grant, Viewer};
use uuid::Uuid;

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceScope {
    /// The list of organizations.
    Platform,
    /// Among the people, who are no organization's.
    Person(Uuid),
    /// What only owners set up: sites and members.
    Settings {
        /// Whose.
        organization: Uuid,
    },
    /// What every member counts in.
    Common {
        /// Whose.
        organization: Uuid,
    },
    /// The job queue.
    Queue {
        /// Whose.
        organization: Uuid,
    },
    /// What Dossier keeps for itself.
    System {
        /// Whose.
        organization: Uuid,
    },
    /// What belongs to one membership.
    Membership {
        /// Whose.
        organization: Uuid,
        /// Which one.
        membership: Uuid,
    },
    /// A client, at a site or at none.
    Client {
        /// Whose.
        organization: Uuid,
        /// The client itself.
        client: Uuid,
        /// Where.
        site: Option<Uuid>,
    },
    /// A client's dossier.
    Dossier {
        /// Whose.
        organization: Uuid,
        /// Which one.
        client: Uuid,
    },
}

/// Whether a viewer may leave a row in a place.
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

/// Whether the viewer reaches the place.
pub(super) fn reach(viewer: &Viewer, resource_scope: ResourceScope) -> Reach {
    let known = Reach::Known;
    match viewer {
        Viewer::Anonymous => known(false),
        Viewer::Platform { .. } => known(resource_scope == ResourceScope::Platform),
        Viewer::Worker { .. } => known(matches!(resource_scope, ResourceScope::Queue { .. })),
        Viewer::SigningIn { user } => match resource_scope {
            ResourceScope::Person(person) => known(person == *user),
            ResourceScope::Membership { membership, .. } => Reach::IfMembership(membership),
            _ => known(false),
        },
        Viewer::System { organization, .. } => match resource_scope {
            ResourceScope::Platform => known(false),
            ResourceScope::Person(_) => known(true),
            _ => known(resource_scope.organization() == Some(*organization)),
        },
        Viewer::Member(member) => match resource_scope {
            ResourceScope::Person(person) => known(person == member.user),
            _ if resource_scope.organization() != Some(member.organization) => known(false),
            ResourceScope::Platform | ResourceScope::Settings { .. } => known(member.grant == Grant::Owner),
            ResourceScope::System { .. } => known(false),
            ResourceScope::Common { .. } | ResourceScope::Queue { .. } => known(true),
            ResourceScope::Membership { membership, .. } => known(membership == member.membership),
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
    /// The organization that the place is in.
    fn organization(self) -> Option<Uuid> {
        match self {
            Self::Platform | Self::Person(_) => None,
            Self::Settings { organization }
            | Self::Common { organization }
            | Self::Queue { organization }
            | Self::System { organization }
            | Self::Membership { organization, .. }
            | Self::Client { organization, .. }
            | Self::Dossier { organization, .. } => Some(organization),
        }
    }
}
