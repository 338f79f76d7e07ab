//! Mutations of quotes.

use super::Quote;
use crate::graphql::{
    client::Client,
    id::Id,
    invoice::{Invoice, LineItemInput},
    payload::payload,
    request::ContextExt,
    scalar::Date,
};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::{self, Changes, NewDraft, NewLine};
use entities::invoice::Kind;
use futures::FutureExt;

/// Input for creating a quote.
#[derive(InputObject)]
pub struct CreateQuoteInput {
    /// The client. The dossier must not be archived.
    client_id: Id<Client>,
    /// The title, 1 to 200 characters.
    title: String,
    /// A text printed below the lines, up to 10,000 characters.
    note: Option<String>,
    /// The last day to accept the quote. The default is 30 days after the day of issue.
    valid_until: Option<Date>,
    /// The lines, at most 100. Their total must not be negative.
    #[graphql(default)]
    lines: Vec<LineItemInput>,
}

/// Input for changing a draft. Omitted fields stay unchanged, and null clears a field.
#[derive(InputObject)]
pub struct UpdateQuoteInput {
    /// The draft.
    id: Id<Quote>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    title: Option<String>,
    /// Up to 10,000 characters.
    note: MaybeUndefined<String>,
    /// The last day to accept the quote. Null means 30 days after the day of issue.
    valid_until: MaybeUndefined<Date>,
    /// The new lines, which replace all existing lines.
    lines: Option<Vec<LineItemInput>>,
}

/// Input for issuing a quote.
#[derive(InputObject)]
pub struct IssueQuoteInput {
    /// The draft.
    id: Id<Quote>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for accepting a quote.
#[derive(InputObject)]
pub struct AcceptQuoteInput {
    /// The quote.
    id: Id<Quote>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for refusing a quote.
#[derive(InputObject)]
pub struct RefuseQuoteInput {
    /// The quote.
    id: Id<Quote>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
    /// The reason, up to 1,000 characters. The agency and the client can read it.
    reason: Option<String>,
}

/// Input for creating an invoice from a quote.
#[derive(InputObject)]
pub struct ConvertQuoteToInvoiceInput {
    /// The accepted quote.
    id: Id<Quote>,
}

payload! {
    /// The result of creating a quote.
    CreateQuotePayload {
        /// The new draft. Null if there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// The result of changing a quote.
    UpdateQuotePayload {
        /// The draft after the change. Null if there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// The result of issuing a quote.
    IssueQuotePayload {
        /// The issued quote with its number. Null if there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// The result of accepting a quote.
    AcceptQuotePayload {
        /// The quote after the change. Null if there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// The result of refusing a quote.
    RefuseQuotePayload {
        /// The quote after the change. Null if there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// The result of creating an invoice from a quote.
    ConvertQuoteToInvoicePayload {
        /// The new draft of an invoice. Null if there are `userErrors`.
        invoice: Invoice
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct QuoteMutation;

#[Object]
impl QuoteMutation {
    /// Creates a draft of a quote in the organization's currency. Allowed for owners, operators, and managers at their
    /// own sites.
    async fn create_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to create.")] input: CreateQuoteInput,
    ) -> Result<CreateQuotePayload, Error> {
        let new = NewDraft {
            client: input.client_id.uuid(),
            title: input.title,
            note: input.note,
            until: input.valid_until.map(|day| day.0),
            lines: input.lines.into_iter().map(NewLine::from).collect(),
        };
        ctx.mutate(|tx| invoice::create(tx, Kind::Quote, new).boxed()).await
    }

    /// Changes a draft. An issued quote cannot be changed.
    async fn update_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateQuoteInput,
    ) -> Result<UpdateQuotePayload, Error> {
        let changes = Changes {
            title: input.title,
            note: input.note.into(),
            until: input.valid_until.map_value(|day| day.0).into(),
            lines: input.lines.map(|lines| lines.into_iter().map(NewLine::from).collect()),
        };
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::update(tx, Kind::Quote, id, changes, expected).boxed()).await
    }

    /// Issues a draft: gives it a number and a date, makes it unchangeable, and shows it to the client. The draft must
    /// have at least one line.
    async fn issue_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to issue.")] input: IssueQuoteInput,
    ) -> Result<IssueQuotePayload, Error> {
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::issue(tx, Kind::Quote, id, expected).boxed()).await
    }

    /// Accepts an issued quote. Allowed for the client, and for members who may bill the client. An expired quote fails
    /// with `CONFLICT`.
    async fn accept_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quote to accept.")] input: AcceptQuoteInput,
    ) -> Result<AcceptQuotePayload, Error> {
        ctx.mutate(|tx| invoice::accept(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Refuses an issued quote. Allowed for the client, and for members who may bill the client.
    async fn refuse_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quote to refuse, and the reason.")] input: RefuseQuoteInput,
    ) -> Result<RefuseQuotePayload, Error> {
        let RefuseQuoteInput { id, expected_revision, reason } = input;
        ctx.mutate(move |tx| invoice::refuse(tx, id.uuid(), reason, expected_revision).boxed()).await
    }

    /// Creates a draft of an invoice with the lines of an accepted quote. This is possible once for each quote.
    async fn convert_quote_to_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accepted quote.")] input: ConvertQuoteToInvoiceInput,
    ) -> Result<ConvertQuoteToInvoicePayload, Error> {
        ctx.mutate(|tx| invoice::convert(tx, input.id.uuid()).boxed()).await
    }
}
