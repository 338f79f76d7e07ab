//! Mutations of credit notes.

use super::CreditNote;
use crate::graphql::{
    id::Id,
    invoice::{Invoice, LineItemInput},
    payload::payload,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::{self, Changes, NewCreditNote, NewLine};
use entities::invoice::Kind;
use futures::FutureExt;

/// Input for creating a credit note.
#[derive(InputObject)]
pub struct CreateCreditNoteInput {
    /// The issued invoice that the credit note corrects.
    invoice_id: Id<Invoice>,
    /// The title, 1 to 200 characters. The default is the title of the invoice.
    title: Option<String>,
    /// A text printed below the lines, such as the reason. Up to 10,000 characters.
    note: Option<String>,
    /// The credited lines, with positive amounts. At most 100. The default is all lines of the invoice.
    lines: Option<Vec<LineItemInput>>,
}

/// Input for changing a draft. Omitted fields stay unchanged, and null clears a field.
#[derive(InputObject)]
pub struct UpdateCreditNoteInput {
    /// The draft.
    id: Id<CreditNote>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    title: Option<String>,
    /// Up to 10,000 characters.
    note: MaybeUndefined<String>,
    /// The new lines, which replace all existing lines.
    lines: Option<Vec<LineItemInput>>,
}

/// Input for issuing a credit note.
#[derive(InputObject)]
pub struct IssueCreditNoteInput {
    /// The draft.
    id: Id<CreditNote>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

payload! {
    /// The result of creating a credit note.
    CreateCreditNotePayload {
        /// The new draft. Null if there are `userErrors`.
        credit_note: CreditNote
    }
}

payload! {
    /// The result of changing a credit note.
    UpdateCreditNotePayload {
        /// The draft after the change. Null if there are `userErrors`.
        credit_note: CreditNote
    }
}

payload! {
    /// The result of issuing a credit note.
    IssueCreditNotePayload {
        /// The issued credit note with its number. Null if there are `userErrors`.
        credit_note: CreditNote
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct CreditNoteMutation;

#[Object]
impl CreditNoteMutation {
    /// Creates a draft of a credit note for an issued invoice. The amount is limited to the part of the invoice that is
    /// neither paid nor credited; a higher amount fails with `CONFLICT`. To credit a paid amount, first reverse its
    /// payment.
    async fn create_credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to create.")] input: CreateCreditNoteInput,
    ) -> Result<CreateCreditNotePayload, Error> {
        let new = NewCreditNote {
            invoice: input.invoice_id.uuid(),
            title: input.title,
            note: input.note,
            lines: input.lines.map(|lines| lines.into_iter().map(NewLine::from).collect()),
        };
        ctx.mutate(|tx| invoice::create_credit_note(tx, new).boxed()).await
    }

    /// Changes a draft. Its amount is limited in the same way as that of a new one.
    async fn update_credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateCreditNoteInput,
    ) -> Result<UpdateCreditNotePayload, Error> {
        let changes = Changes {
            title: input.title,
            note: input.note.into(),
            lines: input.lines.map(|lines| lines.into_iter().map(NewLine::from).collect()),
            ..Changes::default()
        };
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::update_credit_note(tx, id, changes, expected).boxed()).await
    }

    /// Issues a draft: gives it a number and a date, and makes it unchangeable. Its total is subtracted from the amount
    /// due of the invoice.
    async fn issue_credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to issue.")] input: IssueCreditNoteInput,
    ) -> Result<IssueCreditNotePayload, Error> {
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::issue(tx, Kind::CreditNote, id, expected).boxed()).await
    }
}
