//! The GraphQL enums of a client. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// The portal that a client uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::client::Track")]
pub enum ClientTrack {
    /// The laboratory: a guided process with many steps.
    Lab,
    /// One person with one project.
    One,
}

/// The state of the relation between the agency and a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::client::Status")]
pub enum ClientStatus {
    /// The client has not signed yet.
    Prospect,
    /// Work is in progress.
    Active,
    /// Work is suspended.
    Paused,
    /// The dossier is closed. It can be read, but nothing can be added until it is restored.
    Archived,
}

/// An action on a client, or in their dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::client::ClientUseCase")]
pub enum ClientAction {
    /// Change the email address, the phone number and the billing address with `updateClient`.
    UpdateContact,
    /// Change all other fields with `updateClient`.
    Update,
    /// Archive the client with `archiveClient`.
    Archive,
    /// Restore the archived client with `restoreClient`.
    Restore,
    /// Start a conversation with `startConversation`.
    StartConversation,
    /// Submit a request with `submitValidationRequest`.
    SubmitValidationRequest,
    /// Create a draft with `createQuote`.
    CreateQuote,
    /// Create a draft with `createInvoice`.
    CreateInvoice,
    /// Set a legal hold, or replace its reason, with `setLegalHold`.
    SetLegalHold,
    /// Lift the legal hold with `liftLegalHold`.
    LiftLegalHold,
}
