//! What a client shows.

use super::node::Client;
use super::{ClientStatus, ClientTrack};
use crate::graphql::{
    connection::{Connection, Paging},
    conversation::{Conversation, ConversationFilter, ConversationOrder},
    document::{Document, DocumentFilter, DocumentOrder},
    guard::{guarded, roles, visibleTo},
    id::Id,
    invoice::Billing,
    lookup,
    validation::{ValidationRequest, ValidationRequestFilter, ValidationRequestOrder},
    viewer::Site,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_policy::fields;

/// The person or company a dossier is about; the dossier itself.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl Client {
    /// `client_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name of the person or company.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where mail reaches them. Not unique: one person may have several dossiers.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Where they can be called, as written by whoever noted it.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_PHONE)))]
    async fn phone(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CLIENT_PHONE, || self.0.phone.as_deref()).await
    }

    /// Where invoices go; several lines.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_BILLING_ADDRESS)))]
    async fn billing_address(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CLIENT_BILLING_ADDRESS, || self.0.billing_address.as_deref()).await
    }

    /// What the agency notes among itself.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_INTERNAL_NOTES)))]
    async fn internal_notes(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CLIENT_INTERNAL_NOTES, || self.0.internal_notes.as_deref()).await
    }

    /// Which of the two portals they follow.
    async fn track(&self) -> ClientTrack {
        self.0.track.into()
    }

    /// Where the agency stands with them.
    async fn status(&self) -> ClientStatus {
        self.0.status.into()
    }

    /// The site the dossier belongs to; null for one of the organization as a whole.
    async fn site(&self, ctx: &Context<'_>) -> Result<Option<Site>, Error> {
        lookup::find(ctx, self.0.site_id).await
    }

    /// Counts the changes: give it as `expectedRevision` to be told when somebody else was faster.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When the dossier was opened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the card was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// The documents of the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<DocumentFilter>,
        #[graphql(desc = "The order; by default the newest first.")] order_by: Option<DocumentOrder>,
    ) -> Result<Connection<Document>, Error> {
        let rows = Document::rows(ctx, filter, order_by).await?;
        let rows = rows.of(entities::document::Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The conversations of the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<ConversationFilter>,
        #[graphql(desc = "The order; by default the most recently continued first.")] order_by: Option<
            ConversationOrder,
        >,
    ) -> Result<Connection<Conversation>, Error> {
        let rows = Conversation::rows(filter, order_by);
        let rows = rows.of(entities::conversation::Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// What waits, or waited, for a decision about the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn validation_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<ValidationRequestFilter>,
        #[graphql(desc = "The order; by default the newest first.")] order_by: Option<ValidationRequestOrder>,
    ) -> Result<Connection<ValidationRequest>, Error> {
        let rows = ValidationRequest::rows(ctx, filter, order_by).await?;
        let rows = rows.of(entities::validation_request::Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    #[graphql(flatten)]
    async fn billing(&self) -> Billing<'_> {
        Billing(&self.0)
    }
}
