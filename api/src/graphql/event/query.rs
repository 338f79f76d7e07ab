//! Reading events without a socket: for scripts, and for phones in the background.

use super::{EventType, object::DossierEvent};
use crate::graphql::{client::Client, id::Id, inline::InlineList, request::ContextExt};
use async_graphql::{Context, Object, SimpleObject};
use dossier_core::error::Error;
use dossier_data::{DEFAULT_PAGE, MAX_PAGE};
use dossier_events::{EventStream, Interest};

/// Some of the events, in order.
#[derive(SimpleObject)]
pub struct EventFeed {
    /// The next ones.
    events: InlineList<DossierEvent>,
    /// Where to go on, also when there were none: give it as `after` next time, or to a subscription.
    cursor: String,
    /// Whether there may be more behind them.
    has_more: bool,
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// The same events that `dossierEvents` tells, page by page.
    ///
    /// Whoever gives the `cursor` of the last answer, or of the last event, gets what came behind it, in order, once.
    /// Without `after` it begins with the oldest event that is kept.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor to go on behind.")] after: Option<String>,
        #[graphql(desc = "At most so many, 1 to 100; by default 20.")] first: Option<i32>,
        #[graphql(desc = "Only in this dossier.")] client_id: Option<Id<Client>>,
        #[graphql(
            desc = "Only these, and the loss from sight of whatever they are about; `REMOVED` alone: every loss."
        )]
        types: Option<Vec<EventType>>,
    ) -> Result<EventFeed, Error> {
        let limit = match first.map(u32::try_from) {
            None => DEFAULT_PAGE,
            Some(Ok(first)) if (1..=MAX_PAGE).contains(&first) => first,
            Some(_) => return Err(Error::bad_input("first", format!("is out of range; give 1 to {MAX_PAGE}"))),
        };
        let interest = Interest {
            client: client_id.map(Id::uuid),
            kinds: types.map(|types| types.into_iter().map(Into::into).collect()),
            ..Interest::default()
        };
        let (tx, sealer) = (ctx.tx().await?, &ctx.app()?.sealer);
        let mut stream = EventStream::from_the_first(&tx, sealer, interest, after.as_deref()).await?;
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
}
