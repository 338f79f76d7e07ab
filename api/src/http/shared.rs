//! The state that the GraphQL handlers share.

use super::{
    answer::Answer,
    documents::Documents,
    drain::Drain,
    session_cookie::CookieOrigins,
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

/// The state that the GraphQL handlers share.
pub struct Shared {
    pub(super) app: App,
    pub(super) schema: Schema,
    pub(super) documents: Documents,
    /// Closes sockets when the server stops.
    pub(super) drain: Drain,
    /// The open sockets.
    pub(super) sockets: Sockets,
    /// The interval of pings on a socket.
    pub(super) keepalive: Duration,
    /// Whether anonymous callers may use introspection.
    pub(super) development: bool,
    /// The trusted proxies.
    pub(super) trusted: Vec<IpNet>,
    /// The origins whose pages may use the cookie of a session.
    pub(super) cookie_origins: CookieOrigins,
    /// The maximum time for which a subscriber may try to catch up.
    pub(super) subscriber_patience: Duration,
    /// The broadcasts to subscribers.
    pub(super) channels: Arc<Channels>,
    /// Closes sockets when their sessions end.
    pub(super) sessions: Arc<Sessions>,
}

impl Shared {
    /// Returns whether the holder of these credentials may use introspection.
    pub(super) fn may_explore(&self, credentials: &Credentials) -> bool {
        self.development || !credentials.is_anonymous()
    }

    /// Returns the address of a request.
    pub(super) fn address(&self, request: &Request) -> Address {
        let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::UNSPECIFIED.into(), |Peer(peer)| peer.ip());
        Address::of(peer, request.headers(), &self.trusted)
    }

    /// Returns the response to a request that is not executed.
    pub(super) async fn refuse(&self, error: ServerError, id: &str, caller: &Subject) -> Answer {
        Answer::refused(error, id, &self.app.rate, caller).await
    }
}
