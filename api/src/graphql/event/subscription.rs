//! Subscriptions to events.

use super::{EventType, object::DossierEvent};
use crate::graphql::{client::Client, conversation::Conversation, guard::usable_by, id::Id, request::ContextExt};
use async_graphql::{Context, Subscription};
use dossier_core::error::Error;
use dossier_events::{Delivery, EventFilter, EventStream};
use dossier_policy::fields;
use futures::{Stream, StreamExt, stream};

/// The subscriptions of this feature, merged into [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// The events in the dossiers that the viewer can see, in order.
    ///
    /// Without `after`, the subscription begins with the next event. With the cursor of the last received event, or
    /// with `Viewer.cursor`, it continues there and misses nothing. The server checks each event against the viewer's
    /// rights at the moment of delivery.
    async fn dossier_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only events in the dossier of this client.")] client_id: Option<Id<Client>>,
        #[graphql(
            desc = "Only events of these types, and `REMOVED` events of their subjects. `REMOVED` alone selects every \
                    `REMOVED` event."
        )]
        types: Option<Vec<EventType>>,
        #[graphql(desc = "Only events of this conversation and its messages.")] conversation_id: Option<
            Id<Conversation>,
        >,
        #[graphql(desc = "Returns the events after this cursor.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<DossierEvent, Error>> + use<>, Error> {
        let event_filter = EventFilter {
            client: client_id.map(Id::uuid),
            kinds: types.map(|types| types.into_iter().map(Into::into).collect()),
            conversation: conversation_id.map(Id::uuid),
            ..EventFilter::default()
        };
        let events = listen(ctx, event_filter, false, after).await?;
        Ok(events.map(|delivery| Ok(DossierEvent(delivery.into()))))
    }
}

/// Resolves a subscription. The first execution returns the position where the stream begins, and delivers nothing.
/// Each later execution delivers one event. One execution serves all subscribers with the same access scope. `mine`
/// selects only requests that are assigned to the viewer.
pub async fn listen(
    ctx: &Context<'_>,
    mut event_filter: EventFilter,
    mine: bool,
    after: Option<String>,
) -> Result<impl Stream<Item = Delivery> + use<>, Error> {
    let (request, app) = (ctx.request()?, ctx.app()?);
    if let Some(delivery_in_tx) = &request.delivery {
        return Ok(stream::iter(Some(delivery_in_tx.clone())));
    }
    let tx = app.database.read(&request.credentials()).await?;
    request.check_factor(&tx)?;
    if mine {
        usable_by(&tx.viewer, fields::VALIDATION_ASSIGNEE, "assignedToMe")?;
        event_filter.assignee = Some(tx.member()?.membership);
    }
    let stream = EventStream::begin(&tx, &app.sealer, event_filter, after.as_deref()).await?;
    request.context.state.set_stream(stream);
    Ok(stream::iter(None))
}
