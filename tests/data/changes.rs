//! Changes of a writing transaction. They are executed as late as possible, without a visible difference.

use crate::{
    observe::metrics::number,
    support::{App, World, fixtures::uuid, json, services::Services},
};
use dossier_core::{
    credentials::Credentials,
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Allowed, DomainEvent, WriteTx};
use dossier_policy::ConversationAction;
use entities::{
    client,
    conversation::{Column, Entity, Model},
    event::Kind,
};
use futures::FutureExt;
use sea_orm::ColumnTrait;
use tokio::task::unconstrained;
use uuid::Uuid;

/// Begins a transaction of Dossier itself in the agency.
async fn write(world: &World) -> WriteTx {
    world.app.parts.database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap()
}

async fn found(tx: &WriteTx, id: Uuid) -> Option<Model> {
    tx.find::<Entity>().filter(Column::Id.eq(id)).one().await.unwrap()
}

fn conversation(world: &World, tx: &WriteTx) -> Model {
    Model {
        id: tx.new_id(),
        organization_id: world.organization,
        client_id: uuid(&world.martin_id),
        subject: "Essai".to_owned(),
        created_at: tx.now,
        updated_at: tx.now,
        ..Model::default()
    }
}

fn allowed(tx: &WriteTx, row: Model) -> Allowed<Entity> {
    tx.authorize_row(ConversationAction::Start, row).unwrap()
}

fn event(row: &Model) -> DomainEvent {
    let dossier = client::Model { id: row.client_id, organization_id: row.organization_id, ..client::Model::default() };
    DomainEvent::added(Kind::ConversationStarted, &dossier, row)
}

async fn insert(tx: &WriteTx, row: Model) -> Result<Allowed<Entity>, Error> {
    let event = event(&row);
    tx.insert(allowed(tx, row), event).await
}

async fn update(tx: &WriteTx, before: &Allowed<Entity>, after: Model) -> Result<Allowed<Entity>, Error> {
    let event = event(&after);
    tx.update(before, after, event).await
}

#[tokio::test]
async fn a_write_transaction_reads_its_own_changes() {
    let world = World::new().await;
    let tx = write(&world).await;
    let many: Vec<_> = (0..20).map(|_| conversation(&world, &tx)).collect();
    for row in &many {
        insert(&tx, row.clone()).await.unwrap();
    }
    for row in &many {
        assert_eq!(found(&tx, row.id).await.as_ref(), Some(row));
    }
    // Updates one row several times, where the last update counts, and inserts rows that are updated at once.
    let mut row = allowed(&tx, many[0].clone());
    for revision in 1..=3 {
        row = update(&tx, &row, Model { revision, ..row.clone() }).await.unwrap();
    }
    let young = insert(&tx, conversation(&world, &tx)).await.unwrap();
    update(&tx, &young, Model { subject: "Autre".to_owned(), ..young.clone() }).await.unwrap();
    tx.commit().await.unwrap();
    let tx = write(&world).await;
    assert_eq!(found(&tx, row.id).await.map(|row| row.revision), Some(3));
    assert_eq!(found(&tx, young.id).await.map(|row| row.subject), Some("Autre".to_owned()));
}

#[tokio::test]
async fn uncommitted_changes_are_rolled_back() {
    let world = World::new().await;
    let tx = write(&world).await;
    let row = insert(&tx, conversation(&world, &tx)).await.unwrap();
    drop(tx);
    assert_eq!(found(&write(&world).await, row.id).await, None);
}

#[tokio::test]
async fn an_update_of_a_missing_row_rolls_back() {
    let world = World::new().await;
    let tx = write(&world).await;
    let row = insert(&tx, conversation(&world, &tx)).await.unwrap();
    let nobody = allowed(&tx, conversation(&world, &tx));
    let updated = update(&tx, &nobody, Model { revision: 7, ..nobody.clone() }).await;
    let ended = match updated {
        Ok(_) => tx.commit().await,
        Err(error) => {
            drop(tx);
            Err(error)
        }
    };
    assert!(matches!(ended, Err(Error::Internal(_))), "{ended:?}");
    assert_eq!(found(&write(&world).await, row.id).await, None);
}

