//! Drafting and issuing quotes, answering them, and making invoices from them.

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

/// A new quote.
#[derive(InputObject)]
pub struct CreateQuoteInput {
    /// Whose dossier; not an archived one.
    client_id: Id<Client>,
    /// What it is for; 1 to 200 characters.
    title: String,
    /// What is printed below the lines; up to 10,000 characters.
    note: Option<String>,
    /// The last day to accept it. Without: 30 days after it is issued.
    valid_until: Option<Date>,
    /// At most 100; the total must not be negative.
    #[graphql(default)]
    lines: Vec<LineItemInput>,
}

/// Changes to a draft: what is left out stays, null empties.
#[derive(InputObject)]
pub struct UpdateQuoteInput {
    /// The draft.
    id: Id<Quote>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
    /// 1 to 200 characters.
    title: Option<String>,
    /// Up to 10,000 characters.
    note: MaybeUndefined<String>,
    /// The last day to accept it. Null: 30 days after it is issued.
    valid_until: MaybeUndefined<Date>,
    /// All the lines that it has from now on.
    lines: Option<Vec<LineItemInput>>,
}

/// Which quote to issue.
#[derive(InputObject)]
pub struct IssueQuoteInput {
    /// The draft.
    id: Id<Quote>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// Which quote to accept.
#[derive(InputObject)]
pub struct AcceptQuoteInput {
    /// The quote.
    id: Id<Quote>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

/// Which quote to refuse, and why.
#[derive(InputObject)]
pub struct RefuseQuoteInput {
    /// The quote.
    id: Id<Quote>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
    /// Up to 1,000 characters; the agency and the client read it.
    reason: Option<String>,
}

/// Which quote becomes an invoice.
#[derive(InputObject)]
pub struct ConvertQuoteToInvoiceInput {
    /// The accepted quote.
    id: Id<Quote>,
}

payload! {
    /// What came of drafting a quote.
    CreateQuotePayload {
        /// The new draft; null when there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// What came of changing a quote.
    UpdateQuotePayload {
        /// The draft as it is now; null when there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// What came of issuing a quote.
    IssueQuotePayload {
        /// The quote, now numbered; null when there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// What came of accepting a quote.
    AcceptQuotePayload {
        /// The quote as it is now; null when there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// What came of refusing a quote.
    RefuseQuotePayload {
        /// The quote as it is now; null when there are `userErrors`.
        quote: Quote
    }
}

payload! {
    /// What came of making an invoice from a quote.
    ConvertQuoteToInvoicePayload {
        /// The new draft of an invoice; null when there are `userErrors`.
        invoice: Invoice
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct QuoteMutation;

#[Object]
impl QuoteMutation {
    /// Drafts a quote in the organization's currency. For owners, operators, and managers within their sites.
    async fn create_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: CreateQuoteInput,
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

    /// Changes a draft. What is issued is frozen.
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

    /// Numbers a draft, dates it and freezes it; from then on, the client sees it. It needs at least one line.
    async fn issue_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: IssueQuoteInput,
    ) -> Result<IssueQuotePayload, Error> {
        let (id, expected) = (input.id.uuid(), input.expected_revision);
        ctx.mutate(|tx| invoice::issue(tx, Kind::Quote, id, expected).boxed()).await
    }

    /// Takes the offer. For the client, and for whoever bills them; refused as a conflict once it has expired.
    async fn accept_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: AcceptQuoteInput,
    ) -> Result<AcceptQuotePayload, Error> {
        ctx.mutate(|tx| invoice::accept(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }

    /// Does not take the offer. For the client, and for whoever bills them.
    async fn refuse_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: RefuseQuoteInput,
    ) -> Result<RefuseQuotePayload, Error> {
        let RefuseQuoteInput { id, expected_revision, reason } = input;
        ctx.mutate(move |tx| invoice::refuse(tx, id.uuid(), reason, expected_revision).boxed()).await
    }

    /// Drafts an invoice with the lines of an accepted quote. Each quote becomes an invoice once.
    async fn convert_quote_to_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ConvertQuoteToInvoiceInput,
    ) -> Result<ConvertQuoteToInvoicePayload, Error> {
        ctx.mutate(|tx| invoice::convert(tx, input.id.uuid()).boxed()).await
    }
}
