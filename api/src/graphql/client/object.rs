//! The fields of a client.

use super::node::Client;
use super::{ClientAction, ClientStatus, ClientTrack, legal_hold::LegalHold};
use crate::graphql::{
    connection::{Connection, Paging},
    conversation::{Conversation, ConversationFilter, ConversationOrder},
    document::{Document, DocumentFilter, DocumentOrder, DocumentZone},
    guard::{guarded, roles, visibleTo},
    id::Id,
    invoice::Billing,
    lookup,
    organization::Site,
    personal::personal,
    request::ContextExt,
    scalar::ByteCount,
    storage::{self, ZoneStorage},
    validation::{ValidationRequest, ValidationRequestFilter, ValidationRequestOrder},
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_domain::{client::ClientUseCase, quota::Holder, upload::open_zones};
use dossier_policy::fields;

/// A client: a person or company, and their dossier.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl Client {
    /// The global id, `client_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name of the person or company.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The email address of the client. It is not unique, because one person may have several dossiers.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The phone number, in the form in which it was entered.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_PHONE)))]
    async fn phone(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CLIENT_PHONE, || self.0.phone.as_deref()).await
    }

    /// The postal address for invoices. It may have several lines.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_BILLING_ADDRESS)))]
    async fn billing_address(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CLIENT_BILLING_ADDRESS, || self.0.billing_address.as_deref()).await
    }

    /// When something last happened in the dossier that the viewer can see. Null if no event is stored any more.
    async fn last_activity_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>, Error> {
        dossier_events::last_activity(&*ctx.tx().await?, self.0.id).await
    }

    /// Internal notes of the agency.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_INTERNAL_NOTES)))]
    async fn internal_notes(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CLIENT_INTERNAL_NOTES, || self.0.internal_notes.as_deref()).await
    }

    /// The legal hold. While there is one, no document of the dossier is purged. Null if there is none.
    #[graphql(directive = visibleTo::apply(roles(fields::CLIENT_LEGAL_HOLD)))]
    async fn legal_hold(&self, ctx: &Context<'_>) -> Result<Option<LegalHold>, Error> {
        guarded(ctx, fields::CLIENT_LEGAL_HOLD, || LegalHold::of(&self.0)).await
    }

    /// The portal that the client uses.
    async fn track(&self) -> ClientTrack {
        self.0.track.into()
    }

    /// The state of the relation between the agency and the client.
    async fn status(&self) -> ClientStatus {
        self.0.status.into()
    }

    /// The site of the dossier. Null if the dossier belongs to the whole organization.
    async fn site(&self, ctx: &Context<'_>) -> Result<Option<Site>, Error> {
        lookup::find(ctx, self.0.site_id).await
    }

    /// The size of all versions of the documents in the dossier, with open uploads, in bytes.
    #[graphql(directive = visibleTo::apply(roles(fields::STORAGE_USED)))]
    async fn storage_used(&self, ctx: &Context<'_>) -> Result<Option<ByteCount>, Error> {
        storage::used(ctx, Holder::Dossier(self.0.id)).await
    }

    /// The parts of `storageUsed` in each zone.
    #[graphql(directive = visibleTo::apply(roles(fields::STORAGE_USED)))]
    async fn storage_by_zone(&self, ctx: &Context<'_>) -> Result<Option<Vec<ZoneStorage>>, Error> {
        storage::by_zone(ctx, Holder::Dossier(self.0.id)).await
    }

    /// The actions that the viewer may do with the client and in the dossier now. They depend on the role of the
    /// viewer and the state of the client. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<ClientAction>, Error> {
        viewer_can::<ClientUseCase, _>(ctx, &self.0).await
    }

    /// The zones to which the viewer may upload new documents now.
    #[graphql(directive = personal::apply())]
    async fn viewer_can_upload_to(&self, ctx: &Context<'_>) -> Result<Vec<DocumentZone>, Error> {
        Ok(open_zones(&*ctx.tx().await?, &self.0).into_iter().map(Into::into).collect())
    }

    /// The number of the current revision. Send it as `expectedRevision` to detect changes by other people.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When the dossier was opened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the client was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// The documents in the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<DocumentFilter>,
        #[graphql(desc = "The sort order. The default is newest first.")] order_by: Option<DocumentOrder>,
    ) -> Result<Connection<Document>, Error> {
        let rows = Document::rows(ctx, filter, order_by).await?;
        let rows = rows.of(entities::document::Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The conversations in the dossier.
    #[allow(clippy::too_many_arguments)]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<ConversationFilter>,
        #[graphql(desc = "The sort order. The default is most recently updated first.")] order_by: Option<
            ConversationOrder,
        >,
    ) -> Result<Connection<Conversation>, Error> {
        let rows = Conversation::rows(ctx, filter, order_by).await?;
        let rows = rows.of(entities::conversation::Column::ClientId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The validation requests in the dossier, open and decided.
    #[allow(clippy::too_many_arguments)]
    async fn validation_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<ValidationRequestFilter>,
        #[graphql(desc = "The sort order. The default is newest first.")] order_by: Option<ValidationRequestOrder>,
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
