//! Who may read which guarded field. The schema's `@visibleTo` and the guard in the resolver are written from the same
//! constant.

use dossier_core::viewer::Viewer;
use entities::membership::Role;

/// The roles that may read a field.
pub type Readers = &'static [Role];

const AGENCY: Readers = &[Role::Owner, Role::Operator, Role::Manager];
const AGENCY_AND_STAFF: Readers = &[Role::Owner, Role::Operator, Role::Manager, Role::Staff];
const AGENCY_AND_CLIENT: Readers = &[Role::Owner, Role::Operator, Role::Manager, Role::Client];

/// `Client.internalNotes`
pub const CLIENT_INTERNAL_NOTES: Readers = AGENCY;
/// `Client.figures`: sums of money over a dossier.
pub const CLIENT_FIGURES: Readers = AGENCY;
/// `Client.billingAddress`; a client reads their own.
pub const CLIENT_BILLING_ADDRESS: Readers = AGENCY_AND_CLIENT;
/// `Client.phone`; a client reads their own.
pub const CLIENT_PHONE: Readers = &[Role::Owner, Role::Operator, Role::Manager, Role::Staff, Role::Client];
/// `Document.visible`
pub const DOCUMENT_VISIBLE: Readers = AGENCY_AND_STAFF;
/// `DocumentVersion.storageKey`
pub const STORAGE_KEY: Readers = AGENCY;
/// `Conversation.analysis`
pub const CONVERSATION_ANALYSIS: Readers = AGENCY;
/// `ValidationRequest.internalNote`
pub const VALIDATION_INTERNAL_NOTE: Readers = AGENCY;
/// `ValidationRequest.assignee`: a member's row.
pub const VALIDATION_ASSIGNEE: Readers = AGENCY;

/// Whether the viewer is among the readers of a field.
pub fn readable(viewer: &Viewer, readers: Readers) -> bool {
    match viewer {
        Viewer::Member(member) => readers.contains(&member.grant.role()),
        Viewer::System { .. } => true,
        Viewer::Anonymous | Viewer::SigningIn { .. } | Viewer::Platform { .. } | Viewer::Worker { .. } => false,
    }
}
