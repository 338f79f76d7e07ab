use crate::support::{
    Actor, json,
    process::{Process, free_port},
};
use axum::{Router, body::Bytes, routing};
use std::sync::{Arc, Mutex};

/// Starts a receiver of OTLP over HTTP. Its messages are protobuf, which contains text unchanged.
async fn receiver(received: Arc<Mutex<Vec<u8>>>) -> String {
    let take = async move |body: Bytes| received.lock().unwrap().extend_from_slice(&body);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", routing::post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Includes spans that the server would have sent later: nothing is lost at its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_a_span_of_its_callers_trace() {
    let (data, received) = (tempfile::tempdir().unwrap(), Arc::<Mutex<Vec<u8>>>::default());
    let endpoint = receiver(received.clone()).await;
    let configuration = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_SERVICE_NAME", "dossier-eu-1")];
    let server = Process::serve_with(data.path(), free_port(), &configuration).await;
    let anonymous = Actor::new(&server.url, "anonymous", None);
    let headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    assert_eq!(anonymous.send_with("query WhoAmI { __typename }", json!({}), &headers).await.0, 200);
    let log = server.log();
    tokio::task::spawn_blocking(|| server.end()).await.unwrap();
    let received = received.lock().unwrap();
    for text in ["dossier-eu-1", "query WhoAmI", "graphql.operation.name", "/graphql"] {
        assert!(holds(&received, text.as_bytes()), "no {text} in {}", String::from_utf8_lossy(&received));
    }
    assert!(holds(&received, &0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes()), "the trace goes on");
    assert!(holds(&received, &0xb7ad_6b71_6920_3331_u64.to_be_bytes()), "below the caller's span");
    assert!(log.contains("0af7651916cd43dd8448eb211c80319c"), "the log names the trace");
}
