//! Listening to validation requests: the hub.

use super::ValidationRequest;
use crate::graphql::{
    client::Client,
    event::{Actor, Delivered, EventType, ResyncReason, Subject, listen},
    id::Id,
};
use async_graphql::{Context, ID, Object, Subscription};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_events::Interest;
use entities::event::SubjectKind;
use futures::{Stream, StreamExt};

/// Something that happened to a validation request.
pub struct ValidationHubEvent(Delivered);

/// Something that happened to a validation request.
#[Object]
impl ValidationHubEvent {
    /// `event_…`, the same whenever, and to whomever, it is told; null for `RESYNC_REQUIRED`.
    async fn id(&self) -> Option<ID> {
        self.0.id()
    }

    /// Where this event stands: give it as `after` to go on behind it. Opaque.
    async fn cursor(&self) -> &str {
        self.0.cursor()
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self, ctx: &Context<'_>) -> Result<EventType, Error> {
        self.0.kind(ctx).await
    }

    /// Of `RESYNC_REQUIRED` alone: why what is shown must be read again.
    async fn reason(&self) -> Option<ResyncReason> {
        self.0.reason()
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at()
    }

    /// Who did it; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Error> {
        self.0.actor(ctx).await
    }

    /// The id of the request, also for `REMOVED`; null for `RESYNC_REQUIRED`.
    async fn validation_request_id(&self) -> Option<ID> {
        self.0.subject_id()
    }

    /// The request as it is now; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn validation_request(&self, ctx: &Context<'_>) -> Result<Option<&ValidationRequest>, Error> {
        match self.0.subject(ctx).await? {
            Some(Subject::ValidationRequest(request)) => Ok(Some(request)),
            Some(_) => Err(Error::internal("the hub was told of something that is no request")),
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
        #[graphql(desc = "Only these, and the loss of any request from sight.")] types: Option<Vec<EventType>>,
        #[graphql(desc = "Only in this dossier.")] client_id: Option<Id<Client>>,
        #[graphql(
            desc = "Only what is assigned to the viewer, and every assignment, for it may take a request from them. \
                    Only for who may read `ValidationRequest.assignee`."
        )]
        assigned_to_me: Option<bool>,
    ) -> Result<impl Stream<Item = Result<ValidationHubEvent, Error>> + use<>, Error> {
        let interest = Interest {
            subject: Some(SubjectKind::ValidationRequest),
            client: client_id.map(Id::uuid),
            kinds: types.map(|types| types.into_iter().map(Into::into).collect()),
            ..Interest::default()
        };
        let mine = assigned_to_me.unwrap_or_default();
        let events = listen(ctx, interest, mine, after).await?;
        Ok(events.map(|delivery| Ok(ValidationHubEvent(delivery.into()))))
    }
}
