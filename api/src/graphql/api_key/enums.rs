//! The GraphQL enums of an API key. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// The state of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ApiKeyStatus", remote = "dossier_domain::api_key_status::Status")]
pub enum ApiKeyStatus {
    /// It can be used.
    Active,
    /// It has expired.
    Expired,
    /// Somebody has revoked it.
    Revoked,
}

/// A permission of a token or an API key. A key has only scopes that operators have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "Scope", remote = "dossier_core::scope::Scope")]
pub enum Scope {
    /// `clients:read`: see clients. All that is in a dossier requires it.
    ClientsRead,
    /// `clients:write`: create and change clients. Requires `CLIENTS_READ`.
    ClientsWrite,
    /// `clients:invite`: invite people to a dossier, and remove them. Requires `CLIENTS_READ`.
    ClientsInvite,
    /// `documents:read`: see documents. Requires `CLIENTS_READ`.
    DocumentsRead,
    /// `documents:write`: upload, publish, change and delete documents. Requires `DOCUMENTS_READ`.
    DocumentsWrite,
    /// `conversations:read`: see conversations. Requires `CLIENTS_READ`.
    ConversationsRead,
    /// `conversations:write`: start and close conversations, and post messages. Requires `CONVERSATIONS_READ`.
    ConversationsWrite,
    /// `validation:read`: see validation requests. Requires `CLIENTS_READ`.
    ValidationRead,
    /// `validation:write`: submit and cancel validation requests. Requires `VALIDATION_READ`.
    ValidationWrite,
    /// `validation:decide`: approve, reject, assign and share validation requests. Requires `VALIDATION_READ`.
    ValidationDecide,
    /// `billing:read`: see quotes, invoices, credit notes and payments. Requires `CLIENTS_READ`.
    BillingRead,
    /// `billing:write`: write and issue them, and record payments. Requires `BILLING_READ`.
    BillingWrite,
    /// `billing:answer`: accept and refuse quotes. Requires `BILLING_READ`.
    BillingAnswer,
    /// `members:read`: see members and invitations.
    MembersRead,
    /// `members:manage`: invite, change, suspend and remove members. Only owners have it. Requires `MEMBERS_READ`.
    MembersManage,
    /// `keys:manage`: create, see and revoke API keys. Only owners have it.
    KeysManage,
    /// `organization:manage`: change the organization, its sites and settings. Only owners have it.
    OrganizationManage,
    /// `audit:read`: see the audit log. Only owners have it.
    AuditRead,
}
