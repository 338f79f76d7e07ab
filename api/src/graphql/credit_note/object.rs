//! The fields of a credit note.

use super::node::CreditNote;
use crate::graphql::{
    id::Id,
    invoice::{Bill, CreditNoteStatus, Invoice},
    lookup,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;

/// A credit note (avoir). It reduces the amount of an issued invoice. Its own amounts are positive.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl CreditNote {
    /// The global id, `credit_note_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    #[graphql(flatten)]
    async fn bill(&self) -> Bill<'_> {
        Bill(&self.0)
    }

    /// The status.
    async fn status(&self) -> Result<CreditNoteStatus, Error> {
        self.0.status.try_into()
    }

    /// The invoice that the credit note corrects.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        lookup::find(ctx, self.0.origin_id).await
    }
}
