//! The deletion of drafts.

use super::Invoice;
use crate::graphql::{
    credit_note::CreditNote, node::Node, payload::UserErrorObject, quote::Quote, request::ContextExt,
};
use async_graphql::{Context, ID, InputObject, Object};
use dossier_core::{error::Error, id};
use dossier_data::Outcome;
use dossier_domain::invoice;
use entities::invoice::Kind;
use futures::FutureExt;

/// Input for deleting a draft.
#[derive(InputObject)]
pub struct DeleteDraftInput {
    /// The draft of a quote, an invoice or a credit note.
    id: ID,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// The result of deleting a draft.
pub struct DeleteDraftPayload {
    id: ID,
    outcome: Outcome,
}

/// The result of deleting a draft.
#[Object]
impl DeleteDraftPayload {
    /// The id of the deleted draft. Null if there are `userErrors`.
    async fn deleted_id(&self) -> Option<&ID> {
        self.outcome.subject().map(|_| &self.id)
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.outcome.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutation of drafts of all kinds, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct DraftMutation;

#[Object]
impl DraftMutation {
    /// Deletes the draft of a quote, an invoice or a credit note. What is issued cannot be deleted. If the invoice of an
    /// accepted quote is deleted, another one can be created from the quote.
    async fn delete_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to delete.")] input: DeleteDraftInput,
    ) -> Result<DeleteDraftPayload, Error> {
        let (kind, id) = target(&input.id)?;
        let expected = input.expected_revision;
        let outcome = ctx.mutate(|tx| invoice::delete(tx, kind, id, expected).boxed()).await?;
        Ok(DeleteDraftPayload { id: input.id, outcome })
    }
}

/// Returns the kind and the key of a draft.
fn target(id: &ID) -> Result<(Kind, uuid::Uuid), Error> {
    let found = id::decode(id).and_then(|(prefix, key)| {
        let kind = match prefix {
            Quote::PREFIX => Kind::Quote,
            Invoice::PREFIX => Kind::Invoice,
            CreditNote::PREFIX => Kind::CreditNote,
            _ => return None,
        };
        Some((kind, key))
    });
    let message = "this is not the id of a quote, an invoice or a credit note";
    found.ok_or_else(|| Error::bad_input("input.id", message))
}
