//! A pooler gives the connection to somebody else after each transaction. All people still see only their own rows,
//! because the viewer ends with the transaction.

use crate::support::{App, Value, World, json, process::free_port, services::Services, unprivileged};
use std::{
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use url::Url;

/// The number of concurrent requests per person.
const ROUNDS: usize = 12;

/// `PgBouncer` in transaction mode, with fewer connections to the database than there are people.
struct Pooler {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    fn start(database: &Url) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let user = format!("\"{}\" \"{}\"\n", database.username(), database.password().unwrap());
        std::fs::write(folder.path().join("users"), user).unwrap();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = users\npool_mode = transaction\n\
             default_pool_size = 2\nignore_startup_parameters = extra_float_digits\n",
            database.port().unwrap_or(5432)
        );
        std::fs::write(folder.path().join("pgbouncer.ini"), settings).unwrap();
        let mut command = unprivileged::command(Path::new("/usr/sbin/pgbouncer"), folder.path());
        let process = command.arg("pgbouncer.ini").stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let pooler = Self {
            process: process.expect("PgBouncer is not installed; `tests/run` installs it"),
            port,
            _folder: folder,
        };
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        pooler
    }

    /// Returns the URL of the same database through the pooler.
    fn url(&self, database: &Url) -> String {
        let mut url = database.clone();
        url.set_port(Some(self.port)).unwrap();
        url.into()
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_see_only_their_rows_through_a_pooler() {
    let data = tempfile::tempdir().unwrap();
    let mut services = Services::production(data.path()).await;
    let database: Url = services.get("DATABASE_URL").parse().unwrap();
    let pooler = Pooler::start(&database);
    services.set("DATABASE_URL", pooler.url(&database));
    // Versions before 1.21 do not support prepared statements.
    services.add("DATABASE_PREPARED", "false");
    let world = World::on(App::on(data, services).await).await;
    let people =
        [&world.owner, &world.operator, &world.manager, &world.staff, &world.martin, &world.durand, &world.stranger];
    let query = "{ viewer { displayName role } clients { totalCount nodes { name internalNotes } } }";
    let mut alone = Vec::new();
    for actor in people {
        alone.push(actor.query(query, json!({})).await);
    }
    let different: std::collections::BTreeSet<_> = alone.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), people.len(), "everybody sees something else");
    for _ in 0..ROUNDS {
        let asked = people.iter().map(|actor| actor.query(query, json!({})));
        assert_eq!(futures::future::join_all(asked).await, alone);
    }
    let input = json!({ "name": "Nouveau", "track": "LAB" });
    let writes = (0..ROUNDS).map(|_| world.operator.does("createClient", input.clone(), ""));
    futures::future::join_all(writes).await;
    let count = "{ clients { totalCount } }";
    let before = alone[1]["clients"]["totalCount"].as_u64().unwrap();
    let after = world.operator.query(count, json!({})).await["clients"]["totalCount"].as_u64().unwrap();
    assert_eq!(after, before + ROUNDS as u64);
    assert_eq!(world.martin.query(query, json!({})).await, alone[4]);
}
