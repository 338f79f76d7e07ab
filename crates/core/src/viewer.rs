//! The viewer: the identity for which something runs. Nothing runs without one. Every rule matches all kinds of viewers, so
//! that a new kind does not compile before each rule decides what it may see.

use crate::scope::{Scope, Scopes};
use aws_lc_rs::digest::{SHA256, digest};
use chrono_tz::Tz;
use entities::{event::ActorKind, membership::Role};
use std::{ops::Deref, sync::Arc};
use uuid::Uuid;

/// The identity for which something runs.
///
/// A viewer that no person stands for is made by a constructor that asks for the purpose: [`Viewer::system`],
/// [`Viewer::platform`], [`Viewer::worker`]. A member is made from their membership as it is now: [`Member::signed_in`],
/// [`Member::of_job`].
#[derive(Clone, Debug)]
pub enum Viewer {
    /// Nobody: may sign in.
    Anonymous,
    /// A person who has proved who they are, and acts for themselves: chooses a membership, or ends sessions.
    SigningIn {
        /// The person.
        user: Uuid,
    },
    /// A member of an organization.
    Member(Member),
    /// The platform's administrator: sees the list of organizations, and no dossier.
    #[non_exhaustive]
    Platform {
        /// Why.
        purpose: SystemPurpose,
    },
    /// Leases the jobs of all organizations: sees a job's kind, priority and times, and nothing else at all.
    #[non_exhaustive]
    Worker {},
    /// Dossier itself, within one organization.
    #[non_exhaustive]
    System {
        /// The organization.
        organization: Uuid,
        /// Why.
        purpose: SystemPurpose,
    },
}

/// Why something runs that no member asks for, or that sees more than the member who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemPurpose {
    /// A command of the person who operates Dossier.
    Command,
    /// The data of the first start, and generated data.
    Seed,
    /// Jobs, their queue and their schedule.
    Jobs,
    /// Reading and clearing the outbox.
    Events,
    /// Removing files that nobody needs any more.
    Storage,
    /// People who join, sign in or leave.
    Identity,
    /// Checks that a change needs beyond the rows that the member sees.
    Checks,
}

impl SystemPurpose {
    /// Returns its name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Seed => "seed",
            Self::Jobs => "jobs",
            Self::Events => "events",
            Self::Storage => "storage",
            Self::Identity => "identity",
            Self::Checks => "checks",
        }
    }
}

/// A person in one membership, as it is now.
#[derive(Clone, Debug)]
pub struct Member {
    details: MemberDetails,
    /// By what they act.
    pub authority: Authority,
    limit: Scopes,
    lacks_factor: bool,
}

/// The stored properties of a member.
#[derive(Clone, Debug)]
pub struct MemberDetails {
    /// The organization they act in.
    pub organization: Uuid,
    /// The membership they act by.
    pub membership: Uuid,
    /// Who they are.
    pub user: Uuid,
    /// What others see of them.
    pub display_name: String,
    /// The organization's time zone.
    pub time_zone: Tz,
    /// Whether nobody there decides what they submitted.
    pub four_eyes: bool,
    /// Whether they are an API key, and not a person.
    pub is_api_key: bool,
    /// What they are there.
    pub grant: Grant,
    /// The sites of their membership, in order; only managers and staff have any.
    pub sites: Arc<[Uuid]>,
}

/// By what a member acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// They signed in. Their token names this session.
    Session(Uuid),
    /// This job runs on their behalf.
    Job(Uuid),
}

impl Deref for Member {
    type Target = MemberDetails;

    fn deref(&self) -> &MemberDetails {
        &self.details
    }
}

/// The properties that decide which rows and fields a member sees. Members with the same access scope see the same, except
/// for personal fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessScope {
    /// The organization they act in.
    pub organization: Uuid,
    /// What they are there.
    pub grant: Grant,
    /// The sites of their membership, in order.
    pub sites: Arc<[Uuid]>,
    /// The scopes that they have.
    pub scopes: Scopes,
    /// A client, who sees what they are uploading themselves.
    person: Option<Uuid>,
}

impl AccessScope {
    /// Tells access scopes apart, the same in every process of a version.
    pub fn fingerprint(&self) -> u64 {
        let hash = digest(&SHA256, format!("{self:?}").as_bytes());
        hash.as_ref().iter().take(8).fold(0, |print, byte| print << 8 | u64::from(*byte))
    }
}

impl Member {
    /// A member whose token names a session, which is limited to these scopes.
    pub fn signed_in(session: Uuid, details: MemberDetails, limit: Scopes) -> Self {
        Self { details, authority: Authority::Session(session), limit, lacks_factor: false }
    }

    /// A member on whose behalf a job runs, with the limit of the session that caused it.
    pub fn of_job(job: Uuid, details: MemberDetails, limit: Scopes) -> Self {
        Self { details, authority: Authority::Job(job), limit, lacks_factor: false }
    }

