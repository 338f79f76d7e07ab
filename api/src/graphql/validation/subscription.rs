//! Listening to validation requests: the hub.

use super::ValidationRequest;
use crate::{
    events::feed::Interest,
    failure::Failure,
    graphql::event::{Actor, Delivered, Subject, listen},
};
use async_graphql::{Context, ID, Object, Subscription};
use chrono::{DateTime, Utc};
use entities::event::{Kind, SubjectKind};
use futures::{Stream, StreamExt};

/// Something that happened to a validation request.
pub struct ValidationHubEvent(Delivered);

/// Something that happened to a validation request.
#[Object]
impl ValidationHubEvent {
    /// Where this event stands: give it as `after` to go on behind it. Opaque.
    async fn cursor(&self) -> &str {
        self.0.cursor()
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self, ctx: &Context<'_>) -> Result<Kind, Failure> {
        self.0.kind(ctx).await
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at()
    }

    /// Who did it; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Failure> {
        self.0.actor(ctx).await
    }

    /// The id of the request, also for `REMOVED`; null for `RESYNC_REQUIRED`.
    async fn validation_request_id(&self) -> Option<ID> {
        self.0.subject_id()
    }

    /// The request as it is now; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn validation_request(&self, ctx: &Context<'_>) -> Result<Option<&ValidationRequest>, Failure> {
        match self.0.subject(ctx).await? {
            Some(Subject::ValidationRequest(request)) => Ok(Some(request)),
            Some(_) => Err(Failure::internal("the hub was told of something that is no request")),
            None => Ok(None),
        }
    }
}

/// See [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct ValidationSubscription;

#[Subscription]
impl ValidationSubscription {
    /// Everything that happens to the validation requests within the viewer's reach, in order.
    ///
    /// Without `after` it begins now; with the cursor of the last event that was received, or with `Viewer.cursor`, it
    /// goes on behind it and misses nothing. Each event is checked against the viewer's rights at the moment of
    /// delivery.
    async fn validation_hub(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor to go on behind.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<ValidationHubEvent, Failure>> + use<>, Failure> {
        let interest = Interest { subject: Some(SubjectKind::ValidationRequest), client: None };
        let events = listen(ctx, interest, after).await?;
        Ok(events.map(|delivery| delivery.map(|delivery| ValidationHubEvent(delivery.into()))))
    }
}
