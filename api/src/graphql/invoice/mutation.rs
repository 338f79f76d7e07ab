//! Mutations of invoices.

use super::{Invoice, LineItemInput};
use crate::graphql::{client::Client, id::Id, payload::payload, request::ContextExt, scalar::Date};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::{self, Changes, NewDraft, NewLine};
use entities::invoice::Kind;
use futures::FutureExt;

/// Input for creating an invoice.
#[derive(InputObject)]
pub struct CreateInvoiceInput {
    /// The client. The dossier must not be archived.
    client_id: Id<Client>,
    /// The title, 1 to 200 characters.
    title: String,
    /// A text printed below the lines, up to 10,000 characters.
    note: Option<String>,
    /// The last day to pay. The default is 30 days after the day of issue.
    due_on: Option<Date>,
    /// The lines, at most 100. Their total must not be negative.
    #[graphql(default)]
    lines: Vec<LineItemInput>,
}

/// Input for changing a draft. Omitted fields stay unchanged, and null clears a field.
#[derive(InputObject)]
pub struct UpdateInvoiceInput {
    /// The draft.
    id: Id<Invoice>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    title: Option<String>,
    /// Up to 10,000 characters.
    note: MaybeUndefined<String>,
    /// The last day to pay. Null means 30 days after the day of issue.
    due_on: MaybeUndefined<Date>,
    /// The new lines, which replace all existing lines.
    lines: Option<Vec<LineItemInput>>,
}

/// Input for issuing an invoice.
#[derive(InputObject)]
pub struct IssueInvoiceInput {
    /// The draft.
    id: Id<Invoice>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

payload! {
    /// The result of creating an invoice.
    CreateInvoicePayload {
        /// The new draft. Null if there are `userErrors`.
        invoice: Invoice
    }
}

payload! {
    /// The result of changing an invoice.
    UpdateInvoicePayload {
        /// The draft after the change. Null if there are `userErrors`.
        invoice: Invoice
    }
}

payload! {
    /// The result of issuing an invoice.
    IssueInvoicePayload {
        /// The issued invoice with its number. Null if there are `userErrors`.
        invoice: Invoice
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct InvoiceMutation;

#[Object]
impl InvoiceMutation {
    /// Creates a draft of an invoice in the organization's currency. As all billing mutations, it is allowed for
    /// owners, operators, and managers at their own sites.
    async fn create_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to create.")] input: CreateInvoiceInput,
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

    /// Changes a draft. An issued invoice cannot be changed; correct it with a credit note.
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

    /// Issues a draft: gives it a number and a date, makes it unchangeable, and shows it to the client. The draft must
    /// have at least one line.
    async fn issue_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to issue.")] input: IssueInvoiceInput,
    ) -> Result<IssueInvoicePayload, Error> {
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::issue(tx, Kind::Invoice, id, expected).boxed()).await
    }
}
