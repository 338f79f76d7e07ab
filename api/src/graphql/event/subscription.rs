//! Listening to events.

use super::object::DossierEvent;
use crate::{
    app::App,
    auth::Credentials,
    events::{feed::Interest, subscription},
    failure::Failure,
    graphql::{Origin, client::Client, id::Id},
};
use async_graphql::{Context, Subscription};
use futures::{Stream, StreamExt};

/// See [`crate::graphql::Subscription`].
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// Everything that happens in the dossiers within the viewer's reach, in order.
    ///
    /// Without `after` it begins now; with the cursor of the last event that was received, it goes on behind it and
    /// misses nothing. Each event is checked against the viewer's rights at the moment of delivery.
    async fn dossier_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this dossier.")] client_id: Option<Id<Client>>,
        #[graphql(desc = "The cursor to go on behind.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<DossierEvent, Failure>> + use<>, Failure> {
        let interest = Interest { client: client_id.map(Id::uuid), subject: None };
        let events = listen(ctx, interest, after).await?;
        Ok(events.map(|delivery| delivery.map(|delivery| DossierEvent(delivery.into()))))
    }
}

/// The events that are of interest, for whoever the subscription speaks for.
pub async fn listen(
    ctx: &Context<'_>,
    interest: Interest,
    after: Option<String>,
) -> Result<impl Stream<Item = Result<subscription::Delivery, Failure>> + use<>, Failure> {
    let app =
        ctx.data_opt::<App>().ok_or_else(|| Failure::internal("a subscription ran without the server's state"))?;
    let credentials = ctx.data_opt::<Credentials>().cloned().unwrap_or_default();
    let events = subscription::listen(app.clone(), credentials, interest, after).await?;
    if let Some(origin) = ctx.data_opt::<Origin>() {
        origin.progress.listens();
    }
    Ok(events)
}
