//! The GraphQL enums of the audit log. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;
use entities::audit_entry::Action;

/// An action that the audit log records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "AuditAction", remote = "entities::audit_entry::Action")]
pub enum AuditAction {
    /// A person signed in, or began a session of another membership.
    SignedIn,
    /// A sign-in to an existing account was refused.
    SignInRefused,
    /// A person who was signed in gave a wrong password, code or passkey.
    ProofRefused,
    /// A refresh token was used again, and its session was ended.
    SessionRefreshRefused,
    /// Somebody ended a session of another person.
    SessionEnded,
    /// All sessions of a member were ended at once.
    AllSessionsEnded,
    /// A password was changed.
    PasswordChanged,
    /// A password was set with the link of a mail.
    PasswordReset,
    /// A second factor was added.
    FactorAdded,
    /// A second factor was removed.
    FactorRemoved,
    /// The address of an account was changed.
    AddressChanged,
    /// An account at an identity provider was linked.
    ExternalIdentityLinked,
    /// The link to an account at an identity provider was removed.
    ExternalIdentityRemoved,
    /// An address was invited.
    MemberInvited,
    /// An invitation was sent again, with a new link.
    InvitationResent,
    /// An invitation was revoked.
    InvitationRevoked,
    /// An invitation was accepted.
    InvitationAccepted,
    /// A member was added without an invitation.
    MemberAdded,
    /// The role, the sites or the dossier of a member changed.
    MemberChanged,
    /// A member was suspended.
    MemberSuspended,
    /// The suspension of a member ended.
    MemberResumed,
    /// A member was removed.
    MemberRemoved,
    /// A member left.
    MemberLeft,
    /// An owner made somebody else the owner.
    OwnershipTransferred,
    /// A site was added.
    SiteAdded,
    /// A site was renamed, closed or opened again.
    SiteChanged,
    /// Settings of the organization changed.
    OrganizationChanged,
    /// The organization was suspended.
    OrganizationSuspended,
    /// The suspension of the organization ended.
    OrganizationResumed,
    /// An API key was created.
    ApiKeyCreated,
    /// An API key was revoked.
    ApiKeyRevoked,
    /// A validation request was assigned to a member, or to nobody.
    ValidationAssigned,
    /// A validation request was shared with the client.
    ValidationShared,
    /// A validation request was approved.
    ValidationApproved,
    /// A validation request was rejected.
    ValidationRejected,
    /// A validation request was sent back for changes.
    ValidationChangesRequested,
    /// A quote was accepted.
    QuoteAccepted,
    /// A quote was refused.
    QuoteRefused,
    /// An invoice was issued.
    InvoiceIssued,
    /// A credit note was issued.
    CreditNoteIssued,
    /// A link to a version of a private document was given out.
    PrivateDocumentDownloaded,
    /// A document was purged from the trash.
    DocumentPurged,
    /// A legal hold was set on a dossier, or its reason changed.
    LegalHoldSet,
    /// The legal hold of a dossier was lifted.
    LegalHoldLifted,
}

/// The type of the object that an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "AuditSubjectType", remote = "entities::audit_entry::SubjectKind")]
pub enum AuditSubjectType {
    /// A member, `membership_…`.
    Member,
    /// A session, `session_…`.
    Session,
    /// An invitation, `invitation_…`.
    Invitation,
    /// A site, `site_…`.
    Site,
    /// The organization, `organization_…`.
    Organization,
    /// An API key, `apikey_…`.
    ApiKey,
    /// A validation request, `validation_request_…`.
    ValidationRequest,
    /// A quote, `quote_…`.
    Quote,
    /// An invoice, `invoice_…`.
    Invoice,
    /// A credit note, `credit_note_…`.
    CreditNote,
    /// A version of a document, `document_version_…`.
    DocumentVersion,
    /// A document, `document_…`.
    Document,
    /// A client, `client_…`.
    Client,
}

/// The reason of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "AuditRefusalReason", remote = "entities::audit_entry::Refusal")]
pub enum AuditRefusalReason {
    /// The password was wrong.
    WrongPassword,
    /// The code of the second factor was wrong.
    WrongCode,
    /// A passkey of the person was not accepted.
    WrongPasskey,
    /// The person has no active membership of this kind.
    NoMembership,
    /// The refresh token was used before.
    TokenReused,
}

/// The outcome of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AuditOutcome {
    /// It was done.
    Succeeded,
    /// It was refused.
    Refused,
}

impl From<Action> for AuditOutcome {
    fn from(action: Action) -> Self {
        if action.is_refusal() { Self::Refused } else { Self::Succeeded }
    }
}
