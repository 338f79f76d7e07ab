//! One-click sign-in as the people of the sample, on the machine on which it was just created.
//!
//! It needs no password. The routes therefore exist only if this process created the sample, only for connections and
//! pages of this machine without a proxy in between, and only while the sample has no other members. Otherwise they
//! answer as if they did not exist.

use super::{fallback, host, session_cookie};
use crate::{address::Peer, app::App, config::Config, error_code::Code, request_id::request_id};
use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, Version, header},
    response::{IntoResponse, Response},
    routing,
};
use dossier_core::{
    error::{BoxError, Error},
    viewer::{SystemPurpose, Viewer},
};
use dossier_domain::{
    factor, refresh,
    session::{self, Choice, Device, SignedIn},
};
use entities::{membership, organization};
use sea_orm::{ActiveEnum, ColumnTrait};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// The beginnings of the headers that proxies add.
const OF_PROXIES: [&str; 8] =
    ["forwarded", "via", "x-forwarded", "x-real-ip", "x-client-ip", "x-cluster", "cf-", "true-client-ip"];

/// The largest body in bytes.
const MAX_BODY: usize = 1 << 10;

/// The people whom one click signs in.
struct Sample {
    app: App,
    emails: Vec<String>,
}

/// A person of the sample.
#[derive(Serialize)]
struct Person {
    name: String,
    email: String,
    role: String,
    organization: String,
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    access_token: String,
    expires_at: chrono::DateTime<chrono::Utc>,
}

/// Returns the routes for the people of the sample that this process created. There are none if others could reach them.
pub fn routes(app: App, config: &Config, emails: Vec<String>) -> Router {
    let is_private = config.public_url.is_none() && config.rate.trusted_proxies.is_empty();
    if emails.is_empty() || !is_private || !config.listen.ip().is_loopback() {
        return Router::new();
    }
    Router::new()
        .route("/sample/people", routing::get(people))
        .route("/sample/sign-in", routing::post(sign_in))
        .with_state(Arc::new(Sample { app, emails }))
}

async fn people(State(sample): State<Arc<Sample>>, request: Request) -> Response {
    if !is_local(&request) {
        return fallback::not_found(&request);
    }
    match sample.people().await {
        Ok(people) if !people.is_empty() => Json(people).into_response(),
        Ok(_) => fallback::not_found(&request),
        Err(error) => failed(&error, &request),
    }
}

async fn sign_in(State(sample): State<Arc<Sample>>, request: Request) -> Response {
    if !is_local(&request) {
        return fallback::not_found(&request);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.ok();
    let request = Request::from_parts(parts, axum::body::Body::empty());
    let Some(SignIn { email }) = body.and_then(|body| serde_json::from_slice(&body).ok()) else {
        return fallback::not_found(&request);
    };
    match sample.sign_in(&email).await {
        Ok(Some(response)) => response,
        Ok(None) => fallback::not_found(&request),
        Err(error) => failed(&*error, &request),
    }
}

fn failed(error: &dyn std::error::Error, request: &Request) -> Response {
    tracing::error!(%error, "the people of the sample cannot be read");
    let message = "Something went wrong on our side";
    fallback::refused(Code::InternalServerError, message, &request_id(request.headers()))
}

impl Sample {
    /// Returns the people, or nobody if the sample has other members, too.
    async fn people(&self) -> Result<Vec<Person>, Error> {
        let mut people = Vec::new();
        let (mut members, mut organizations) = (Vec::new(), Vec::new());
        for email in &self.emails {
            let Some(account) = self.app.database.account(email).await? else { continue };
            let tx = self.app.database.read_as(Viewer::SigningIn { user: account.id }).await?;
            for Choice { membership, organization } in session::choices(&tx).await? {
                members.push(membership.id);
                organizations.push(organization.id);
                // A second factor is needed also where the password is not.
                if !factor::is_enrolled(&account) {
                    let (name, email, role) = (account.display_name.clone(), email.clone(), membership.role.to_value());
                    people.push(Person { name, email, role, organization: organization.name });
                }
            }
        }
        let is_only = self.are_all_members(&members, &organizations).await?;
        Ok(if is_only { people } else { Vec::new() })
    }

    async fn are_all_members(&self, members: &[Uuid], organizations: &[Uuid]) -> Result<bool, Error> {
        let database = &self.app.database;
        let tx = database.read_as(Viewer::platform(SystemPurpose::Identity)).await?;
        let others = organization::Column::Id.is_not_in(organizations.iter().copied());
        if tx.find::<organization::Entity>().filter(others).exists().await? {
            return Ok(false);
        }
        drop(tx);
        for organization in organizations {
            let tx = database.read_as(Viewer::system(*organization, SystemPurpose::Identity)).await?;
            let others = membership::Column::Id.is_not_in(members.iter().copied());
            if tx.find::<membership::Entity>().filter(others).exists().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn sign_in(&self, email: &str) -> Result<Option<Response>, BoxError> {
        if !self.people().await?.iter().any(|person| person.email == email) {
            return Ok(None);
        }
        let app = &self.app;
        let Some(account) = app.database.account(email).await? else { return Ok(None) };
        let tx = app.database.write_as(Viewer::SigningIn { user: account.id }).await?;
        let memberships = session::choices(&tx).await?;
        let Some(Choice { membership, .. }) = memberships.first() else { return Ok(None) };
        let session = session::open(&tx, membership, Device::new(Some("sample"), None), Some(tx.now), None).await?;
        tx.commit().await?;
        let signed = SignedIn { user: account.id, session, memberships };
        let now = app.database.clock.now();
        let expires_at = now + app.access_token_lasts;
        let access_token = app.tokens.issue(&session::claims(&signed.session, account.id, expires_at))?;
        let mut response = Json(Session { access_token, expires_at }).into_response();
        let refresh_token = refresh::refresh_token(&app.sealer, &signed)?;
        if let Some(cookie) = session_cookie::set(&Some((refresh_token, signed.session.expires_at)), now) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        Ok(Some(response))
    }
}

/// Returns whether a request comes from a page or a program of this machine, and from this server's own pages if it comes
/// from a page. The name of the host protects against DNS rebinding.
fn is_local(request: &Request) -> bool {
    let headers = request.headers();
    let peer = request.extensions().get::<Peer>().map(|Peer(peer)| peer.ip().to_canonical());
    let Some(host) = host::authority(request.uri(), headers).filter(|host| host::is_this_machine(host)) else {
        return false;
    };
    let mut origins = headers.get_all(header::ORIGIN).iter().map(|origin| origin.to_str().unwrap_or_default());
    let own = format!("http://{host}");
    let is_own = match origins.next() {
        Some(origin) => origin == own && origins.next().is_none(),
        None => request.method() == Method::GET && !is_cross_site(headers),
    };
    is_own && peer.is_some_and(|peer| peer.is_loopback()) && !is_of_proxy(request)
}

/// Returns whether a proxy sends the request. No browser uses HTTP/1.0, but some proxies do.
fn is_of_proxy(request: &Request) -> bool {
    let is_of_proxy = |name: &HeaderName| OF_PROXIES.iter().any(|of_proxies| name.as_str().starts_with(of_proxies));
    request.version() < Version::HTTP_11 || request.headers().keys().any(is_of_proxy)
}

fn is_cross_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}
