//! The operations of members who lack the second factor that their organization requires. They have no scopes, so that they
//! see no rows. All fields fail that are not listed here, so that their clients can tell why.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// The root fields for everybody: who the viewer is, their own account and sessions, and the enrollment.
const ALLOWED: [&str; 34] = [
    "__typename",
    "__schema",
    "__type",
    "viewer",
    "sessions",
    "signIn",
    "completeSignIn",
    "identityProvider",
    "beginExternalSignIn",
    "completeExternalSignIn",
    "signOut",
    "refreshSession",
    "switchMembership",
    "endSession",
    "endAllSessions",
    "changePassword",
    "requestPasswordReset",
    "resetPassword",
    "requestEmailChange",
    "confirmEmailChange",
    "updateProfile",
    "openInvitation",
    "acceptInvitation",
    "leaveOrganization",
    "enrollTotp",
    "confirmTotp",
    "regenerateRecoveryCodes",
    "confirmIdentity",
    "beginPasskeyRegistration",
    "addPasskey",
    "updatePasskey",
    "removePasskey",
    "beginPasskeyAuthentication",
    "signInWithPasskey",
];

/// Returns whether a coerced document needs no second factor.
pub fn is_allowed(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| selects_allowed(&operation.node.selection_set.node))
}

fn selects_allowed(set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => ALLOWED.contains(&field.node.name.node.as_str()),
        Selection::InlineFragment(fragment) => selects_allowed(&fragment.node.selection_set.node),
        // A coerced document has no fragment spreads.
        Selection::FragmentSpread(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::is_allowed;
    use async_graphql::parser::parse_query;

    #[test]
    fn only_documents_without_other_root_fields_are_allowed() {
        let is_allowed = |text: &str| is_allowed(&parse_query(text).unwrap());
        assert!(is_allowed("{ me: viewer { client { id } } ... on Query { sessions { totalCount } } }"));
        assert!(is_allowed("mutation { enrollTotp { secret } endSession { endedId } }"));
        assert!(!is_allowed("{ viewer { role } clients { totalCount } }"));
        assert!(!is_allowed("{ viewer: clients { totalCount } }"));
        assert!(!is_allowed("{ ... on Query { ... { clients { totalCount } } } }"));
        assert!(!is_allowed("mutation { addSite(input: { name: \"x\" }) { site { id } } }"));
        assert!(!is_allowed("subscription { dossierEvents { type } }"));
    }
}
