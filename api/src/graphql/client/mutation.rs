//! Opening, changing and closing dossiers.

use super::{Client, ClientStatus, ClientTrack};
use crate::graphql::{id::Id, payload::payload, request::ContextExt, viewer::Site};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_domain::client::{self, Changes, NewClient};
use futures::FutureExt;

/// A new client's card.
#[derive(InputObject)]
pub struct CreateClientInput {
    /// The name of the person or company; 1 to 200 characters.
    name: String,
    /// Where mail reaches them.
    email: Option<String>,
    /// Where they can be called; up to 40 characters.
    phone: Option<String>,
    /// Where invoices go; up to 1,000 characters.
    billing_address: Option<String>,
    /// Which of the two portals they follow.
    track: ClientTrack,
    /// Where the agency stands with them.
    #[graphql(default_with = "ClientStatus::Prospect")]
    status: ClientStatus,
    /// The site the dossier belongs to. A manager gives one of their own.
    site_id: Option<Id<Site>>,
    /// What the agency notes among itself; up to 10,000 characters.
    internal_notes: Option<String>,
}

/// Changes to a card: what is left out stays, null empties. Clients change their own `email`, `phone` and
/// `billingAddress` only.
#[derive(InputObject)]
pub struct UpdateClientInput {
    /// Whose card.
    id: Id<Client>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    name: Option<String>,
    /// Where mail reaches them.
    email: MaybeUndefined<String>,
    /// Up to 40 characters.
    phone: MaybeUndefined<String>,
    /// Up to 1,000 characters.
    billing_address: MaybeUndefined<String>,
    /// Which of the two portals they follow.
    track: Option<ClientTrack>,
    /// Not `ARCHIVED`: archiving has a mutation of its own.
    status: Option<ClientStatus>,
    /// Moves the dossier: whoever does not work there no longer sees it.
    site_id: MaybeUndefined<Id<Site>>,
    /// Up to 10,000 characters.
    internal_notes: MaybeUndefined<String>,
}

/// Which client to archive.
#[derive(InputObject)]
pub struct ArchiveClientInput {
    /// The client.
    id: Id<Client>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// Which client to restore.
#[derive(InputObject)]
pub struct RestoreClientInput {
    /// The client.
    id: Id<Client>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

payload! {
    /// What came of creating a client.
    CreateClientPayload {
        /// The new client; null when there are `userErrors`.
        client: Client
    }
}

payload! {
    /// What came of changing a client.
    UpdateClientPayload {
        /// The client as it is now; null when there are `userErrors`, or when it is no longer seen.
        client: Client
    }
}

payload! {
    /// What came of archiving a client.
    ArchiveClientPayload {
        /// The client as it is now; null when there are `userErrors`.
        client: Client
    }
}

payload! {
    /// What came of restoring a client.
    RestoreClientPayload {
        /// The client as it is now; null when there are `userErrors`.
        client: Client
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ClientMutation;

#[Object]
impl ClientMutation {
    /// Opens a dossier. For owners, operators, and managers within their sites.
    async fn create_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The card.")] input: CreateClientInput,
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

    /// Changes a card. For owners, operators, managers within their sites; a client changes their own contact details.
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

    /// Closes a dossier: it can be read, but nothing can be added until it is restored.
    async fn archive_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveClientInput,
    ) -> Result<ArchiveClientPayload, Error> {
        ctx.mutate(|tx| client::archive(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Opens an archived dossier again, with the status it had.
    async fn restore_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RestoreClientInput,
    ) -> Result<RestoreClientPayload, Error> {
        ctx.mutate(|tx| client::restore(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }
}

/// Left out: no change; null: empty it.
#[expect(clippy::option_option, reason = "the domain tells these apart, and knows no GraphQL")]
fn change<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
