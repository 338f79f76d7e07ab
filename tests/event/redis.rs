use crate::support::{
    Actor, Value, json,
    process::{Process, free_port, run, signal},
    redis::Redis,
    services::Services,
    socket::Stream,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;

const EVENTS: &str = "subscription { dossierEvents { type client { name } } }";

/// A subscriber without wake-ups reads by itself after 15 seconds. Sooner deliveries must come from a wake-up.
const SOON: Duration = Duration::from_secs(10);

/// Two processes on one database. One writes, and the other has the subscriber.
struct Pair {
    port: u16,
    one: Process,
    other: Process,
    token: String,
    _services: Option<Services>,
    data: TempDir,
}

impl Pair {
    async fn start() -> Self {
        Self::at(free_port()).await
    }

    /// Starts them with a Redis at this port, which may be missing.
    async fn at(port: u16) -> Self {
        let data = tempfile::tempdir().unwrap();
        let services = Services::of_set(data.path()).await;
        if let Some(services) = &services {
            services.write(data.path());
        }
        run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
        run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
        let token = run(data.path(), &["token", "olga@atelier.example"]);
        let url = format!("redis://127.0.0.1:{port}");
        let one = Process::serve_with(data.path(), free_port(), &[("REDIS_URL", &url)]).await;
        let other = Process::serve_with(data.path(), free_port(), &[("REDIS_URL", &url)]).await;
        Self { port, one, other, token, _services: services, data }
    }

    fn redis(&self) -> Redis {
        Redis::start(self.port, self.data.path())
    }

    fn writer(&self) -> Actor {
        self.one.actor("olga", &self.token)
    }

    async fn listen(&self) -> Stream {
        self.other.actor("olga", &self.token).subscribe(EVENTS, json!({})).await
    }

    /// Waits until both report this state of events. Both stay ready in any case.
    async fn wait_for_state(&self, state: &str) {
        let begun = Instant::now();
        for process in [&self.one, &self.other] {
            loop {
                let response = reqwest::get(format!("{}/health/ready", process.url)).await.unwrap();
                assert_eq!(response.status(), 200);
                let report: Value = response.json().await.unwrap();
                if report["dependencies"]["events"] == state {
                    break;
                }
                assert!(begun.elapsed() < SOON, "not {state} in time: {report}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn opens(actor: &Actor, name: &str) {
    actor.does("createClient", json!({ "name": name, "track": "LAB" }), "").await;
}

async fn next_client_name(stream: &mut Stream) -> Value {
    stream.next().await["dossierEvents"]["client"]["name"].clone()
}

/// Checks that the event arrives soon, so that a wake-up delivered it.
async fn assert_next_soon(stream: &mut Stream, name: &str) -> Duration {
    let begun = Instant::now();
    assert_eq!(next_client_name(stream).await, name);
    assert!(begun.elapsed() < SOON, "{name} took {:?}", begun.elapsed());
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_another_process_arrives_at_once() {
    let pair = Pair::start().await;
    let _redis = pair.redis();
    pair.wait_for_state("ok").await;
    let mut stream = pair.listen().await;
    opens(&pair.writer(), "Première").await;
    let took = assert_next_soon(&mut stream, "Première").await;
    assert!(took < Duration::from_millis(1_500), "{took:?}: it was not Redis that woke the subscriber");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_starts_without_redis_and_connects_later() {
    let pair = Pair::start().await;
    pair.wait_for_state("degraded").await;
    let mut stream = pair.listen().await;
    opens(&pair.writer(), "Sans Redis").await;
    assert_next_soon(&mut stream, "Sans Redis").await;
    let _redis = pair.redis();
    pair.wait_for_state("ok").await;
    opens(&pair.writer(), "Avec Redis").await;
    assert_next_soon(&mut stream, "Avec Redis").await;
}

/// If a machine or a network fails, no packet reports the end of the connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_is_noticed() {
    let pair = Pair::start().await;
    let redis = pair.redis();
    pair.wait_for_state("ok").await;
    let mut stream = pair.listen().await;
    signal(&redis.0, "STOP");
    opens(&pair.writer(), "En silence").await;
    assert_next_soon(&mut stream, "En silence").await;
    pair.wait_for_state("degraded").await;
    signal(&redis.0, "CONT");
    pair.wait_for_state("ok").await;
    opens(&pair.writer(), "Réveillé").await;
    assert_next_soon(&mut stream, "Réveillé").await;
}

/// Creates dossiers one after the other until it is stopped. Their names contain their order. Returns their number.
async fn keep_writing(writer: Actor, stop: Arc<AtomicBool>) -> usize {
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return number;
        }
        opens(&writer, &number.to_string()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("there are more numbers than time")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_arrives_once_in_order_while_redis_restarts() {
    let pair = Pair::start().await;
    let mut redis = pair.redis();
    pair.wait_for_state("ok").await;
    let mut stream = pair.listen().await;
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn(keep_writing(pair.writer(), stop.clone()));
    for away in [100, 4_000] {
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(redis);
        pair.wait_for_state("degraded").await;
        tokio::time::sleep(Duration::from_millis(away)).await;
        redis = pair.redis();
        pair.wait_for_state("ok").await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    let written = writing.await.unwrap();
    assert!(written > 50, "only {written} dossiers were opened: the test shows nothing");
    for number in 0..written {
        assert_eq!(next_client_name(&mut stream).await, number.to_string());
    }
    assert!(stream.silent().await, "an event too many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_delivered_by_another_process() {
    let pair = Pair::start().await;
    let _redis = pair.redis();
    pair.wait_for_state("ok").await;
    let folder = pair.data.path();
    run(folder, &["member", "add", "omar@atelier.example", "--organization", "atelier", "--role", "operator"]);
    let omar = pair.other.actor("omar", &run(folder, &["token", "omar@atelier.example"]));
    let olga = pair.writer();
    let client = olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let input = json!({ "clientId": client["client"]["id"], "subject": "Élio" });
    let thread = olga.does("startConversation", input, "conversation { id }").await["conversation"]["id"].clone();
    let mut signs = omar.subscribe("subscription { presence { activity subjectId } }", json!({})).await;
    olga.does("signalPresence", json!({ "conversationId": thread, "activity": "TYPING" }), "").await;
    assert_eq!(signs.next().await["presence"], json!({ "activity": "TYPING", "subjectId": thread }));
}
