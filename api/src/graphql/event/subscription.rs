//! Listening to events.

use super::{EventType, object::DossierEvent};
use crate::graphql::{client::Client, conversation::Conversation, guard::usable_by, id::Id, request::ContextExt};
use async_graphql::{Context, Subscription};
use dossier_core::error::Error;
use dossier_events::{Delivery, EventStream, Interest};
use dossier_policy::fields;
use futures::{Stream, StreamExt, stream};

/// See [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// Everything that happens in the dossiers within the viewer's reach, in order.
    ///
    /// Without `after` it begins now; with the cursor of the last event that was received, or with `Viewer.cursor`, it
    /// goes on behind it and misses nothing. Each event is checked against the viewer's rights at the moment of
    /// delivery.
    async fn dossier_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this dossier.")] client_id: Option<Id<Client>>,
        #[graphql(
            desc = "Only these, and the loss from sight of whatever they are about; `REMOVED` alone: every loss."
        )]
        types: Option<Vec<EventType>>,
        #[graphql(desc = "Only this conversation and its messages.")] conversation_id: Option<Id<Conversation>>,
        #[graphql(desc = "The cursor to go on behind.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<DossierEvent, Error>> + use<>, Error> {
        let interest = Interest {
            client: client_id.map(Id::uuid),
            kinds: types.map(|types| types.into_iter().map(Into::into).collect()),
            conversation: conversation_id.map(Id::uuid),
            ..Interest::default()
        };
        let events = listen(ctx, interest, false, after).await?;
        Ok(events.map(|delivery| Ok(DossierEvent(delivery.into()))))
    }
}

/// What a subscription tells. It is executed once to begin, which says where its walk begins and tells nothing, and
/// again for each event, which tells of that one: so one execution serves all who see the same. `mine`: only what is
/// assigned to the viewer.
pub async fn listen(
    ctx: &Context<'_>,
    mut interest: Interest,
    mine: bool,
    after: Option<String>,
) -> Result<impl Stream<Item = Delivery> + use<>, Error> {
    let (request, app) = (ctx.request()?, ctx.app()?);
    if let Some(told) = &request.tells {
        return Ok(stream::iter(Some(told.clone())));
    }
    let tx = app.database.read(&request.credentials()).await?;
    if mine {
        usable_by(&tx.viewer, fields::VALIDATION_ASSIGNEE, "assignedToMe")?;
        interest.assignee = Some(tx.member()?.membership);
    }
    let stream = EventStream::begin(&tx, &app.sealer, interest, after.as_deref()).await?;
    request.context.state.listens(stream);
    Ok(stream::iter(None))
}
