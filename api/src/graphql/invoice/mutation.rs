//! Drafting and issuing invoices.

use super::{Invoice, LineItemInput};
use crate::graphql::{client::Client, id::Id, payload::payload, request::ContextExt, scalar::Date};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::{self, Changes, NewDraft, NewLine};
use entities::invoice::Kind;
use futures::FutureExt;

/// A new invoice.
#[derive(InputObject)]
pub struct CreateInvoiceInput {
    /// Whose dossier; not an archived one.
    client_id: Id<Client>,
    /// What it is for; 1 to 200 characters.
    title: String,
    /// What is printed below the lines; up to 10,000 characters.
    note: Option<String>,
    /// The last day to pay. Without: 30 days after it is issued.
    due_on: Option<Date>,
    /// At most 100; the total must not be negative.
    #[graphql(default)]
    lines: Vec<LineItemInput>,
}

/// Changes to a draft: what is left out stays, null empties.
#[derive(InputObject)]
pub struct UpdateInvoiceInput {
    /// The draft.
    id: Id<Invoice>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    title: Option<String>,
    /// Up to 10,000 characters.
    note: MaybeUndefined<String>,
    /// The last day to pay. Null: 30 days after it is issued.
    due_on: MaybeUndefined<Date>,
    /// All the lines that it has from now on.
    lines: Option<Vec<LineItemInput>>,
}

/// Which invoice to issue.
#[derive(InputObject)]
pub struct IssueInvoiceInput {
    /// The draft.
    id: Id<Invoice>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

payload! {
    /// What came of drafting an invoice.
    CreateInvoicePayload {
        /// The new draft; null when there are `userErrors`.
        invoice: Invoice
    }
}

payload! {
    /// What came of changing an invoice.
    UpdateInvoicePayload {
        /// The draft as it is now; null when there are `userErrors`.
        invoice: Invoice
    }
}

payload! {
    /// What came of issuing an invoice.
    IssueInvoicePayload {
        /// The invoice, now numbered; null when there are `userErrors`.
        invoice: Invoice
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct InvoiceMutation;

#[Object]
impl InvoiceMutation {
    /// Drafts an invoice in the organization's currency. For owners, operators, and managers within their sites; so is
    /// everything that bills.
    async fn create_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: CreateInvoiceInput,
    ) -> Result<CreateInvoicePayload, Error> {
        let new = NewDraft {
            client: input.client_id.uuid(),
            title: input.title,
            note: input.note,
            until: input.due_on.map(|day| day.0),
            lines: input.lines.into_iter().map(NewLine::from).collect(),
        };
        ctx.mutate(|tx| invoice::create(tx, Kind::Invoice, new).boxed()).await
    }

    /// Changes a draft. What is issued is frozen, and corrected by a credit note.
    async fn update_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateInvoiceInput,
    ) -> Result<UpdateInvoicePayload, Error> {
        let changes = Changes {
            title: input.title,
            note: input.note.into(),
            until: input.due_on.map_value(|day| day.0).into(),
            lines: input.lines.map(|lines| lines.into_iter().map(NewLine::from).collect()),
        };
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::update(tx, Kind::Invoice, id, changes, expected).boxed()).await
    }

    /// Numbers a draft, dates it and freezes it; from then on, the client sees it. It needs at least one line.
    async fn issue_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: IssueInvoiceInput,
    ) -> Result<IssueInvoicePayload, Error> {
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::issue(tx, Kind::Invoice, id, expected).boxed()).await
    }
}
