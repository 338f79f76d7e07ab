//! Who may read which guarded field. The schema's `@visibleTo` and the guard in the resolver are written from the same
//! constant.

use dossier_core::{scope::Scope, viewer::Viewer};
use entities::membership::Role;

/// Who may read a field: members with one of these roles and this scope.
#[derive(Clone, Copy, Debug)]
pub struct Readers {
    /// The roles.
    pub roles: &'static [Role],
    /// The scope.
    pub scope: Scope,
}

const AGENCY: &[Role] = &[Role::Owner, Role::Operator, Role::Manager];
const AGENCY_AND_STAFF: &[Role] = &[Role::Owner, Role::Operator, Role::Manager, Role::Staff];
const AGENCY_AND_CLIENT: &[Role] = &[Role::Owner, Role::Operator, Role::Manager, Role::Client];
const EVERYBODY: &[Role] = &[Role::Owner, Role::Operator, Role::Manager, Role::Staff, Role::Client];

/// `Client.internalNotes`
pub const CLIENT_INTERNAL_NOTES: Readers = Readers { roles: AGENCY, scope: Scope::ClientsRead };
/// `Client.legalHold`
pub const CLIENT_LEGAL_HOLD: Readers = Readers { roles: AGENCY, scope: Scope::ClientsRead };
/// `Client.figures`: sums of money over a dossier.
pub const CLIENT_FIGURES: Readers = Readers { roles: AGENCY, scope: Scope::BillingRead };
/// `Client.billingAddress`; a client reads their own.
pub const CLIENT_BILLING_ADDRESS: Readers = Readers { roles: AGENCY_AND_CLIENT, scope: Scope::ClientsRead };
/// `Client.phone`; a client reads their own.
pub const CLIENT_PHONE: Readers = Readers { roles: EVERYBODY, scope: Scope::ClientsRead };
/// `Document.visible`
pub const DOCUMENT_VISIBLE: Readers = Readers { roles: AGENCY_AND_STAFF, scope: Scope::DocumentsRead };
/// `DocumentVersion.storageKey`
pub const STORAGE_KEY: Readers = Readers { roles: AGENCY, scope: Scope::DocumentsRead };
/// `Conversation.analysis`
pub const CONVERSATION_ANALYSIS: Readers = Readers { roles: AGENCY, scope: Scope::ConversationsRead };
/// `ValidationRequest.internalNote`
pub const VALIDATION_INTERNAL_NOTE: Readers = Readers { roles: AGENCY, scope: Scope::ValidationRead };
/// `Member.email`: the address by which a person signs in.
pub const MEMBER_EMAIL: Readers = Readers { roles: &[Role::Owner], scope: Scope::MembersRead };
/// `Organization.storageUsed`, `Client.storageUsed`, and their parts: they count bytes of all zones.
pub const STORAGE_USED: Readers = Readers { roles: AGENCY, scope: Scope::DocumentsRead };
/// `Member.sessions`
pub const MEMBER_SESSIONS: Readers = Readers { roles: &[Role::Owner], scope: Scope::MembersManage };
/// `Member.hasFactor`
pub const MEMBER_FACTOR: Readers = Readers { roles: &[Role::Owner], scope: Scope::MembersManage };
/// `ValidationRequest.assignee`: a member's row.
pub const VALIDATION_ASSIGNEE: Readers = Readers { roles: AGENCY, scope: Scope::MembersRead };

/// Whether the viewer is among the readers of a field.
pub fn readable(viewer: &Viewer, readers: Readers) -> bool {
    match viewer {
        Viewer::Member(member) => readers.roles.contains(&member.grant.role()) && member.can(readers.scope),
        Viewer::System { .. } => true,
        Viewer::Anonymous | Viewer::SigningIn { .. } | Viewer::Platform { .. } | Viewer::Worker { .. } => false,
    }
}
