//! GraphQL over WebSocket: the `graphql-transport-ws` protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

use super::{Shared, graphql, request_id};
use crate::{events::subscription::Slots, graphql::Origin, observe::Socket};
use async_graphql::Data;
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    extract::{State, WebSocketUpgrade},
    http::HeaderMap,
    response::IntoResponse,
};
use std::sync::Arc;

/// The only protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// The largest message, in bytes.
const MAX_MESSAGE: usize = 1 << 20;

/// The buffers of a socket that mostly waits, in bytes.
const BUFFER: usize = 2 << 10;

/// Turns the connection into a socket.
pub async fn upgrade(
    State(shared): State<Shared>,
    headers: HeaderMap,
    protocol: GraphQLProtocol,
    upgrade: WebSocketUpgrade,
) -> impl IntoResponse {
    let request_id = request_id(&headers);
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MAX_MESSAGE)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .on_upgrade(move |socket| async move {
            let Shared { app, schema } = shared;
            let open = Arc::new(Socket::open(&app.metrics, &request_id));
            let init = open.clone();
            GraphQLWebSocket::new(socket, schema, protocol)
                .on_connection_init(move |payload| async move {
                    let authorization = authorization(&payload);
                    let credentials = graphql::credentials(&app.tokens, &app.door.clock, authorization.as_deref())
                        .inspect_err(|failure| init.refused(failure.into()))
                        .map_err(|failure| failure.to_string())?;
                    let mut data = Data::default();
                    data.insert(credentials);
                    data.insert(Slots::default());
                    data.insert(Origin { request_id, idempotency: None });
                    Ok(data)
                })
                .serve()
                .await;
            drop(open);
        })
}

/// Browsers cannot set headers on a WebSocket: the token is in the payload of `connection_init`.
fn authorization(payload: &serde_json::Value) -> Option<String> {
    let fields = payload.as_object()?;
    let (_, value) = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    value.as_str().map(str::to_owned)
}
