use crate::support::{
    Actor, Value, json,
    process::{Process, free_port, run},
};
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const EVENTS: &str = "subscription { dossierEvents { type client { name } } }";

/// A Redis of the test's own, that keeps nothing.
struct Redis(Child);

impl Redis {
    fn start(port: u16, folder: &Path) -> Self {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()]);
        let child = command.current_dir(folder).stdout(Stdio::null()).spawn();
        let redis = Self(child.expect("redis-server is not installed; `tests/run` installs it"));
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        redis
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn opens(actor: &Actor, name: &str) {
    actor.does("createClient", json!({ "name": name, "track": "LAB" }), "").await;
}

async fn heard(stream: &mut crate::support::socket::Stream) -> Value {
    stream.next().await["dossierEvents"]["client"]["name"].clone()
}

/// Two processes on one database: what is written through one is heard through the other, far sooner than its own
/// clock would look, also after Redis was away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_hears_what_another_process_writes() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    let token = run(data.path(), &["token", "olga@atelier.example"]);
    let (redis_port, folder) = (free_port(), tempfile::tempdir().unwrap());
    let redis = Redis::start(redis_port, folder.path());
    let url = format!("redis://127.0.0.1:{redis_port}");
    let one = Process::serve_with(data.path(), free_port(), &[("REDIS_URL", &url)]).await;
    let other = Process::serve_with(data.path(), free_port(), &[("REDIS_URL", &url)]).await;
    let (writer, reader) = (one.actor("olga", &token), other.actor("olga", &token));
    let mut stream = reader.subscribe(EVENTS, json!({})).await;
    let before = Instant::now();
    opens(&writer, "Première").await;
    assert_eq!(heard(&mut stream).await, "Première");
    assert!(before.elapsed() < Duration::from_secs(10), "it was not Redis that woke the subscriber");
    drop(redis);
    opens(&writer, "Sans Redis").await;
    let _redis = Redis::start(redis_port, folder.path());
    assert_eq!(heard(&mut stream).await, "Sans Redis", "nothing is lost while Redis is away");
    opens(&writer, "Dernière").await;
    assert_eq!(heard(&mut stream).await, "Dernière");
}
