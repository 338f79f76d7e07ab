//! The guarantees about access that ends or changes, with two servers.

use super::{
    chaos::{change_of_sites, sign_out},
    checker::REVOKED_WITHIN,
    cluster::{AGENCY, Cluster},
    person::Person,
};
use crate::support::{
    Value, json,
    process::run,
    socket::{Socket, Stream},
};
use sea_orm::ConnectionTrait;
use tokio::time::{Instant, timeout_at};

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor type reason subjectId } }";

async fn next(stream: &mut Stream) -> Value {
    stream.next().await["dossierEvents"].clone()
}

/// Opens three sockets at each server: two with idle subscriptions, and one without any.
async fn sockets(cluster: &Cluster, person: &Person) -> Vec<Socket> {
    let mut all = Vec::new();
    for which in [0, 1] {
        let actor = cluster.actor(person, which);
        all.push(actor.socket().await);
        for query in ["subscription { dossierEvents { type } }", "subscription { validationHub { type } }"] {
            let mut socket = actor.socket().await;
            let payload = json!({ "query": query });
            socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
            socket.send(json!({ "type": "ping" })).await;
            assert_eq!(socket.receive().await["type"], "pong");
            all.push(socket);
        }
    }
    all
}

async fn are_closed_in_time(sockets: Vec<Socket>) {
    let deadline = Instant::now() + REVOKED_WITHIN;
    for mut socket in sockets {
        let closed = timeout_at(deadline, socket.closed()).await.expect("a socket outlives its session");
        assert_eq!(closed, (4403, "session-ended".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_sockets_are_closed_soon_after_access_ends() {
    let cluster = Cluster::start().await;
    let olga = cluster.person("olga", AGENCY, "operator", &[]).await;
    let open = sockets(&cluster, &olga).await;
    sign_out(&cluster.urls, &olga).await;
    are_closed_in_time(open).await;

    let omar = cluster.person("omar", AGENCY, "operator", &[]).await;
    let open = sockets(&cluster, &omar).await;
    run(cluster.data.path(), &["member", "suspend", &omar.email(), "--organization", AGENCY]);
    are_closed_in_time(open).await;

    let oscar = cluster.person("oscar", AGENCY, "owner", &[]).await;
    let open = sockets(&cluster, &oscar).await;
    run(cluster.data.path(), &["organization", "suspend", AGENCY]);
    are_closed_in_time(open).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_sites_gives_a_resync() {
    let cluster = Cluster::start().await;
    let olga = cluster.person("olga", AGENCY, "operator", &[]).await;
    let marc = cluster.person("marc", AGENCY, "manager", &["Paris"]).await;
    let paris = cluster.dossier(&olga, "Martin", Some("Paris")).await;
    let lyon = cluster.dossier(&olga, "Durand", Some("Lyon")).await;
    let operator = cluster.actor(&olga, 0);
    let renames = async |id: &str, name: &str| {
        operator.does("updateClient", json!({ "id": id, "name": name }), "").await;
    };
    let mut stream = cluster.actor(&marc, 1).subscribe(EVENTS, json!({})).await;
    renames(&paris, "Avant").await;
    assert_eq!(next(&mut stream).await["subjectId"], *paris);
    let sites = change_of_sites(&marc.email(), &cluster.sites_of(&["Lyon"]));
    cluster.db.execute_unprepared(&sites).await.unwrap();
    tokio::time::sleep(REVOKED_WITHIN).await;
    renames(&paris, "Ailleurs").await;
    let delivered = next(&mut stream).await;
    assert_eq!((&delivered["type"], &delivered["reason"]), (&json!("RESYNC_REQUIRED"), &json!("ACCESS_CHANGED")));
    assert_eq!(delivered["subjectId"], json!(null));
    let mut again = cluster.actor(&marc, 0).subscribe(EVENTS, json!({ "after": delivered["cursor"] })).await;
    renames(&lyon, "Ici").await;
    for stream in [&mut stream, &mut again] {
        assert_eq!(next(stream).await["subjectId"], *lyon);
        assert!(stream.silent().await);
    }
}
