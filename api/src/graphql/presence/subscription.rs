//! Subscriptions to presence.

use super::object::{Presence, target};
use crate::graphql::{conversation::Conversation, id::Id, request::ContextExt, validation::ValidationRequest};
use async_graphql::{Context, Subscription};
use dossier_core::error::Error;
use dossier_events::presence::Watcher;
use futures::{Stream, StreamExt, stream};

/// The subscriptions of this feature, merged into [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct PresenceSubscription;

#[Subscription]
impl PresenceSubscription {
    /// The presence signs of other people that the viewer can see. Clients receive signs only in conversations.
    ///
    /// The subscription delivers what people signal with `signalPresence` from now on. It has no cursor, unlike events:
    /// a lost sign is not delivered again.
    async fn presence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only signs in this conversation.")] conversation_id: Option<Id<Conversation>>,
        #[graphql(desc = "Only signs at this validation request.")] validation_request_id: Option<
            Id<ValidationRequest>,
        >,
    ) -> Result<impl Stream<Item = Result<Presence, Error>> + use<>, Error> {
        let (request, app) = (ctx.request()?, ctx.app()?);
        let target = target(conversation_id, validation_request_id)?;
        let watcher = Watcher::begin(&app.database, &app.bus, request.credentials(), target).await?;
        request.context.state.set_begun();
        let request = request.clone();
        let signs = stream::unfold((watcher, request), async |(mut watcher, request)| {
            // The last sign may have been read in a transaction. The next one is read with the rights of its time.
            request.end_tx().await;
            Some((watcher.next().await?, (watcher, request)))
        });
        Ok(signs.map(|sign| sign.map(Presence)))
    }
}