    /// Sets whether the person lacks the second factor that their organization requires of their role. Such a member has
    /// no scopes.
    #[must_use]
    pub fn with_lacking_factor(self, lacks_factor: bool) -> Self {
        Self { lacks_factor, ..self }
    }

    /// Returns whether the person lacks the second factor that their organization requires of their role.
    pub fn lacks_factor(&self) -> bool {
        self.lacks_factor
    }

    /// Returns the scopes that the session is limited to, whatever the role has: all, unless it was opened with fewer, or
    /// lacks a required factor.
    pub fn limit(&self) -> Scopes {
        if self.lacks_factor { Scopes::NONE } else { self.limit }
    }

    /// Returns whether the session was opened with a limit to some scopes. A limited session cannot act on the account of
    /// its person.
    pub fn is_limited(&self) -> bool {
        self.limit != Scopes::ALL
    }

    /// Returns the scopes of the role, within the limit of the session.
    pub fn scopes(&self) -> Scopes {
        self.grant.scopes().and(self.limit())
    }

    /// Returns whether they have a scope.
    pub fn can(&self, scope: Scope) -> bool {
        self.scopes().contains(scope)
    }

    /// Returns whether they see and end the sessions of all members.
    pub fn manages_sessions(&self) -> bool {
        self.grant == Grant::Owner && self.can(Scope::MembersManage)
    }

    /// Returns the session that their token names, if they signed in.
    pub fn session(&self) -> Option<Uuid> {
        match self.authority {
            Authority::Session(session) => Some(session),
            Authority::Job(_) => None,
        }
    }

    /// What decides what they see.
    pub fn access_scope(&self) -> AccessScope {
        AccessScope {
            organization: self.organization,
            grant: self.grant,
            sites: self.sites.clone(),
            scopes: self.scopes(),
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

    /// Returns what the role may do. Which rows it may be done with is a further question.
    pub fn scopes(self) -> Scopes {
        match self {
            Self::Owner => Scopes::ALL,
            Self::Operator | Self::Manager => {
                [Scope::MembersManage, Scope::KeysManage, Scope::OrganizationManage, Scope::AuditRead]
                    .into_iter()
                    .fold(Scopes::ALL, Scopes::without)
            }
            Self::Staff => [
                Scope::ClientsRead,
                Scope::DocumentsRead,
                Scope::DocumentsWrite,
                Scope::ConversationsRead,
                Scope::ConversationsWrite,
                Scope::ValidationRead,
                Scope::ValidationWrite,
            ]
            .into_iter()
            .collect(),
            Self::Client { .. } => [
                Scope::ClientsRead,
                Scope::ClientsWrite,
                Scope::DocumentsRead,
                Scope::DocumentsWrite,
                Scope::ConversationsRead,
                Scope::ConversationsWrite,
                Scope::ValidationRead,
                Scope::ValidationWrite,
                Scope::BillingRead,
                Scope::BillingAnswer,
            ]
            .into_iter()
            .collect(),
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
    /// Dossier itself, within one organization.
    pub fn system(organization: Uuid, purpose: SystemPurpose) -> Self {
        Self::System { organization, purpose }
    }

    /// The platform's administrator.
    pub fn platform(purpose: SystemPurpose) -> Self {
        Self::Platform { purpose }
    }

    /// The process that leases jobs.
    pub fn worker() -> Self {
        Self::Worker {}
    }

    /// Returns why it runs, where no person stands for it.
    pub fn purpose(&self) -> Option<SystemPurpose> {
        match self {
            Self::Platform { purpose } | Self::System { purpose, .. } => Some(*purpose),
            Self::Worker {} => Some(SystemPurpose::Jobs),
            Self::Anonymous | Self::SigningIn { .. } | Self::Member(_) => None,
        }
    }

    /// The organization within which the viewer sees and acts.
    pub fn organization(&self) -> Option<Uuid> {
        match self {
            Self::Member(member) => Some(member.organization),
            Self::System { organization, .. } => Some(*organization),
            Self::Anonymous | Self::SigningIn { .. } | Self::Platform { .. } | Self::Worker {} => None,
        }
    }

    /// The member, where the viewer is one.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            Self::Anonymous
            | Self::SigningIn { .. }
            | Self::Platform { .. }
            | Self::Worker {}
            | Self::System { .. } => None,
        }
    }

    /// How the viewer signs what they do.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Member(member) => Actor {
                kind: match member.grant {
                    _ if member.is_api_key => ActorKind::ApiKey,
                    Grant::Client { .. } => ActorKind::Client,
                    _ => ActorKind::Member,
                },
                user: Some(member.user),
                name: member.display_name.clone(),
            },
            Self::Anonymous
            | Self::SigningIn { .. }
            | Self::Platform { .. }
            | Self::Worker {}
            | Self::System { .. } => Actor { kind: ActorKind::System, user: None, name: "Dossier".to_owned() },
        }
    }
}
