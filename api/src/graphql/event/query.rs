//! Events by page, for scripts and for phones in the background.

use super::{EventType, object::DossierEvent};
use crate::graphql::{client::Client, id::Id, inline::InlineList, request::ContextExt};
use async_graphql::{Context, Object, SimpleObject};
use dossier_core::{error::Error, viewer::Grant};
use dossier_data::{DEFAULT_PAGE, MAX_PAGE};
use dossier_events::{EventFilter, EventStream};

/// A page of events.
#[derive(SimpleObject)]
pub struct EventFeed {
    /// The events, in order.
    events: InlineList<DossierEvent>,
    /// The cursor after this page, also if the page is empty. Send it as `after` in the next query or in a
    /// subscription.
    cursor: String,
    /// Whether more events may follow.
    has_more: bool,
}

/// A page of past events.
#[derive(SimpleObject)]
pub struct Activity {
    /// The events, newest first.
    events: InlineList<DossierEvent>,
    /// Whether there are earlier events. Send the `cursor` of the last event as `before` to read them.
    has_more: bool,
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// The events that `dossierEvents` delivers, by page.
    ///
    /// If you send the `cursor` of the last page or of the last event as `after`, you get each later event once, in
    /// order. Without `after`, the first page begins with the oldest stored event.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the events after this cursor.")] after: Option<String>,
        #[graphql(desc = "The maximum number of events, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Only events in the dossier of this client.")] client_id: Option<Id<Client>>,
        #[graphql(
            desc = "Only events of these types, and `REMOVED` events of their subjects. `REMOVED` alone selects every \
                    `REMOVED` event."
        )]
        types: Option<Vec<EventType>>,
    ) -> Result<EventFeed, Error> {
        let limit = limit(first)?;
        let event_filter = event_filter(client_id, types);
        let (tx, sealer) = (ctx.tx().await?, &ctx.app()?.sealer);
        let mut stream = EventStream::from_the_first(&tx, sealer, event_filter, after.as_deref()).await?;
        let step = stream.step(&tx, sealer, Some(limit.into())).await?;
        step.deliveries.iter().for_each(|delivery| stream.pass(delivery));
        stream.complete(&step);
        let (cursor, has_more) = stream.cursor(&tx, sealer).await?;
        Ok(EventFeed {
            events: step.deliveries.into_iter().map(|one| DossierEvent(one.into())).collect(),
            cursor,
            has_more,
        })
    }

    /// The past events in the dossiers that the viewer can see, newest first. An event whose subject the viewer cannot see
    /// any more has the type `REMOVED`. Events are deleted after some time (`Organization.eventDays`).
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the events before this one, given by its cursor.")] before: Option<String>,
        #[graphql(desc = "The maximum number of events, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Only events in the dossier of this client.")] client_id: Option<Id<Client>>,
        #[graphql(desc = "Only events of these types, and `REMOVED` events of their subjects.")] types: Option<
            Vec<EventType>,
        >,
    ) -> Result<Activity, Error> {
        let limit = limit(first)?;
        let (tx, sealer) = (ctx.tx().await?, &ctx.app()?.sealer);
        let mut event_filter = event_filter(client_id, types);
        if let Grant::Client { client } = tx.member()?.grant {
            // The index of one dossier finds its events, however many there are in others.
            event_filter.client.get_or_insert(client);
        }
        let found = EventStream::before(&tx, sealer, &event_filter, before.as_deref(), u64::from(limit) + 1).await?;
        let message = "is not valid any more; read the first page again";
        let mut deliveries = found.map_err(|_| Error::bad_input("before", message))?;
        let has_more = deliveries.len() > limit as usize;
        deliveries.truncate(limit as usize);
        Ok(Activity { events: deliveries.into_iter().map(|one| DossierEvent(one.into())).collect(), has_more })
    }
}

fn limit(first: Option<i32>) -> Result<u32, Error> {
    match first.map(u32::try_from) {
        None => Ok(DEFAULT_PAGE),
        Some(Ok(first)) if (1..=MAX_PAGE).contains(&first) => Ok(first),
        Some(_) => Err(Error::bad_input("first", format!("must be from 1 to {MAX_PAGE}"))),
    }
}

fn event_filter(client_id: Option<Id<Client>>, types: Option<Vec<EventType>>) -> EventFilter {
    EventFilter {
        client: client_id.map(Id::uuid),
        kinds: types.map(|types| types.into_iter().map(Into::into).collect()),
        ..EventFilter::default()
    }
}
