//! The router: GraphQL over HTTP and WebSocket, health checks, local objects, the web app, and in development the query
//! editor.

mod accept;
mod answer;
mod authorization;
mod cors;
mod documents;
mod drain;
mod fallback;
mod graphiql;
mod graphql;
mod health;
mod host;
mod metrics;
mod operation;
mod parameters;
mod public_keys;
mod rate;
mod sample;
mod security;
mod server;
mod session_cookie;
mod shared;
mod sockets;
mod subscription_query;
mod web;
mod websocket;

pub use drain::{Drain, DrainTrigger, drain};
pub use metrics::routes as metrics_routes;
pub use server::{Timeouts, serve};

use crate::{
    app::App,
    config::Config,
    observe,
    request_id::{self, REQUEST_ID},
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, header},
    middleware,
    response::Response,
    routing,
};
use shared::Shared;
use std::sync::Arc;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
};

/// Returns all routes of the server. `sample` contains the addresses of the people whom one click signs in.
pub fn router(app: App, config: &Config, drain: Drain, sample: Vec<String>) -> Router {
    let schema = crate::graphql::schema(app.clone());
    let objects = app.objects.routes();
    let (health, whole) = (health::routes(app.health.clone()), app.clone());
    let mut router = Router::new()
        .route("/graphql", routing::any(graphql::endpoint))
        .layer((security::packed(), DefaultBodyLimit::max(graphql::MAX_BODY)))
        .with_state(Arc::new(Shared {
            channels: websocket::Channels::new(
                websocket::Renderer { app: app.clone(), schema: schema.clone() },
                config.database_pool_size,
            ),
            sessions: websocket::Sessions::watch(app.database.clone(), app.bus.clone()),
            app,
            schema,
            documents: documents::Documents::default(),
            drain,
            sockets: sockets::Sockets::with_limit(config.max_sockets_per_address),
            keepalive: config.socket_keepalive(),
            subscriber_patience: config.subscriber_patience(),
            development: config.is_development(),
            trusted: config.rate.trusted_proxies.clone(),
            cookie_origins: session_cookie::CookieOrigins::new(config),
        }));
    if config.is_development() {
        router = router.merge(graphiql::routes(config));
    }
    let objects = inert().into_iter().fold(objects.unwrap_or_default(), Router::layer).layer(inert_policy());
    router = router.merge(health).merge(objects).merge(public_keys::routes(whole.clone()));
    router = router.merge(sample::routes(whole.clone(), config, sample)).merge(web::routes(config));
    router = router.method_not_allowed_fallback(fallback::method_not_allowed);
    around(router, &whole, config)
}

/// Adds the middleware of all routes, from the outside in. It is one layer, because the router boxes each request
/// between two layers.
pub fn around(routes: Router, app: &App, config: &Config) -> Router {
    let [types, referrer, resource, hsts] = security::headers(config);
    routes.layer((
        middleware::map_request(request_id::discard_unusable),
        SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid),
        PropagateRequestIdLayer::new(REQUEST_ID),
        middleware::from_fn_with_state((app.metrics.clone(), app.tracer.clone()), observe::line),
        (types, referrer, resource, hsts),
        cors::layer(config),
        middleware::from_fn(host::require),
        CatchPanicLayer::custom(fallback::panicked),
    ))
}

/// Returns headers that make uploaded files harmless. These files have the origin of this server, and must not run as
/// its pages. Pages elsewhere may embed them, because access to a file depends only on its URL.
fn inert() -> [SetResponseHeaderLayer<HeaderValue>; 2] {
    [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (security::RESOURCE_POLICY, "cross-origin")]
        .map(|(name, value)| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value)))
}

/// Returns the policy of uploaded files. Browsers show no PDF in a sandbox, and run nothing of one outside.
fn inert_policy() -> SetResponseHeaderLayer<fn(&Response) -> Option<HeaderValue>> {
    SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, |response: &Response| {
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let is_pdf = content_type.is_some_and(|content_type| content_type == "application/pdf");
        let policy = if is_pdf { "default-src 'none'; object-src 'self'" } else { "default-src 'none'; sandbox" };
        Some(HeaderValue::from_static(policy))
    })
}
