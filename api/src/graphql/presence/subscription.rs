//! Hearing who is there.

use super::object::{Presence, target};
use crate::graphql::{conversation::Conversation, id::Id, request::ContextExt, validation::ValidationRequest};
use async_graphql::{Context, Subscription};
use dossier_core::error::Error;
use dossier_events::presence::Watcher;
use futures::{Stream, StreamExt, stream};

/// See [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct PresenceSubscription;

#[Subscription]
impl PresenceSubscription {
    /// Who is there right now, and what they do, within the viewer's reach; never oneself. Clients hear of
    /// conversations alone.
    ///
    /// It tells what `signalPresence` says from now on. Unlike events, it has no cursor: what is lost is lost.
    async fn presence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this conversation.")] conversation_id: Option<Id<Conversation>>,
        #[graphql(desc = "Only at this request.")] validation_request_id: Option<Id<ValidationRequest>>,
    ) -> Result<impl Stream<Item = Result<Presence, Error>> + use<>, Error> {
        let (request, app) = (ctx.request()?, ctx.app()?);
        let target = target(conversation_id, validation_request_id)?;
        let watcher = Watcher::begin(&app.database, &app.bus, request.credentials(), target).await?;
        request.context.state.begins();
        let signs = stream::unfold(watcher, async |mut watcher| Some((watcher.next().await?, watcher)));
        Ok(signs.map(|sign| sign.map(Presence)))
    }
}
