//! Rate limits. A caller who exceeds one is told when to try again.

use crate::support::{
    Actor, App, Value, World, json,
    process::{Process, free_port, run, signal},
    redis::Redis,
    socket::Socket,
};
use reqwest::{RequestBuilder, Response};
use std::time::{Duration, Instant};

const ROLE: &str = "{ viewer { role } }";

fn limits(values: &[(&str, &str)]) -> Vec<String> {
    values.iter().map(|(name, value)| format!("--{name}={value}")).collect()
}

async fn world(values: &[(&str, &str)]) -> World {
    World::on(App::configured(&limits(values)).await).await
}

fn ask(actor: &Actor, query: &str) -> RequestBuilder {
    let request = reqwest::Client::new().post(format!("{}/graphql", actor.url)).json(&json!({ "query": query }));
    match &actor.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

async fn answer(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

fn number(answer: &Response, name: &str) -> Option<i64> {
    answer.headers().get(name).map(|value| value.to_str().unwrap().parse().unwrap())
}

fn sign_in(email: &str) -> String {
    format!(r#"mutation {{ signIn(input: {{ email: "{email}", password: "faux" }}) {{ userErrors {{ message }} }} }}"#)
}

#[tokio::test]
async fn the_operations_of_a_user_are_limited_across_tokens() {
    let world = world(&[("rate-operations", "5")]).await;
    let again = world.app.again(&world.owner, chrono::TimeDelta::hours(1)).await;
    for (actor, left) in [(&world.owner, 4), (&again, 3), (&world.owner, 2), (&again, 1), (&world.owner, 0)] {
        let answer = answer(ask(actor, ROLE)).await;
        assert_eq!(answer.status(), 200);
        let now = world.app.parts.database.clock.now().timestamp();
        for prefix in ["", "x-"] {
            let value_of = |name: &str| number(&answer, &format!("{prefix}ratelimit-{name}")).unwrap();
            assert_eq!((value_of("limit"), value_of("remaining")), (5, left));
            let reset = value_of("reset") - if prefix.is_empty() { 0 } else { now };
            assert!((1..=61).contains(&reset), "{prefix}: {reset}");
        }
        assert_eq!(number(&answer, "retry-after"), None);
    }
    let refused = answer(ask(&again, ROLE)).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(number(&refused, "ratelimit-remaining"), Some(0));
    let wait = number(&refused, "retry-after").unwrap();
    assert!((1..=12).contains(&wait), "one of five comes back every 12 seconds: {wait}");
    let body: Value = refused.json().await.unwrap();
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED", "{body:#}");
    assert_eq!(error["extensions"]["retryAfter"], wait);
    assert!(error["message"].as_str().unwrap().contains("5 operations"), "{body:#}");
    assert!(body.get("data").is_none(), "{body:#}");
    // Other people have their own limits.
    assert_eq!(world.martin.query(ROLE, json!({})).await["viewer"]["role"], "CLIENT");
}

#[tokio::test]
async fn the_limit_recovers_with_time() {
    let world = world(&[("rate-operations", "60")]).await;
    // On a slow machine, some of the limit recovers meanwhile.
    let mut is_refused = false;
    for _ in 0..500 {
        is_refused = answer(ask(&world.owner, ROLE)).await.status() == 429;
        if is_refused {
            break;
        }
    }
    assert!(is_refused);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(answer(ask(&world.owner, ROLE)).await.status(), 200);
}

#[tokio::test]
async fn expensive_operations_use_more_of_the_limit() {
    let world = world(&[("rate-points", "100")]).await;
    let page = "{ clients(first: 60) { nodes { name } } }";
    let first = answer(ask(&world.owner, page)).await;
    assert_eq!((first.status().as_u16(), number(&first, "ratelimit-remaining")), (200, Some(40)));
    let second = answer(ask(&world.owner, page)).await;
    assert_eq!(second.status(), 429);
    let body: Value = second.json().await.unwrap();
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("100 points of cost"), "{body:#}");
    // A refused operation costs nothing, so cheaper ones are still possible.
    assert_eq!(answer(ask(&world.owner, "{ clients(first: 30) { nodes { name } } }")).await.status(), 200);
}

/// An operation that costs more than a minute allows takes the whole limit, but is not refused forever.
#[tokio::test]
async fn an_operation_over_the_minutes_limit_uses_all_of_it() {
    let world = world(&[("rate-points", "30")]).await;
    let page = "{ clients(first: 60) { nodes { name } } }";
    let first = answer(ask(&world.owner, page)).await;
    assert_eq!((first.status().as_u16(), number(&first, "ratelimit-remaining")), (200, Some(0)));
    assert_eq!(answer(ask(&world.owner, ROLE)).await.status(), 429);
}

#[tokio::test]
async fn invalid_requests_count() {
    let app = App::configured(&limits(&[("rate-operations", "4")])).await;
    let stranger = app.anonymous();
    let forged = Actor::new(&app.url, "forged", Some("x.y.z".into()));
    for (request, status) in [
        (ask(&stranger, "{ nothing }"), 400),
        (ask(&stranger, "{"), 400),
        (reqwest::Client::new().post(format!("{}/graphql", app.url)).body(ROLE), 415),
        (ask(&forged, ROLE), 401),
        (ask(&forged, ROLE), 429),
        (ask(&stranger, "{"), 429),
    ] {
        let answer = answer(request.header("Accept", "application/graphql-response+json")).await;
        assert!(number(&answer, "ratelimit-limit").is_some());
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn without_limits_nothing_is_counted() {
    let app = App::configured(&limits(&[("rate-operations", "0"), ("rate-points", "0")])).await;
    assert_eq!(number(&answer(ask(&app.anonymous(), ROLE)).await, "ratelimit-limit"), None);
}

#[tokio::test]
async fn on_a_socket_operations_are_refused_and_the_socket_stays() {
    let world = world(&[("rate-operations", "3")]).await;
    let mut socket = Socket::open(&world.app.url, world.owner.token.as_deref()).await;
    for (id, query, expected) in
        [("1", ROLE, "next"), ("2", "{", "error"), ("3", ROLE, "next"), ("4", ROLE, "error"), ("5", "{", "error")]
    {
        socket.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
        let message = socket.receive().await;
        assert_eq!((&message["id"], &message["type"]), (&json!(id), &json!(expected)), "{message:#}");
        if expected == "next" {
            assert_eq!(socket.receive().await["type"], "complete");
        } else {
            let code = if id == "2" { "GRAPHQL_PARSE_FAILED" } else { "RATE_LIMITED" };
            assert_eq!(message["payload"][0]["extensions"]["code"], code, "{message:#}");
        }
    }
    assert_eq!(answer(ask(&world.owner, ROLE)).await.status(), 429, "over HTTP they are the same");
    // Each is counted under its error code, also invalid operations over the limit.
    let metrics = world.app.parts.metrics.render().unwrap();
    for (code, times) in [("GRAPHQL_PARSE_FAILED", 1), ("RATE_LIMITED", 3)] {
        let line = format!("dossier_errors_total{{code=\"{code}\"}} {times}\n");
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.receive().await["type"], "pong");
}

#[tokio::test]
async fn sign_in_attempts_are_limited() {
    let app = App::configured(&limits(&[("rate-sign-in", "3"), ("trusted-proxies", "127.0.0.1")])).await;
    let stranger = app.anonymous();
    let attempt = |email: &str, from: &str| answer(ask(&stranger, &sign_in(email)).header("X-Forwarded-For", from));
    for n in 0..3 {
        let answer = attempt(&format!("somebody{n}@atelier.example"), "192.0.2.1").await;
        assert_eq!(answer.status(), 200);
    }
    let refused = attempt("another@atelier.example", "192.0.2.1").await;
    assert_eq!(refused.status(), 429);
    let wait = number(&refused, "retry-after").unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{body:#}");
}

#[tokio::test]
async fn only_trusted_proxies_name_the_caller() {
    let asked = async |trusted: &[(&str, &str)], name: &str, values: [&str; 3]| {
        let app = App::configured(&limits(&[&[("rate-operations", "2")], trusted].concat())).await;
        let mut statuses = Vec::new();
        for value in values {
            statuses.push(answer(ask(&app.anonymous(), "{ __typename }").header(name, value)).await.status().as_u16());
        }
        statuses
    };
    let local = [("trusted-proxies", "127.0.0.0/8,10.0.0.0/8")];
    let forwarded = "X-Forwarded-For";
    let (one, all) = ([200, 200, 429], [200, 200, 200]);
    assert_eq!(asked(&[], forwarded, ["192.0.2.1", "192.0.2.2", "192.0.2.3"]).await, one);
    assert_eq!(asked(&local, forwarded, ["192.0.2.1", "192.0.2.2", "192.0.2.3"]).await, all);
    // The caller wrote the entries to the left of their address.
    assert_eq!(
        asked(&local, forwarded, ["9.9.9.1, 192.0.2.1", "9.9.9.2, 192.0.2.1", "192.0.2.1, 10.1.1.1"]).await,
        one
    );
    // An IPv6 household is one caller.
    assert_eq!(asked(&local, forwarded, ["2001:db8::1", "2001:db8::2", "[2001:db8:0:0:9::3]:4711"]).await, one);
    assert_eq!(asked(&local, forwarded, ["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"]).await, all);
    let values = ["for=192.0.2.1;proto=https", "for=\"192.0.2.1:99\"", "for=9.9.9.9, For=192.0.2.1;by=10.0.0.1"];
    assert_eq!(asked(&local, "Forwarded", values).await, one);
    assert_eq!(asked(&local, "Forwarded", ["for=unknown", "nonsense", "for=_hidden"]).await, one);
}

/// Two processes with one Redis, and the limits after it fails.
#[tokio::test]
async fn processes_count_together_with_redis_and_alone_without() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    let token = run(data.path(), &["token", "olga@atelier.example"]);
    let port = free_port();
    let redis = Redis::start(port, data.path());
    let url = format!("redis://127.0.0.1:{port}");
    let configuration = [("REDIS_URL", url.as_str()), ("RATE_OPERATIONS", "6")];
    let one = Process::serve_with(data.path(), free_port(), &configuration).await;
    let other = Process::serve_with(data.path(), free_port(), &configuration).await;
    let (here, there) = (one.actor("olga", &token), other.actor("olga", &token));
    connected(&url, &here).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        for actor in [&here, &there] {
            statuses.push(answer(ask(actor, ROLE)).await.status().as_u16());
        }
    }
    // One of them may have been counted while a process was connecting.
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 2, "{statuses:?}");
    assert_eq!(statuses[6..], [429, 429]);

    let keys: Vec<String> =
        ::redis::cmd("KEYS").arg("dossier:1:rate:*").query_async(&mut open(&url).await).await.unwrap();
    assert!(!keys.is_empty());
    for key in &keys {
        let expires: i64 = ::redis::cmd("PTTL").arg(key).query_async(&mut open(&url).await).await.unwrap();
        assert!((1..=60_000).contains(&expires), "{key}: {expires}");
        assert!(!key.contains("127.0.0.1") && !key.contains("olga"), "{key}");
    }

    // If Redis hangs, nobody waits long for it, and limits still apply.
    signal(&redis.0, "STOP");
    let began = Instant::now();
    assert_eq!(answer(ask(&here, ROLE)).await.status(), 200);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    for _ in 0..5 {
        assert_eq!(answer(ask(&here, ROLE)).await.status(), 200);
    }
    assert_eq!(answer(ask(&here, ROLE)).await.status(), 429);
    // The task that keeps the connection logs this at its own time.
    let logged = async {
        while !one.log().contains("each process counts its rate limits alone") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(30), logged).await.is_ok(), "{}", one.log());
}

async fn open(url: &str) -> ::redis::aio::MultiplexedConnection {
    ::redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap()
}

/// Waits until a process counts in Redis, and deletes the counts.
async fn connected(url: &str, stranger: &Actor) {
    let stranger = Actor::new(&stranger.url, "stranger", None);
    let mut redis = open(url).await;
    for _ in 0..100 {
        answer(ask(&stranger, "{ __typename }")).await;
        let keys: Vec<String> = ::redis::cmd("KEYS").arg("dossier:1:rate:*").query_async(&mut redis).await.unwrap();
        if !keys.is_empty() {
            return ::redis::cmd("FLUSHALL").query_async(&mut redis).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing is counted in Redis");
}
