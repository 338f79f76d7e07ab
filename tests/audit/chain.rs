//! The chain of hashes: it has no gaps, and shows every change by hand.

use super::{broken, intact, newest, verify};
use crate::support::{World, json};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_data::{AuditRecord, audit_chain};
use dossier_domain::audit::{Fault, Verification};
use entities::{
    audit_detail,
    audit_entry::{Action, Column, Entity, Model},
};
use futures::future::join_all;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

/// Allows the owner of the tables to change entries, as somebody could who has the database in hand.
async fn disarm(db: &DatabaseConnection) {
    let statements: &[&str] = match db.get_database_backend() {
        DbBackend::Postgres => {
            &["ALTER TABLE audit_entry DISABLE TRIGGER USER", "ALTER TABLE audit_detail DISABLE TRIGGER USER"]
        }
        _ => {
            &["DROP TRIGGER audit_entry_update", "DROP TRIGGER audit_entry_delete", "DROP TRIGGER audit_detail_update"]
        }
    };
    for statement in statements {
        db.execute_unprepared(statement).await.unwrap();
    }
}

async fn entry(db: &DatabaseConnection, organization: Uuid, sequence: i64) -> Model {
    let entries = Entity::find().filter(Column::OrganizationId.eq(organization));
    entries.filter(Column::Sequence.eq(sequence)).one(db).await.unwrap().unwrap()
}

async fn save(db: &DatabaseConnection, row: Model) {
    row.into_active_model().reset_all().update(db).await.unwrap();
}

#[tokio::test]
async fn concurrent_actions_give_a_chain_without_gaps() {
    let world = World::new().await;
    let before = intact(&world).await;
    let sites = (0..10).map(|number| {
        let owner = &world.owner;
        async move { owner.does("addSite", json!({ "name": format!("Site {number}") }), "").await }
    });
    let assignments = (0..10).map(|_| crate::permissions::subjects::request(&world, false));
    tokio::join!(join_all(sites), join_all(assignments));
    assert_eq!(intact(&world).await, before + 20, "ten sites, ten shared requests");
}

#[tokio::test]
async fn what_did_not_happen_is_not_recorded() {
    let world = World::new().await;
    let before = intact(&world).await;
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    tx.audit(AuditRecord::new(Action::SiteAdded, world.paris));
    drop(tx);
    assert_eq!(world.owner.refused("addSite", json!({ "name": " " })).await, "INVALID name");
    assert_eq!(world.operator.refused("addSite", json!({ "name": "Nantes" })).await, "FORBIDDEN");
    let member = crate::support::fixtures::member(&world.owner, "owner").await;
    assert_eq!(world.owner.refused("suspendMember", json!({ "id": member })).await, "CONFLICT", "the last owner");
    assert_eq!(intact(&world).await, before);
}

#[tokio::test]
async fn every_change_by_hand_is_found() {
    let world = World::new().await;
    let count = intact(&world).await;
    let db = world.app.owner().await;
    disarm(&db).await;
    let third = entry(&db, world.organization, 3).await;
    let fourth = entry(&db, world.organization, 4).await;

    save(&db, Model { actor_id: Some(Uuid::nil()), ..third.clone() }).await;
    assert_eq!(broken(&world, Fault::Changed).await, 3);
    // Also with a new hash, because the next entry contains the old one.
    let mut changed = Model { actor_id: Some(Uuid::nil()), ..third.clone() };
    changed.hash = audit_chain::hash(&changed);
    save(&db, changed).await;
    assert_eq!(broken(&world, Fault::Unchained).await, 4);
    save(&db, third.clone()).await;
    save(&db, Model { format: 2, ..third.clone() }).await;
    assert_eq!(broken(&world, Fault::UnknownFormat).await, 3);

    save(&db, Model { sequence: 1_000_000, ..third.clone() }).await;
    save(&db, Model { sequence: 3, ..fourth.clone() }).await;
    save(&db, Model { sequence: 4, ..third.clone() }).await;
    assert_eq!(broken(&world, Fault::Unchained).await, 3, "two entries in another order");
    save(&db, Model { sequence: 1_000_000, ..third.clone() }).await;
    save(&db, fourth).await;
    save(&db, third.clone()).await;
    intact(&world).await;

    let detail = audit_detail::Entity::find_by_id(third.id).one(&db).await.unwrap().unwrap();
    let other = audit_detail::Model { content: "{}".to_owned(), ..detail.clone() };
    other.into_active_model().reset_all().update(&db).await.unwrap();
    assert_eq!(broken(&world, Fault::DetailChanged).await, 3);
    detail.into_active_model().reset_all().update(&db).await.unwrap();
    intact(&world).await;

    let last = entry(&db, world.organization, count).await;
    let mut forged = Model { id: Uuid::now_v7(), sequence: count + 1, previous_hash: last.hash, ..third.clone() };
    forged.hash = audit_chain::hash(&forged);
    Entity::insert(forged.clone().into_active_model().reset_all()).exec_without_returning(&db).await.unwrap();
    assert_eq!(broken(&world, Fault::Added).await, count + 1);
    Entity::delete_by_id(forged.id).exec(&db).await.unwrap();
    intact(&world).await;

    for sequence in [count, 3] {
        let id = entry(&db, world.organization, sequence).await.id;
        audit_detail::Entity::delete_by_id(id).exec(&db).await.unwrap();
        Entity::delete_by_id(id).exec(&db).await.unwrap();
        assert_eq!(broken(&world, Fault::Missing).await, sequence);
    }
    // Work goes on.
    world.owner.does("addSite", json!({ "name": "Nantes" }), "").await;
    assert_eq!(broken(&world, Fault::Missing).await, 3);
}

