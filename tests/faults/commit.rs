//! A commit without an answer from the database is an error, whatever its outcome. Its connection is not used again.

use super::limits::{LimitedServer, unavailable};
use crate::support::{App, Value, World, actors::mutation, json, services::Services};
use dossier::observe::health::{State, Status};
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::WriteTx;
use dossier_domain::organization;
use entities::site;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// Begins a writing transaction of Dossier itself in the agency.
async fn write(world: &World) -> WriteTx {
    world.app.parts.database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap()
}

async fn sites(world: &World) -> Vec<String> {
    let rows = write(world).await.find::<site::Entity>().all().await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn changes_are_lost_if_the_connection_ends_before_the_commit() {
    let server = LimitedServer::with(&[]).await;
    let tx = write(&server.world).await;
    organization::add_site(&tx, "Nantes").await.unwrap();
    server.terminate().await;
    let ended = tx.commit().await;
    assert!(matches!(ended, Err(Error::Unavailable(..))), "{ended:?}");
    assert!(!sites(&server.world).await.contains(&"Nantes".to_owned()));
    let tx = write(&server.world).await;
    organization::add_site(&tx, "Nantes").await.unwrap();
    tx.commit().await.unwrap();
    assert!(sites(&server.world).await.contains(&"Nantes".to_owned()));
}

#[tokio::test]
async fn nothing_is_committed_after_a_statement_took_too_long() {
    let server = LimitedServer::with(&[("DATABASE_STATEMENT_TIMEOUT", "1")]).await;
    server.make("CREATE POLICY slow ON client AS RESTRICTIVE USING (pg_sleep(60)::text IS NOT NULL)").await;
    let tx = write(&server.world).await;
    organization::add_site(&tx, "Nantes").await.unwrap();
    let read = tx.find::<entities::client::Entity>().all().await;
    assert!(matches!(read, Err(Error::Unavailable(..))), "{read:?}");
    assert!(tx.commit().await.is_err());
    assert!(!sites(&server.world).await.contains(&"Nantes".to_owned()));
}

/// The disk of the database is not really full. The next check of the server notices that.
#[tokio::test]
async fn a_full_disk_of_the_database_is_checked_again() {
    let server = LimitedServer::with(&[]).await;
    server
        .make(
            "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full''; END';
            CREATE TRIGGER fill BEFORE INSERT ON site FOR EACH ROW EXECUTE FUNCTION fill()",
        )
        .await;
    let tx = write(&server.world).await;
    let added = organization::add_site(&tx, "Nantes").await;
    assert!(matches!(added, Err(Error::Unavailable(..))), "{added:?}");
    drop(tx);
    let report = server.world.app.parts.health.report().await;
    assert_eq!((report.status, report.dependencies.database), (Status::Ready, State::Ok));
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_can_be_repeated() {
    let data = tempfile::tempdir().unwrap();
    let mut services = Services::production(data.path()).await;
    let mut url: Url = services.get("DATABASE_URL").parse().unwrap();
    let wire = FaultyProxy::to(url.port().unwrap()).await;
    url.set_port(Some(wire.port)).unwrap();
    services.set("DATABASE_URL", url.to_string());
    services.add("DATABASE_POOL_SIZE", "1");
    let world = World::on(App::on(data, services).await).await;

    let create = mutation("createClient", "client { id }");
    let input = json!({ "input": { "name": "Nouveau", "track": "LAB" } });
    let send = async || -> Value {
        let key = [("idempotency-key", "the-same")];
        world.operator.send_with(&create, input.clone(), &key).await.1
    };
    let clients = async || world.operator.query("{ clients { totalCount } }", json!({})).await["clients"].clone();
    assert_eq!(clients().await["totalCount"], 2);
    wire.lose.store(true, Ordering::SeqCst);
    unavailable(&send().await);
    assert!(!wire.lose.load(Ordering::SeqCst), "no answer was lost");
    let again = send().await;
    assert_eq!(again["data"]["createClient"]["userErrors"], json!([]), "{again:#}");
    assert!(again["data"]["createClient"]["client"]["id"].is_string(), "{again:#}");
    assert_eq!(clients().await["totalCount"], 3);
}

/// Connections to a database that can end between a commit and its answer.
struct FaultyProxy {
    port: u16,
    /// Whether the answer to the next commit is lost.
    lose: Arc<AtomicBool>,
}

impl FaultyProxy {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, lose) = (listener.local_addr().unwrap().port(), Arc::new(AtomicBool::new(false)));
        let losing = lose.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                tokio::spawn(pass(client, server, losing.clone()));
            }
        });
        Self { port, lose }
    }
}

async fn pass(mut client: TcpStream, mut server: TcpStream, lose: Arc<AtomicBool>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            Ok(count @ 1..) = client.read(&mut asked) => {
                let asked = &asked[..count];
                // Not the one in `READ COMMITTED`.
                let commits = asked.windows(7).any(|word| word == b"COMMIT;");
                if server.write_all(asked).await.is_err() {
                    return;
                }
                if commits && lose.swap(false, Ordering::SeqCst) {
                    // The database has committed when it answers.
                    let _ = server.read(&mut answered).await;
                    return;
                }
            }
            Ok(count @ 1..) = server.read(&mut answered) => {
                if client.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
            else => return,
        }
    }
}
