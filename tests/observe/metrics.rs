use crate::support::{
    World, json,
    process::{Process, free_port},
};
use dossier::observe::Metrics;
use std::{str::FromStr, time::Duration};

/// Returns the value of a series in the text of the metrics.
fn value<T: FromStr>(text: &str, series: &str) -> Option<T> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

pub fn number(metrics: &Metrics, series: &str) -> u64 {
    let text = metrics.render().unwrap();
    value(&text, series).unwrap_or_else(|| panic!("{series} is not in\n{text}"))
}

#[tokio::test]
async fn operations_are_counted() {
    let world = World::new().await;
    let metrics = &world.app.parts.metrics;
    world.operator.query("query Who { viewer { displayName } }", json!({})).await;
    world.operator.query("query Who { viewer { displayName } }", json!({})).await;
    world.operator.send("query Who { clients(first: 1000) { totalCount } }", json!({})).await;
    world.operator.send("query Nonsense { nothing }", json!({})).await;
    world.anonymous.send("{ clients { totalCount } }", json!({})).await;
    let operations = |labels: &str| number(metrics, &format!("dossier_operations_total{{{labels}}}"));
    assert_eq!(operations(r#"operation="Who",kind="query",outcome="ok""#), 2);
    assert_eq!(operations(r#"operation="Who",kind="query",outcome="error""#), 1);
    assert_eq!(operations(r#"operation="other",kind="query",outcome="error""#), 1, "a name that never went well");
    assert_eq!(operations(r#"operation="unnamed",kind="query",outcome="error""#), 1);
    let durations = r#"dossier_operation_duration_seconds_count{operation="Who",kind="query"}"#;
    assert_eq!(number(metrics, durations), 3);
    assert_eq!(number(metrics, r#"dossier_errors_total{code="GRAPHQL_VALIDATION_FAILED"}"#), 1);
    assert_eq!(number(metrics, r#"dossier_errors_total{code="UNAUTHENTICATED"}"#), 1);
    let unauthenticated = r#"dossier_http_requests_total{path="/graphql",status="401"}"#;
    assert_eq!(number(metrics, unauthenticated), 1);
    assert!(number(metrics, r#"dossier_http_request_duration_seconds_count{path="/graphql"}"#) >= 5);
    assert_eq!(number(metrics, "dossier_database_connections_max"), 16);
    assert!(number(metrics, r#"dossier_database_connections{state="idle"}"#) >= 1);
}

#[tokio::test]
async fn a_request_that_is_refused_before_it_is_executed_is_counted() {
    let world = World::new().await;
    let mut forged = world.operator.clone();
    forged.token = Some("forged".to_owned());
    forged.send("{ viewer { displayName } }", json!({})).await;
    assert_eq!(number(&world.app.parts.metrics, r#"dossier_errors_total{code="UNAUTHENTICATED"}"#), 1);
}

#[tokio::test]
async fn abandoned_requests_are_counted() {
    let world = World::new().await;
    let parts = &world.app.parts;
    let taken = world.app.every_connection().await;
    let query = world.operator.send("{ viewer { displayName } }", json!({}));
    assert!(tokio::time::timeout(Duration::from_millis(300), query).await.is_err());
    let mut counted = false;
    for _ in 0..100 {
        counted |= parts.metrics.render().unwrap().contains(r#"requests_total{path="/graphql",status="499"} 1"#);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(counted, "{}", parts.metrics.render().unwrap());
    drop(taken);
}

#[tokio::test]
async fn sockets_subscriptions_and_deliveries_are_counted() {
    let world = World::new().await;
    let metrics = &world.app.parts.metrics;
    let (sockets, subscriptions) = ("dossier_sockets_open", "dossier_subscriptions_open");
    let delivered = "dossier_event_delivery_seconds_count";
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Avant" }), "").await;
    let start = world.operator.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Pendant" }), "").await;
    let listening = "subscription Listen($after: String) { dossierEvents(after: $after) { type } }";
    let mut hub = world.operator.subscribe(listening, json!({ "after": start })).await;
    hub.next().await;
    assert_eq!((number(metrics, sockets), number(metrics, subscriptions)), (1, 1));
    assert_eq!(number(metrics, delivered), 0, "it happened before the subscriber listened");
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Après" }), "").await;
    hub.next().await;
    assert_eq!(number(metrics, delivered), 1);
    let took: f64 = value(&metrics.render().unwrap(), "dossier_event_delivery_seconds_sum").unwrap();
    assert!(took > 0.0 && took < 5.0, "{took} s");
    assert_eq!(number(metrics, "dossier_event_backlog"), 0);
    drop(hub);
    for _ in 0..100 {
        if number(metrics, sockets) == 0 && number(metrics, subscriptions) == 0 {
            let ended = r#"dossier_operations_total{operation="Listen",kind="subscription",outcome="ok"}"#;
            assert_eq!(number(metrics, ended), 1);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a closed socket is still counted");
}

/// Callers choose names. These must not fill the memory of the server, nor of the metrics' reader.
#[tokio::test]
async fn the_number_of_distinct_names_is_limited() {
    let world = World::new().await;
    let metrics = &world.app.parts.metrics;
    let names = || {
        let text = metrics.render().unwrap();
        text.lines().filter(|line| line.starts_with("dossier_operations_total{operation=\"N")).count()
    };
    for n in 0..20 {
        world.anonymous.send(&format!("query N{n} {{ __typename }}"), json!({})).await;
        world.operator.send(&format!("query N{n} {{ nothing }}"), json!({})).await;
        world.operator.send(&format!("query N{n} {{ client(id: \"nonsense\") {{ id }} }}"), json!({})).await;
    }
    assert_eq!(names(), 0, "neither strangers nor operations that fail bring names");
    for n in 200..350 {
        world.operator.send(&format!("query N{n} {{ __typename }}"), json!({})).await;
    }
    assert_eq!(names(), 100);
    let others = r#"dossier_operations_total{operation="other",kind="query",outcome="ok"}"#;
    assert_eq!(number(metrics, others), 70);
    world.anonymous.send("query N200 { __typename }", json!({})).await;
    assert_eq!(number(metrics, others), 70, "a stranger who sends what is known is counted with it");
    let long = "N".repeat(5_000);
    world.operator.send(&format!("query {long} {{ __typename }}"), json!({})).await;
    assert!(!metrics.render().unwrap().contains(&long));
    assert_eq!(number(metrics, others), 71);
}

#[tokio::test]
async fn metrics_have_their_own_address() {
    let (data, port) = (tempfile::tempdir().unwrap(), free_port());
    let listen = format!("127.0.0.1:{port}");
    let server = Process::serve_with(data.path(), free_port(), &[("METRICS_LISTEN", &listen)]).await;
    assert_eq!(reqwest::get(format!("{}/metrics", server.url)).await.unwrap().status(), 404);
    let response = reqwest::get(format!("http://{listen}/metrics")).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = response.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert_eq!(value(&text, "dossier_sockets_open"), Some(0), "{text}");
    assert_eq!(reqwest::get(format!("http://{listen}/health/ready")).await.unwrap().status(), 200);
}
