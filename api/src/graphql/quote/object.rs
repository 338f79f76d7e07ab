//! The fields of a quote.

use super::node::Quote;
use crate::graphql::{
    connection::Rows,
    id::Id,
    invoice::{BillingDocument, BillingOrder, Invoice, QuoteAction, QuoteStatus},
    personal::personal,
    request::ContextExt,
    scalar::Date,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_domain::{
    calendar,
    invoice::{self, QuoteUseCase},
};
use entities::invoice::Column;
use sea_orm::Condition;

/// A quote (devis): an offer to a client.
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl Quote {
    /// The global id, `quote_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    #[graphql(flatten)]
    async fn billing_document(&self) -> BillingDocument<'_> {
        BillingDocument(&self.0)
    }

    /// The status.
    async fn status(&self) -> Result<QuoteStatus, Error> {
        self.0.status.try_into()
    }

    /// The last day to accept the quote. If it is not set before, issuing sets it.
    async fn valid_until(&self) -> Option<Date> {
        self.0.valid_until.map(Date)
    }

    /// Whether the quote waits for an answer and the last day to accept it is over in the organization's time zone.
    async fn expired(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(invoice::expired(&self.0, calendar::today(&*ctx.tx().await?).await?))
    }

    /// The actions that the viewer may do with the quote now. They depend on the role of the viewer and the state of
    /// the quote. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<QuoteAction>, Error> {
        viewer_can::<QuoteUseCase, _>(ctx, &self.0).await
    }

    /// When the quote was accepted or refused.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// The reason for the refusal, if one was given.
    async fn refusal_reason(&self) -> Option<&str> {
        self.0.refusal_reason.as_deref()
    }

    /// The invoice that was created from the quote. Null if there is none or the viewer cannot see it.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        let made = Rows::<Invoice>::all(Condition::all(), BillingOrder::default().order());
        made.of(Column::OriginId, self.0.id).one(ctx).await
    }
}
