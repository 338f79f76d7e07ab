//! The cookie of a browser renews and ends its session, and does nothing else.

use super::{refresh::PASSWORD, set_password};
use crate::support::{App, Value, World, json, socket::Socket};

const EMAIL: &str = "owner@atelier.example";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    accessToken refreshToken userErrors { code } } }";
const REFRESH: &str = "mutation { refreshSession { accessToken refreshToken userErrors { code field } } }";

/// Changes or removes a header of a request.
type Change<'c> = &'c dyn Fn(&(String, String)) -> Option<(String, String)>;

/// Sends an operation as a browser does, and returns the answer and the cookie that it sets.
async fn send(world: &World, query: &str, variables: Value, headers: &[(&str, &str)]) -> (Value, Option<String>) {
    let mut request = reqwest::Client::new().post(format!("{}/graphql", world.app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap();
    let cookie = response.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
    (response.json().await.unwrap(), cookie)
}

async fn start(app: App) -> World {
    let world = World::on(app).await;
    set_password(&world, EMAIL, PASSWORD).await;
    world
}

fn input() -> Value {
    json!({ "input": { "email": EMAIL, "password": PASSWORD, "refreshTokenDelivery": "COOKIE" } })
}

#[tokio::test]
async fn a_browser_keeps_its_session_in_a_cookie() {
    let world = start(App::start().await).await;
    let origin = world.app.url.clone();
    let page = [("origin", origin.as_str()), ("dossier-session", "1")];
    let (answer, cookie) = send(&world, SIGN_IN, input(), &page).await;
    assert_eq!(answer["data"]["signIn"]["refreshToken"], json!(null), "{answer:#}");
    let cookie = cookie.unwrap();
    for part in ["__Host-dossier-refresh=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let pair = cookie.split(';').next().unwrap().to_owned();
    let with = |further: &[(&'static str, &'static str)]| {
        let all = [page.as_slice(), &[("cookie", pair.as_str())], further].concat();
        all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let refresh = async |headers: &[(String, String)]| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send(&world, REFRESH, json!({}), &headers).await
    };
    // Each of these lacks what only a page of the server has.
    let refused: [Change<'_>; 5] = [
        &|(name, value)| (name != "dossier-session").then(|| (name.clone(), value.clone())),
        &|(name, value)| (name != "origin").then(|| (name.clone(), value.clone())),
        &|(name, value)| (name != "cookie").then(|| (name.clone(), value.clone())),
        &|(name, value)| {
            let value = if name == "origin" { "https://evil.example" } else { value };
            Some((name.clone(), value.to_owned()))
        },
        &|(name, value)| {
            let value = if name == "origin" { "http://localhost:1" } else { value };
            Some((name.clone(), value.to_owned()))
        },
    ];
    for change in refused {
        let headers: Vec<_> = with(&[]).iter().filter_map(change).collect();
        let (answer, cookie) = refresh(&headers).await;
        assert_eq!(answer["data"]["refreshSession"]["accessToken"], json!(null), "{headers:?}");
        assert!(cookie.is_none_or(|cookie| cookie.contains("Max-Age=0")), "{headers:?}");
    }
    let (answer, _) = refresh(&with(&[("sec-fetch-site", "cross-site")])).await;
    assert_eq!(answer["data"]["refreshSession"]["accessToken"], json!(null));
    // The cookie authenticates no other operation, and no socket.
    let headers = with(&[]);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (answer, _) = send(&world, "{ viewer { role } }", json!({}), &headers).await;
    assert_eq!(answer["data"]["viewer"], json!(null));
    let mut socket = Socket::connect_with(&world.app.url, &[("cookie", &pair), ("dossier-session", "1")]).await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.receive().await["type"], "connection_ack");
    socket.send(json!({ "type": "subscribe", "id": "1", "payload": { "query": REFRESH } })).await;
    let message = socket.receive().await;
    assert_eq!(message["payload"]["data"]["refreshSession"]["userErrors"][0]["field"], json!(["refreshToken"]));
    let (answer, next) = refresh(&with(&[("sec-fetch-site", "same-origin")])).await;
    assert!(answer["data"]["refreshSession"]["accessToken"].is_string(), "{answer:#}");
    assert_eq!(answer["data"]["refreshSession"]["refreshToken"], json!(null));
    let next = next.unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(next, pair);
    let end = "mutation { endSession { endedId userErrors { code } } }";
    let page = [("origin", origin.as_str()), ("dossier-session", "1"), ("cookie", next.as_str())];
    let (answer, removed) = send(&world, end, json!({}), &page).await;
    assert!(answer["data"]["endSession"]["endedId"].is_string(), "{answer:#}");
    assert!(removed.unwrap().contains("Max-Age=0"));
    let (answer, _) = send(&world, REFRESH, json!({}), &page).await;
    assert_eq!(answer["data"]["refreshSession"]["userErrors"][0]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn a_cookie_is_set_only_for_pages_that_may_use_it() {
    let hub = [("origin", "https://hub.example.com"), ("dossier-session", "1")];
    let cases: [(&[&str], bool); 4] = [
        (&[], false),
        (&["--cors-origins=*"], false),
        (&["--cors-origins=https://other.example.com"], false),
        (&["--cors-origins=https://hub.example.com"], true),
    ];
    for (arguments, allowed) in cases {
        let arguments: Vec<_> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let world = start(App::configured(&arguments).await).await;
        let preflight = reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, format!("{}/graphql", world.app.url))
            .header("origin", "https://hub.example.com")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type, dossier-session")
            .send();
        let preflight = preflight.await.unwrap();
        let listed = preflight.headers().get("access-control-allow-origin").is_some_and(|origin| origin != "*");
        let credentials = preflight.headers().contains_key("access-control-allow-credentials");
        assert_eq!(listed && credentials, allowed, "{arguments:?}: {:?}", preflight.headers());
        let (answer, cookie) = send(&world, SIGN_IN, input(), &hub).await;
        assert_eq!(cookie.is_some(), allowed, "{arguments:?}: {answer:#}");
        if !allowed {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{arguments:?}: {answer:#}");
        }
    }
}
