//! Drafting and issuing credit notes.

use super::CreditNote;
use crate::graphql::{
    id::Id,
    invoice::{Invoice, LineItemInput},
    payload::payload,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::{self, NewCreditNote, NewLine};
use entities::invoice::Kind;
use futures::FutureExt;

/// A new credit note.
#[derive(InputObject)]
pub struct CreateCreditNoteInput {
    /// The issued invoice that it corrects.
    invoice_id: Id<Invoice>,
    /// What it is for; 1 to 200 characters. Without: the invoice's title.
    title: Option<String>,
    /// What is printed below the lines, such as the reason; up to 10,000 characters.
    note: Option<String>,
    /// What is credited, as positive amounts; at most 100. Without: all lines of the invoice.
    lines: Option<Vec<LineItemInput>>,
}

/// Which credit note to issue.
#[derive(InputObject)]
pub struct IssueCreditNoteInput {
    /// The draft.
    id: Id<CreditNote>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

payload! {
    /// What came of drafting a credit note.
    CreateCreditNotePayload {
        /// The new draft; null when there are `userErrors`.
        credit_note: CreditNote
    }
}

payload! {
    /// What came of issuing a credit note.
    IssueCreditNotePayload {
        /// The credit note, now numbered; null when there are `userErrors`.
        credit_note: CreditNote
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct CreditNoteMutation;

#[Object]
impl CreditNoteMutation {
    /// Drafts a credit note for an issued invoice: at most what is neither paid nor credited yet, refused as a conflict
    /// beyond that. To credit what is paid, reverse its payment first.
    async fn create_credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: CreateCreditNoteInput,
    ) -> Result<CreateCreditNotePayload, Error> {
        let new = NewCreditNote {
            invoice: input.invoice_id.uuid(),
            title: input.title,
            note: input.note,
            lines: input.lines.map(|lines| lines.into_iter().map(NewLine::from).collect()),
        };
        ctx.mutate(|tx| invoice::create_credit_note(tx, new).boxed()).await
    }

    /// Numbers a draft, dates it and freezes it, and takes its total off what is due for the invoice.
    async fn issue_credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: IssueCreditNoteInput,
    ) -> Result<IssueCreditNotePayload, Error> {
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::issue(tx, Kind::CreditNote, id, expected).boxed()).await
    }
}