#[tokio::test]
async fn nothing_is_committed_after_a_statement_failed() {
    let world = World::new().await;
    let tx = write(&world).await;
    let row = insert(&tx, conversation(&world, &tx)).await.unwrap();
    let other = insert(&tx, conversation(&world, &tx)).await.unwrap();
    // Either the statement or the commit refuses the second row with the same key.
    let again = insert(&tx, Model { subject: "Encore".to_owned(), ..row.clone() }).await;
    assert!(tx.commit().await.is_err(), "{again:?}");
    let tx = write(&world).await;
    assert_eq!((found(&tx, row.id).await, found(&tx, other.id).await), (None, None));
}

#[tokio::test]
async fn nothing_is_committed_after_a_statement_was_abandoned() {
    let world = World::new().await;
    let tx = write(&world).await;
    let row = insert(&tx, conversation(&world, &tx)).await.unwrap();
    assert!(found(&tx, row.id).await.is_some());
    // Some answers come at once. Tokio's budget would stop a poll before it sends the statement.
    while unconstrained(tx.find::<Entity>().all()).now_or_never().is_some() {}
    let ended = tx.commit().await;
    assert!(matches!(ended, Err(Error::Internal(_))), "{ended:?}");
    assert_eq!(found(&write(&world).await, row.id).await, None);
}

/// Submits a request, or changes it: row, step, event and counter are one statement.
#[tokio::test]
async fn postgresql_gets_all_changes_in_one_statement() {
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    let world = World::on(App::on(data, services).await).await;
    let sent = || number(&world.app.parts.metrics, r#"dossier_database_statements_total{viewer="member"}"#);
    let before = sent();
    let new = json!({ "clientId": world.martin_id, "title": "Essai" });
    let made = world.operator.does("submitValidationRequest", new, "validationRequest { id }").await;
    assert_eq!(sent() - before, 3, "the dossier, what is written, the payload");
    let before = sent();
    let cancel = json!({ "id": made["validationRequest"]["id"] });
    world.operator.does("cancelValidationRequest", cancel, "validationRequest { id }").await;
    assert_eq!(sent() - before, 3, "the request with its dossier, what is written, the payload");
    let new = json!({ "clientId": world.martin_id, "title": "Essai" });
    let made = world.operator.does("submitValidationRequest", new, "validationRequest { id }").await;
    let before = sent();
    let approve = json!({ "id": made["validationRequest"]["id"] });
    world.operator.does("approveValidationRequest", approve, "validationRequest { id }").await;
    assert_eq!(sent() - before, 8, "besides, the counter, the last hash, the entry and its detail, and the event");
}

/// After a commit, the next transaction keeps the viewer, who need not be looked up again.
#[tokio::test]
async fn after_a_commit_the_viewer_is_the_same() {
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    let world = World::on(App::on(data, services).await).await;
    for id in [&world.martin_id, &world.durand_id] {
        world.operator.uploads(id, "DOCUMENTS", "essai.txt", "essai").await;
        world.operator.does("startConversation", json!({ "clientId": id, "subject": "Essai" }), "").await;
    }
    let parts = &world.app.parts;
    let mut most = 0;
    for actor in [&world.owner, &world.manager, &world.staff, &world.martin] {
        let claims = parts.tokens.check(actor.token.as_ref().unwrap(), parts.database.clock.now()).unwrap();
        let credentials = Credentials::Bearer(claims.into());
        let entered = parts.database.read(&credentials).await.unwrap();
        let (_, known) =
            parts.database.mutate(&credentials, None, None, |_| Box::pin(async { Ok(Uuid::nil()) })).await.unwrap();
        let known = known.unwrap();
        macro_rules! compare {
            ($($entity:ident),*) => {$(
                let [before, after] = [
                    entered.find::<entities::$entity::Entity>().count().await.unwrap(),
                    known.find::<entities::$entity::Entity>().count().await.unwrap(),
                ];
                assert_eq!(after, before, "{}: {}", actor.name, stringify!($entity));
                most = most.max(after);
            )*};
        }
        entities::for_each_entity!(compare);
    }
    assert!(most > 5);
}
