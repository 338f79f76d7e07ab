//! The limit: a server that only gives these five answers, written by hand for speed.

mod postgres;
mod sqlite;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::post,
};
use chrono::{DateTime, Utc};
use clap::Parser;
use dossier::{auth::Tokens, config::Config};
use dossier_core::clock::{Clock, new_id};
use serde::{Deserialize, de::DeserializeOwned};
use std::sync::Arc;
use uuid::Uuid;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The same configuration as Dossier's.
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

#[derive(Clone)]
struct Limit {
    tokens: Tokens,
    clock: Clock,
    store: Arc<Store>,
}

enum Store {
    Postgres(postgres::Pool),
    Sqlite(sea_orm::DatabaseConnection),
}

/// A request. Its answer is one object.
enum ContextExt {
    Point(Point),
    List(After),
    Nested(After),
    Filtered(Filtered),
    Submit(Submit, [Uuid; 3]),
    Approve(Point, [Uuid; 2]),
}

#[derive(Deserialize)]
struct Point {
    id: Uuid,
}

#[derive(Deserialize)]
struct After {
    key: String,
    id: Uuid,
}

#[derive(Deserialize)]
struct Filtered {
    zones: Vec<String>,
    status: String,
    search: Option<String>,
    after: Option<(DateTime<Utc>, Uuid)>,
}

#[derive(Deserialize)]
struct Submit {
    client: Uuid,
    title: String,
}

pub async fn serve() {
    let Cli { config } = Cli::parse_from(["limit"]);
    let store = if config.is_embedded() {
        Store::Sqlite(dossier::database::open(&config).await.unwrap())
    } else {
        Store::Postgres(postgres::Pool::open(&config).await)
    };
    let tokens = Tokens::new(&config.jwt().unwrap()).unwrap();
    let limit = Limit { tokens, clock: Clock::default(), store: Arc::new(store) };
    let routes = Router::new()
        .route("/point", post(|asked: Caller, body: String| answer(asked, body, |_, point| ContextExt::Point(point))))
        .route("/list", post(|asked: Caller, body: String| answer(asked, body, |_, after| ContextExt::List(after))))
        .route("/nested", post(|asked: Caller, body: String| answer(asked, body, |_, after| ContextExt::Nested(after))))
        .route(
            "/filtered",
            post(|asked: Caller, body: String| answer(asked, body, |_, filter| ContextExt::Filtered(filter))),
        )
        .route(
            "/submit",
            post(|asked: Caller, body: String| answer(asked, body, |now, new| ContextExt::Submit(new, ids(now)))),
        )
        .route(
            "/approve",
            post(|asked: Caller, body: String| answer(asked, body, |now, which| ContextExt::Approve(which, ids(now)))),
        )
        .with_state(limit);
    let listener = tokio::net::TcpListener::bind(config.listen).await.unwrap();
    axum::serve(listener, routes).await.unwrap();
}

fn ids<const N: usize>(now: DateTime<Utc>) -> [Uuid; N] {
    std::array::from_fn(|_| new_id(now))
}

/// A caller with a valid token.
struct Caller {
    session: Uuid,
    now: DateTime<Utc>,
    store: Arc<Store>,
}

impl FromRequestParts<Limit> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, limit: &Limit) -> Result<Self, StatusCode> {
        let now = limit.clock.now();
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(StatusCode::UNAUTHORIZED)?;
        let claims = limit.tokens.check(token, now).map_err(|_| StatusCode::UNAUTHORIZED)?;
        Ok(Self { session: claims.session, now, store: limit.store.clone() })
    }
}

async fn answer<T: DeserializeOwned>(
    asked: Caller,
    body: String,
    question: impl FnOnce(DateTime<Utc>, T) -> ContextExt,
) -> Response {
    let Ok(read) = serde_json::from_str(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let ask = question(asked.now, read);
    let answered = match &*asked.store {
        Store::Postgres(pool) => pool.answer(asked.session, asked.now, &ask).await,
        Store::Sqlite(db) => sqlite::answer(db, asked.session, asked.now, &ask).await,
    };
    match answered {
        Ok(data) => ([(header::CONTENT_TYPE, "application/json")], format!("{{\"data\":{data}}}")).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
