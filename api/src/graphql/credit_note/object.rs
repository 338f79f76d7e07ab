//! The fields of a credit note.

use super::node::CreditNote;
use crate::graphql::{
    id::Id,
    invoice::{BillingDocument, CreditNoteAction, CreditNoteStatus, Invoice},
    lookup,
    personal::personal,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::CreditNoteUseCase;

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
    async fn billing_document(&self) -> BillingDocument<'_> {
        BillingDocument(&self.0)
    }

    /// The status.
    async fn status(&self) -> Result<CreditNoteStatus, Error> {
        self.0.status.try_into()
    }

    /// The actions that the viewer may do with the credit note now. They depend on the role of the viewer and the state of
    /// the credit note. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<CreditNoteAction>, Error> {
        viewer_can::<CreditNoteUseCase, _>(ctx, &self.0).await
    }

    /// The invoice that the credit note corrects.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        lookup::find(ctx, self.0.origin_id).await
    }
}
