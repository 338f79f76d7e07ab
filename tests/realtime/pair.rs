//! The guarantees about access that ends or changes, with two servers.

use super::{
    chaos::{change_of_sites, sign_out},
    judge::REVOKED_WITHIN,
    person::Person,
    stage::{AGENCY, Stage},
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
async fn sockets(stage: &Stage, person: &Person) -> Vec<Socket> {
    let mut all = Vec::new();
    for which in [0, 1] {
        let actor = stage.actor(person, which);
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
    let stage = Stage::set().await;
    let olga = stage.person("olga", AGENCY, "operator", &[]).await;
    let open = sockets(&stage, &olga).await;
    sign_out(&stage.urls, &olga).await;
    are_closed_in_time(open).await;

    let omar = stage.person("omar", AGENCY, "operator", &[]).await;
    let open = sockets(&stage, &omar).await;
    run(stage.data.path(), &["member", "suspend", &omar.email(), "--organization", AGENCY]);
    are_closed_in_time(open).await;

    let oscar = stage.person("oscar", AGENCY, "owner", &[]).await;
    let open = sockets(&stage, &oscar).await;
    run(stage.data.path(), &["organization", "suspend", AGENCY]);
    are_closed_in_time(open).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_sites_gives_a_resync() {
    let stage = Stage::set().await;
    let olga = stage.person("olga", AGENCY, "operator", &[]).await;
    let marc = stage.person("marc", AGENCY, "manager", &["Paris"]).await;
    let paris = stage.dossier(&olga, "Martin", Some("Paris")).await;
    let lyon = stage.dossier(&olga, "Durand", Some("Lyon")).await;
    let operator = stage.actor(&olga, 0);
    let renames = async |id: &str, name: &str| {
        operator.does("updateClient", json!({ "id": id, "name": name }), "").await;
    };
    let mut stream = stage.actor(&marc, 1).subscribe(EVENTS, json!({})).await;
    renames(&paris, "Avant").await;
    assert_eq!(next(&mut stream).await["subjectId"], *paris);
    let sites = change_of_sites(&marc.email(), &stage.sites_of(&["Lyon"]));
    stage.db.execute_unprepared(&sites).await.unwrap();
    tokio::time::sleep(REVOKED_WITHIN).await;
    renames(&paris, "Ailleurs").await;
    let told = next(&mut stream).await;
    assert_eq!((&told["type"], &told["reason"]), (&json!("RESYNC_REQUIRED"), &json!("ACCESS_CHANGED")));
    assert_eq!(told["subjectId"], json!(null));
    let mut again = stage.actor(&marc, 0).subscribe(EVENTS, json!({ "after": told["cursor"] })).await;
    renames(&lyon, "Ici").await;
    for stream in [&mut stream, &mut again] {
        assert_eq!(next(stream).await["subjectId"], *lyon);
        assert!(stream.silent().await);
    }
}
