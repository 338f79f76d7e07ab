//! Who is looking. Nothing runs without a viewer, and every rule matches all of them: a new kind of viewer does not
//! compile until each rule has said what it may see.

use aws_lc_rs::digest::{SHA256, digest};
use chrono_tz::Tz;
use entities::{event::ActorKind, membership::Role};
use std::sync::Arc;
use uuid::Uuid;

/// The identity for which something runs.
#[derive(Clone, Debug)]
pub enum Viewer {
    /// Nobody: may sign in.
    Anonymous,
    /// A person whose password was right, choosing a membership.
    SigningIn {
        /// The person.
        user: Uuid,
    },
    /// A member of an organization.
    Member(Member),
    /// The platform's administrator: sees the list of organizations, and no dossier.
    Platform,
    /// Leases the jobs of all organizations: sees a job's kind, priority and times, and nothing else at all.
    Worker,
    /// Dossier itself, within one organization.
    System {
        /// The organization.
        organization: Uuid,
    },
}

/// A person, in the one membership that their token speaks for.
#[derive(Clone, Debug)]
pub struct Member {
    /// The organization they act in.
    pub organization: Uuid,
    /// The membership they act by.
    pub membership: Uuid,
    /// The session that their token names; nil where a job runs on their behalf.
    pub session: Uuid,
    /// Who they are.
    pub user: Uuid,
    /// What others see of them.
    pub display_name: String,
    /// The organization's time zone.
    pub time_zone: Tz,
    /// Whether nobody there decides what they submitted.
    pub four_eyes: bool,
    /// What they are there.
    pub grant: Grant,
    /// The sites of their membership, in order; only managers and staff have any.
    pub sites: Arc<[Uuid]>,
}

/// What decides which rows and fields a member sees of the dossiers: to members with the same access scope, they look the same,
/// as long as they do not ask for what is their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessScope {
    /// The organization they act in.
    pub organization: Uuid,
    /// What they are there.
    pub grant: Grant,
    /// The sites of their membership, in order.
    pub sites: Arc<[Uuid]>,
    /// A client, who sees what they are uploading themselves.
    person: Option<Uuid>,
}

impl AccessScope {
    /// Tells access scopes apart, the same in every process of a version.
    pub fn print(&self) -> u64 {
        let hash = digest(&SHA256, format!("{self:?}").as_bytes());
        hash.as_ref().iter().take(8).fold(0, |print, byte| print << 8 | u64::from(*byte))
    }
}

impl Member {
    /// What decides what they see.
    pub fn access_scope(&self) -> AccessScope {
        AccessScope {
            organization: self.organization,
            grant: self.grant,
            sites: self.sites.clone(),
            person: self.grant.is_client().then_some(self.user),
        }
    }
}

/// A role, with what bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Everything an operator does; besides, members, sites, keys and settings.
    Owner,
    /// Every dossier of the organization.
    Operator,
    /// As an operator, within the membership's sites.
    Manager,
    /// Reads, uploads and posts within the membership's sites.
    Staff,
    /// The visible part of one dossier.
    Client {
        /// The dossier.
        client: Uuid,
    },
}

impl Grant {
    /// The role without its bounds.
    pub fn role(self) -> Role {
        match self {
            Self::Owner => Role::Owner,
            Self::Operator => Role::Operator,
            Self::Manager => Role::Manager,
            Self::Staff => Role::Staff,
            Self::Client { .. } => Role::Client,
        }
    }

    /// Whether they work for the agency and decide for it: everybody but staff and clients.
    pub fn decides(self) -> bool {
        match self {
            Self::Owner | Self::Operator | Self::Manager => true,
            Self::Staff | Self::Client { .. } => false,
        }
    }

    /// Whether there are rows within their reach that they do not see, so that a change of theirs can take one from
    /// their own sight.
    pub fn may_lose_sight(self) -> bool {
        !self.decides()
    }

    /// Whether they are the client of a dossier.
    pub fn is_client(self) -> bool {
        self.role() == Role::Client
    }
}

/// Who did something, kept as a value, so that those who may not see members still read a name.
#[derive(Clone, Debug)]
pub struct Actor {
    /// In which capacity.
    pub kind: ActorKind,
    /// The person, where there is one.
    pub user: Option<Uuid>,
    /// Their name at the time.
    pub name: String,
}

impl Viewer {
    /// The organization within which the viewer sees and acts.
    pub fn organization(&self) -> Option<Uuid> {
        match self {
            Self::Member(member) => Some(member.organization),
            Self::System { organization } => Some(*organization),
            Self::Anonymous | Self::SigningIn { .. } | Self::Platform | Self::Worker => None,
        }
    }

    /// The member, where the viewer is one.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            Self::Anonymous | Self::SigningIn { .. } | Self::Platform | Self::Worker | Self::System { .. } => None,
        }
    }

    /// How the viewer signs what they do.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Member(member) => Actor {
                kind: if member.grant.is_client() { ActorKind::Client } else { ActorKind::Member },
                user: Some(member.user),
                name: member.display_name.clone(),
            },
            Self::Anonymous | Self::SigningIn { .. } | Self::Platform | Self::Worker | Self::System { .. } => {
                Actor { kind: ActorKind::System, user: None, name: "Dossier".to_owned() }
            }
        }
    }
}
