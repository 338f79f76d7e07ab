//! What the handlers of GraphQL share.

use super::{
    answer::Answer,
    documents::Documents,
    drain::Drain,
    sockets::Sockets,
    websocket::{Channels, Sessions},
};
use crate::{
    address::{Address, Peer},
    app::App,
    graphql::Schema,
    rate::Subject,
};
use async_graphql::ServerError;
use axum::extract::Request;
use dossier_core::credentials::Credentials;
use ipnet::IpNet;
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

/// What the GraphQL handlers share.
pub struct Shared {
    pub(super) app: App,
    pub(super) schema: Schema,
    pub(super) documents: Documents,
    /// Tells sockets to close when the server stops.
    pub(super) drain: Drain,
    /// How many sockets are open.
    pub(super) sockets: Sockets,
    /// How often a socket is asked whether somebody is still there.
    pub(super) keepalive: Duration,
    /// Whether strangers may look at the schema.
    pub(super) development: bool,
    /// The proxies that are believed.
    pub(super) trusted: Vec<IpNet>,
    /// How long a subscriber may take to catch up.
    pub(super) subscriber_patience: Duration,
    /// Tell subscribers what happens.
    pub(super) channels: Arc<Channels>,
    /// End sockets with their sessions.
    pub(super) sessions: Arc<Sessions>,
}

impl Shared {
    /// Whether these credentials may ask for the schema.
    pub(super) fn may_explore(&self, credentials: &Credentials) -> bool {
        self.development || !credentials.is_anonymous()
    }

    /// Where a request comes from.
    pub(super) fn address(&self, request: &Request) -> Address {
        let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::UNSPECIFIED.into(), |Peer(peer)| peer.ip());
        Address::of(peer, request.headers(), &self.trusted)
    }

    /// The answer to what is not executed.
    pub(super) async fn refuse(&self, error: ServerError, id: &str, caller: &Subject) -> Answer {
        Answer::refused(error, id, &self.app.rate, caller).await
    }
}