#[tokio::test]
async fn an_erased_detail_still_verifies() {
    let world = World::new().await;
    world.owner.does("inviteMember", json!({ "email": "neuf@exemple.example", "role": "OPERATOR" }), "").await;
    let db = world.app.owner().await;
    let entries = Entity::find().filter(Column::OrganizationId.eq(world.organization));
    let last = entries.order_by_desc(Column::Sequence).one(&db).await.unwrap().unwrap();
    let database = &world.app.parts.database;
    let tx = database.write(&world.app.credentials(&world.owner).unwrap()).await.unwrap();
    assert!(tx.erase_audit_details(&[last.id]).await.is_err(), "only Dossier itself erases");
    drop(tx);
    let tx = database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    assert_eq!(tx.erase_audit_details(&[last.id]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let entry = newest(&world.owner, 1).await[0].clone();
    assert_eq!((&entry["action"], &entry["subjectName"]), (&json!("MEMBER_INVITED"), &json!(null)));
    assert_eq!((&entry["actor"]["displayName"], &entry["changedFields"]), (&json!(""), &json!(["role"])));
    let query = "{ auditLog(first: 2) { nodes { detailErased hash } } }";
    let nodes = world.owner.query(query, json!({})).await["auditLog"]["nodes"].clone();
    assert_eq!((&nodes[0]["detailErased"], &nodes[1]["detailErased"]), (&json!(true), &json!(false)));
    match verify(&world).await {
        Verification::Intact { entries, erased, head } => {
            assert_eq!((entries, erased, &json!(head)), (last.sequence, 1, &nodes[0]["hash"]));
        }
        broken @ Verification::Broken { .. } => panic!("{broken:?}"),
    }
}

#[tokio::test]
async fn nobody_changes_an_entry() {
    let world = World::new().await;
    let db = world.app.owner().await;
    let changes =
        ["UPDATE audit_entry SET format = 2", "DELETE FROM audit_entry", "UPDATE audit_detail SET content = ''"];
    for change in changes {
        let error = db.execute_unprepared(change).await.unwrap_err().to_string();
        assert!(error.contains("are only added"), "{change}: {error}");
    }
    // The server's role lacks the privilege, also when it acts as Dossier itself.
    if let Some(url) = world.app.server_database() {
        let server = sea_orm::Database::connect(url).await.unwrap();
        let settings = format!(
            "SELECT set_config('dossier.viewer', 'SYSTEM', false), \
             set_config('dossier.organization', '{}', false)",
            world.organization
        );
        for change in changes {
            let error = server.execute_unprepared(&format!("{settings}; {change}")).await.unwrap_err().to_string();
            assert!(error.contains("permission denied"), "{change}: {error}");
        }
        let erased = server.execute_unprepared(&format!("{settings}; DELETE FROM audit_detail")).await.unwrap();
        assert!(erased.rows_affected() > 0, "details can be erased");
    }
    intact(&world).await;
}
