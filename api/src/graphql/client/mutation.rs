//! Mutations of clients.

use super::{Client, ClientStatus, ClientTrack};
use crate::graphql::{id::Id, input::change, organization::Site, payload::payload, request::ContextExt};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_domain::client::{self, Changes, NewClient};
use futures::FutureExt;

/// Input for creating a client.
#[derive(InputObject)]
pub struct CreateClientInput {
    /// The name of the person or company, 1 to 200 characters.
    name: String,
    /// The email address of the client.
    email: Option<String>,
    /// The phone number, up to 40 characters.
    phone: Option<String>,
    /// The postal address for invoices, up to 1,000 characters.
    billing_address: Option<String>,
    /// The portal that the client uses.
    track: ClientTrack,
    /// The state of the relation between the agency and the client.
    #[graphql(default_with = "ClientStatus::Prospect")]
    status: ClientStatus,
    /// The site of the dossier. A manager must give one of their own sites.
    site_id: Option<Id<Site>>,
    /// Internal notes of the agency, up to 10,000 characters.
    internal_notes: Option<String>,
}

/// Input for changing a client. Omitted fields stay unchanged, and null clears a field. A client may change only their
/// own `email`, `phone` and `billingAddress`.
#[derive(InputObject)]
pub struct UpdateClientInput {
    /// The client to change.
    id: Id<Client>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    name: Option<String>,
    /// The email address of the client.
    email: MaybeUndefined<String>,
    /// The phone number, up to 40 characters.
    phone: MaybeUndefined<String>,
    /// The postal address for invoices, up to 1,000 characters.
    billing_address: MaybeUndefined<String>,
    /// The portal that the client uses.
    track: Option<ClientTrack>,
    /// Any status except `ARCHIVED`. To archive a client, use `archiveClient`.
    status: Option<ClientStatus>,
    /// The new site of the dossier. Members who do not work at this site can no longer see the dossier.
    site_id: MaybeUndefined<Id<Site>>,
    /// Up to 10,000 characters.
    internal_notes: MaybeUndefined<String>,
}

/// Input for archiving a client.
#[derive(InputObject)]
pub struct ArchiveClientInput {
    /// The client.
    id: Id<Client>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for restoring a client.
#[derive(InputObject)]
pub struct RestoreClientInput {
    /// The client.
    id: Id<Client>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

payload! {
    /// The result of creating a client.
    CreateClientPayload {
        /// The new client. Null if there are `userErrors`.
        client: Client
    }
}

payload! {
    /// The result of changing a client.
    UpdateClientPayload {
        /// The client after the change. Null if there are `userErrors`, or if the viewer can no longer see the client.
        client: Client
    }
}

payload! {
    /// The result of archiving a client.
    ArchiveClientPayload {
        /// The client after the change. Null if there are `userErrors`.
        client: Client
    }
}

payload! {
    /// The result of restoring a client.
    RestoreClientPayload {
        /// The client after the change. Null if there are `userErrors`.
        client: Client
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ClientMutation;

#[Object]
impl ClientMutation {
    /// Creates a client and opens their dossier. Allowed for owners, operators, and managers at their own sites.
    async fn create_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client to create.")] input: CreateClientInput,
    ) -> Result<CreateClientPayload, Error> {
        let new = NewClient {
            name: input.name,
            email: input.email,
            phone: input.phone,
            billing_address: input.billing_address,
            track: input.track.into(),
            status: input.status.into(),
            site: input.site_id.map(Id::uuid),
            internal_notes: input.internal_notes,
        };
        ctx.mutate(|tx| client::create(tx, new).boxed()).await
    }

    /// Changes a client. Allowed for owners, operators, and managers at their own sites. Clients may change their own
    /// contact details.
    async fn update_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateClientInput,
    ) -> Result<UpdateClientPayload, Error> {
        let changes = Changes {
            name: input.name,
            email: change(input.email),
            phone: change(input.phone),
            billing_address: change(input.billing_address),
            track: input.track.map(Into::into),
            status: input.status.map(Into::into),
            site: change(input.site_id).map(|site| site.map(Id::uuid)),
            internal_notes: change(input.internal_notes),
        };
        ctx.mutate(|tx| client::update(tx, input.id.uuid(), changes, input.expected_revision).boxed()).await
    }

    /// Archives a client and closes their dossier. It can be read, but nothing can be added until it is restored.
    async fn archive_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client to archive.")] input: ArchiveClientInput,
    ) -> Result<ArchiveClientPayload, Error> {
        ctx.mutate(|tx| client::archive(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Reopens an archived dossier with the status that it had before.
    async fn restore_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client to restore.")] input: RestoreClientInput,
    ) -> Result<RestoreClientPayload, Error> {
        ctx.mutate(|tx| client::restore(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }
}
