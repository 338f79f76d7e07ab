//! What a credit note shows.

use super::node::CreditNote;
use crate::graphql::{
    id::Id,
    invoice::{Bill, CreditNoteStatus, Invoice},
    lookup,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;

/// What is taken off an issued invoice (avoir); its amounts are positive.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl CreditNote {
    /// `credit_note_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    #[graphql(flatten)]
    async fn bill(&self) -> Bill<'_> {
        Bill(&self.0)
    }

    /// Where it stands.
    async fn status(&self) -> Result<CreditNoteStatus, Error> {
        self.0.status.try_into()
    }

    /// The invoice that it corrects.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        lookup::find(ctx, self.0.origin_id).await
    }
}
