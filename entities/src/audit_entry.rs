//! An entry of an organization's audit log. Entries are only appended. Each contains the hash of the one before.
//!
//! An entry contains ids and hashes, and no names, addresses or texts. Those are in
//! [`audit_detail`](crate::audit_detail), which can be erased.
pub use crate::actor::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// The position in the organization's log: 1, 2, 3, … without gaps, in the order of commits.
    pub sequence: i64,
    /// The version of the text from which `hash` is computed.
    pub format: i32,
    pub created_at: DateTimeUtc,
    pub action: Action,
    /// The reason of a refusal. Null if the action succeeded.
    pub refusal: Option<Refusal>,
    pub actor_kind: ActorKind,
    /// The person who acted. Null for Dossier itself.
    pub actor_id: Option<Uuid>,
    /// The membership in which the person acted.
    pub membership_id: Option<Uuid>,
    /// The session with which the person acted. The session of an API key has the id of the key.
    pub session_id: Option<Uuid>,
    /// The row that the action is about. The action tells its type.
    pub subject_id: Uuid,
    /// The client whose dossier the action is about.
    pub client_id: Option<Uuid>,
    /// The names of the changed properties, separated by spaces.
    pub changed: Option<String>,
    /// The SHA-256 of the detail's salt and content in hexadecimal.
    pub detail_hash: String,
    /// The hash of the entry before, or 64 zeros.
    pub previous_hash: String,
    /// The SHA-256 of this entry in hexadecimal.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// The action that an entry records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// A person signed in, or began a session of another membership.
    #[default]
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

/// The type of the row that an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum SubjectKind {
    /// A membership.
    Member,
    /// A session.
    Session,
    /// An invitation.
    Invitation,
    /// A site.
    Site,
    /// The organization.
    Organization,
    /// An API key.
    ApiKey,
    /// A validation request.
    ValidationRequest,
    /// A quote.
    Quote,
    /// An invoice.
    Invoice,
    /// A credit note.
    CreditNote,
    /// A version of a document.
    DocumentVersion,
    /// A document.
    Document,
    /// A client.
    Client,
}

impl Action {
    /// Returns the type of the row that the action is about.
    pub fn subject(self) -> SubjectKind {
        match self {
            Self::SignedIn | Self::SessionRefreshRefused | Self::SessionEnded => SubjectKind::Session,
            Self::SignInRefused
            | Self::AllSessionsEnded
            | Self::PasswordChanged
            | Self::PasswordReset
            | Self::FactorAdded
            | Self::FactorRemoved
            | Self::AddressChanged
            | Self::ExternalIdentityLinked
            | Self::ExternalIdentityRemoved
            | Self::MemberAdded
            | Self::MemberChanged
            | Self::MemberSuspended
            | Self::MemberResumed
            | Self::MemberRemoved
            | Self::MemberLeft
            | Self::OwnershipTransferred
            | Self::ProofRefused => SubjectKind::Member,
            Self::MemberInvited | Self::InvitationResent | Self::InvitationRevoked | Self::InvitationAccepted => {
                SubjectKind::Invitation
            }
            Self::SiteAdded | Self::SiteChanged => SubjectKind::Site,
            Self::OrganizationChanged | Self::OrganizationSuspended | Self::OrganizationResumed => {
                SubjectKind::Organization
            }
            Self::ApiKeyCreated | Self::ApiKeyRevoked => SubjectKind::ApiKey,
            Self::ValidationAssigned
            | Self::ValidationShared
            | Self::ValidationApproved
            | Self::ValidationRejected
            | Self::ValidationChangesRequested => SubjectKind::ValidationRequest,
            Self::QuoteAccepted | Self::QuoteRefused => SubjectKind::Quote,
            Self::InvoiceIssued => SubjectKind::Invoice,
            Self::CreditNoteIssued => SubjectKind::CreditNote,
            Self::PrivateDocumentDownloaded => SubjectKind::DocumentVersion,
            Self::DocumentPurged => SubjectKind::Document,
            Self::LegalHoldSet | Self::LegalHoldLifted => SubjectKind::Client,
        }
    }

    /// Returns whether the action was refused.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::SignInRefused | Self::SessionRefreshRefused)
    }
}

/// The reason of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
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
