//! Hearing who is there.

use super::object::{Presence, place};
use crate::{
    app::App,
    auth::Credentials,
    events::presence::Watcher,
    failure::Failure,
    graphql::{Origin, conversation::Conversation, id::Id, validation::ValidationRequest},
};
use async_graphql::{Context, Subscription};
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
    ) -> Result<impl Stream<Item = Result<Presence, Failure>> + use<>, Failure> {
        let app =
            ctx.data_opt::<App>().ok_or_else(|| Failure::internal("a subscription ran without the server's state"))?;
        let credentials = ctx.data_opt::<Credentials>().cloned().unwrap_or_default();
        let watcher = Watcher::begin(app, credentials, place(conversation_id, validation_request_id)?).await?;
        if let Some(origin) = ctx.data_opt::<Origin>() {
            origin.progress.begins();
        }
        let signs = stream::unfold(watcher, async |mut watcher| Some((watcher.next().await?, watcher)));
        Ok(signs.map(|sign| sign.map(Presence)))
    }
}
