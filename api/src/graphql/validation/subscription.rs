//! The hub's subscription to validation requests.

use super::ValidationRequest;
use crate::graphql::{
    client::Client,
    event::{Actor, Delivered, EventType, ResyncReason, Subject, listen},
    id::Id,
    personal::personal,
};
use async_graphql::{Context, ID, Object, Subscription};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_events::EventFilter;
use entities::event::SubjectKind;
use futures::{Stream, StreamExt};

/// An event of a validation request.
pub struct ValidationHubEvent(Delivered);

/// An event of a validation request.
#[Object]
impl ValidationHubEvent {
    /// The global id, `event_…`. It is the same for each delivery and each viewer. Null for `RESYNC_REQUIRED`.
    async fn id(&self) -> Option<ID> {
        self.0.id()
    }

    /// The opaque position of this event. Send it as `after` to continue after this event.
    async fn cursor(&self) -> &str {
        self.0.cursor()
    }

    /// The type of the event.
    #[graphql(name = "type")]
    async fn kind(&self, ctx: &Context<'_>) -> Result<EventType, Error> {
        self.0.kind(ctx).await
    }

    /// Only for `RESYNC_REQUIRED`: the reason why the displayed data must be read again.
    async fn reason(&self) -> Option<ResyncReason> {
        self.0.reason()
    }

    /// When the event happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at()
    }

    /// The author of the event. Null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Error> {
        self.0.actor(ctx).await
    }

    /// The id that the viewer sent with the mutation that caused the event, in the header `Client-Mutation-Id` or in
    /// `extensions.clientMutationId`. Null for events of other people, and of mutations without such an id.
    #[graphql(directive = personal::apply())]
    async fn client_mutation_id(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        self.0.client_mutation_id(ctx).await
    }

    /// The id of the request, also for `REMOVED`. Null for `RESYNC_REQUIRED`.
    async fn validation_request_id(&self) -> Option<ID> {
        self.0.subject_id()
    }

    /// The request as it is now. Null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn validation_request(&self, ctx: &Context<'_>) -> Result<Option<&ValidationRequest>, Error> {
        match self.0.subject(ctx).await? {
            Some(Subject::ValidationRequest(request)) => Ok(Some(request)),
            Some(_) => Err(Error::internal("the hub received an event of another entity")),
            None => Ok(None),
        }
    }
}

/// The subscriptions of this feature, merged into [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct ValidationSubscription;

#[Subscription]
impl ValidationSubscription {
    /// The events of the validation requests that the viewer can see, in order.
    ///
    /// Without `after`, the subscription begins with the next event. With the cursor of the last received event, or
    /// with `Viewer.cursor`, it continues there and misses nothing. The server checks each event against the viewer's
    /// rights at the moment of delivery.
    async fn validation_hub(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the events after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only events of these types, and all `REMOVED` events.")] types: Option<Vec<EventType>>,
        #[graphql(desc = "Only events in the dossier of this client.")] client_id: Option<Id<Client>>,
        #[graphql(desc = "Only events of requests that are assigned to the viewer, and all assignments, because an \
                          assignment may take a request away from the viewer. Allowed only for roles that can read \
                          `ValidationRequest.assignee`.")]
        assigned_to_me: Option<bool>,
    ) -> Result<impl Stream<Item = Result<ValidationHubEvent, Error>> + use<>, Error> {
        let event_filter = EventFilter {
            subject: Some(SubjectKind::ValidationRequest),
            client: client_id.map(Id::uuid),
            kinds: types.map(|types| types.into_iter().map(Into::into).collect()),
            ..EventFilter::default()
        };
        let mine = assigned_to_me.unwrap_or_default();
        let events = listen(ctx, event_filter, mine, after).await?;
        Ok(events.map(|delivery| Ok(ValidationHubEvent(delivery.into()))))
    }
}
