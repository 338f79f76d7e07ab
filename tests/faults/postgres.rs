//! The database restarts under load, cleanly and after a crash.

use super::{cluster::Cluster, cursor, follower::Follower, set_up, work};
use crate::support::{
    json,
    process::{Process, free_port},
};
use dossier::database::roles::{self, DatabaseRoles};

const SECRET: &str = "a secret of at least thirty-two characters";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_restarts() {
    let cluster = Cluster::start();
    let made = DatabaseRoles::generate(&cluster.url, "dossier").unwrap();
    roles::create(&cluster.url, &made).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let (server, owner) = (&made.server, &made.owner);
    let env = format!("DATABASE_URL='{server}'\nMIGRATE_DATABASE_URL='{owner}'\nJWT_SECRET='{SECRET}'\n");
    std::fs::write(data.path().join(".env"), env).unwrap();
    crate::support::process::run(data.path(), &["migrate"]);
    let token = set_up(data.path());
    let server = Process::serve(data.path(), free_port()).await;
    let olga = server.actor("olga", &token);
    let servers = [olga.clone()];
    let follower = Follower::begin(&servers, cursor(&olga).await);
    let people = work::Work::begin(&servers);
    for mode in ["fast", "immediate", "fast"] {
        people.wait_for(4).await;
        cluster.control(&["--mode", mode, "restart"]);
    }
    people.wait_for(4).await;
    let turns = people.end().await;
    work::assert_consistent(&olga, turns, &follower.end(3 * turns).await).await;

    cluster.control(&["--mode", "fast", "stop"]);
    let (status, answer) = olga.send_with("{ clients { totalCount } }", json!({}), &[]).await;
    assert_eq!(status, 503, "{answer:#}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{answer:#}");
    let text = answer.to_string();
    assert!(!text.contains("127.0.0.1") && !text.contains("dossier_server"), "the database's own words: {text}");
    cluster.control(&["start"]);
    assert_eq!(olga.query("{ clients { totalCount } }", json!({})).await["clients"]["totalCount"], turns);
}
