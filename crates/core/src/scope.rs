//! Permissions of members, as a set. A role has some of them, and a session may be limited to fewer.

use std::{fmt, str::FromStr};

macro_rules! scopes {
    ($($(#[doc = $doc:literal])+ $scope:ident = $name:literal $(requires $required:ident)?;)+) => {
        /// A permission. Its name is what tokens and keys say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scope {
            $($(#[doc = $doc])+ $scope,)+
        }

        impl Scope {
            /// All of them. Each stands after the one that it requires.
            pub const ALL: &[Self] = &[$(Self::$scope),+];

            /// Returns its name, such as `documents:read`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$scope => $name,)+
                }
            }

            /// Returns the scope without which this one permits nothing.
            pub const fn requires(self) -> Option<Self> {
                match self {
                    $($(Self::$scope => Some(Self::$required),)?)+
                    _ => None,
                }
            }
        }
    };
}

scopes! {
    /// See clients. All that is in a dossier requires it.
    ClientsRead = "clients:read";
    /// Create and change clients.
    ClientsWrite = "clients:write" requires ClientsRead;
    /// Invite people to a dossier, and remove them.
    ClientsInvite = "clients:invite" requires ClientsRead;
    /// See documents.
    DocumentsRead = "documents:read" requires ClientsRead;
    /// Upload, publish, change and delete documents.
    DocumentsWrite = "documents:write" requires DocumentsRead;
    /// See conversations.
    ConversationsRead = "conversations:read" requires ClientsRead;
    /// Start and close conversations, and post messages.
    ConversationsWrite = "conversations:write" requires ConversationsRead;
    /// See validation requests.
    ValidationRead = "validation:read" requires ClientsRead;
    /// Submit and cancel validation requests.
    ValidationWrite = "validation:write" requires ValidationRead;
    /// Approve, reject, assign and share validation requests.
    ValidationDecide = "validation:decide" requires ValidationRead;
    /// See quotes, invoices, credit notes and payments.
    BillingRead = "billing:read" requires ClientsRead;
    /// Write and issue them, and record payments.
    BillingWrite = "billing:write" requires BillingRead;
    /// Accept and refuse quotes.
    BillingAnswer = "billing:answer" requires BillingRead;
    /// See members.
    MembersRead = "members:read";
    /// Add, change and suspend members.
    MembersManage = "members:manage" requires MembersRead;
    /// Create, see and revoke API keys.
    KeysManage = "keys:manage";
    /// Change the organization, its sites and settings.
    OrganizationManage = "organization:manage";
    /// See the audit log.
    AuditRead = "audit:read";
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such scope")]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name).ok_or(UnknownScope)
    }
}

/// A set of scopes, each with the one that it requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scopes(u32);

impl Scopes {
    /// No scope.
    pub const NONE: Self = Self(0);

    /// All scopes.
    pub const ALL: Self = Self((1 << Scope::ALL.len()) - 1);

    /// Returns whether the scope is in the set.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & 1 << scope as u32 != 0
    }

    /// Returns the scopes that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the set without a scope, and without those that require it.
    #[must_use]
    pub fn without(self, scope: Scope) -> Self {
        self.iter().filter(|other| *other != scope).collect()
    }

    /// Returns the scopes in the set.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }

    /// Reads what [`Scopes`] writes. Names that this version does not know permit nothing.
    pub fn read(text: &str) -> Self {
        text.split(' ').filter_map(|name| name.parse().ok()).collect()
    }
}

/// Scopes whose required scope is not among them are left out.
impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let bits = scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u32);
        Scope::ALL.iter().fold(Self(bits), |set, scope| match scope.requires() {
            Some(required) if !set.contains(required) => Self(set.0 & !(1 << *scope as u32)),
            _ => set,
        })
    }
}

/// The names, with a space between them.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::name).collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_stands_after_the_one_that_it_requires() {
        for scope in Scope::ALL {
            assert!(scope.requires().is_none_or(|required| required < *scope), "{scope}");
            assert_eq!(scope.name().parse(), Ok(*scope));
        }
        assert_eq!(Scope::ALL.iter().copied().collect::<Scopes>(), Scopes::ALL);
    }

    #[test]
    fn a_set_has_no_scope_without_the_one_that_it_requires() {
        let without = Scopes::ALL.without(Scope::DocumentsRead);
        assert!(!without.contains(Scope::DocumentsWrite) && without.contains(Scope::BillingWrite));
        let people =
            [Scope::MembersRead, Scope::MembersManage, Scope::KeysManage, Scope::OrganizationManage, Scope::AuditRead];
        assert_eq!(Scopes::ALL.without(Scope::ClientsRead), people.into_iter().collect());
        assert_eq!(Scopes::read("documents:write members:read nothing documents:read").to_string(), "members:read");
        assert_eq!(Scopes::read(&without.to_string()), without);
    }
}
