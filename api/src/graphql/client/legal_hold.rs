//! The legal hold of a dossier.

use super::Client;
use crate::graphql::{event::Actor, id::Id, payload::payload, request::ContextExt};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_domain::legal_hold;
use entities::client::Model;
use futures::FutureExt;

/// A legal hold of a dossier. While there is one, no document of the dossier is purged.
#[derive(SimpleObject)]
pub struct LegalHold {
    /// The reason, as the owner wrote it.
    reason: String,
    /// The owner who set it.
    by: Actor,
    /// When it was set.
    at: DateTime<Utc>,
}

impl LegalHold {
    /// Returns the hold in a row.
    pub(super) fn of(row: &Model) -> Option<Self> {
        let by = Actor {
            display_name: row.holder_name.clone()?,
            kind: row.holder_kind?,
            user: row.holder_id,
            client: Some(row.id),
        };
        Some(Self { reason: row.hold_reason.clone()?, by, at: row.held_at? })
    }
}

/// Input for setting a legal hold.
#[derive(InputObject)]
pub struct SetLegalHoldInput {
    /// The client whose dossier is held.
    id: Id<Client>,
    /// The reason, 1 to 1,000 characters. The agency reads it where a purge is refused.
    reason: String,
}

/// Input for lifting a legal hold.
#[derive(InputObject)]
pub struct LiftLegalHoldInput {
    /// The client whose dossier is held.
    id: Id<Client>,
}

payload! {
    /// The result of setting a legal hold.
    SetLegalHoldPayload {
        /// The client after the change. Null if there are `userErrors`.
        client: Client
    }
}

payload! {
    /// The result of lifting a legal hold.
    LiftLegalHoldPayload {
        /// The client after the change. Null if there are `userErrors`.
        client: Client
    }
}

/// The mutations of legal holds, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct LegalHoldMutation;

#[Object]
impl LegalHoldMutation {
    /// Sets the legal hold of a dossier, or replaces its reason. From then on no document of the dossier is purged. Allowed
    /// for owners. It requires a recent proof of identity.
    async fn set_legal_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client, and the reason.")] input: SetLegalHoldInput,
    ) -> Result<SetLegalHoldPayload, Error> {
        let SetLegalHoldInput { id, reason } = input;
        ctx.mutate(move |tx| async move { legal_hold::set(tx, id.uuid(), &reason).await }.boxed()).await
    }

    /// Lifts the legal hold of a dossier. Documents that have been in the trash for long enough are then purged within an
    /// hour. Allowed for owners. It requires a recent proof of identity.
    async fn lift_legal_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client.")] input: LiftLegalHoldInput,
    ) -> Result<LiftLegalHoldPayload, Error> {
        ctx.mutate(|tx| legal_hold::lift(tx, input.id.uuid()).boxed()).await
    }
}
