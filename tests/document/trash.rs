//! Deleted documents can be restored for some days. Then they are purged, unless a legal hold or a retention stops it.

use super::quota::sweep;
use crate::support::{
    Actor, Value, World,
    fixtures::{self, uuid},
    json, process,
};
use dossier_domain::trash;
use entities::document;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

const TRASH: &str = "{ deletedDocuments(first: 50) { nodes { id name } totalCount } }";

const DELETED_LONG_AGO: &str =
    "UPDATE document SET deleted_at = '2020-01-01 00:00:00+00:00' WHERE deleted_at IS NOT NULL AND purged_at IS NULL";

const PURGED_LONG_AGO: &str = "UPDATE document SET purged_at = '2020-01-01 00:00:00+00:00' WHERE purged_at IS NOT NULL";

/// Returns the ids of the documents in the trash that somebody sees.
async fn trash(actor: &Actor) -> Vec<String> {
    let seen = actor.query(TRASH, json!({})).await["deletedDocuments"].clone();
    let nodes = seen["nodes"].as_array().unwrap();
    assert_eq!(seen["totalCount"], nodes.len());
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

async fn node(actor: &Actor, id: &str) -> Value {
    let query =
        "query($id: ID!) { node(id: $id) { ... on Document { name visible latestVersion { download { url } } } } }";
    actor.query(query, json!({ "id": id })).await["node"].clone()
}

async fn stored(world: &World) -> Value {
    let query = "{ viewer { organization { storageUsed } } }";
    world.owner.query(query, json!({})).await["viewer"]["organization"]["storageUsed"].clone()
}

async fn purge_expired(world: &World) {
    trash::purge_expired(&world.app.parts.database, world.organization).await.unwrap();
    sweep(world).await;
}

/// Returns the number of objects in the store.
async fn objects(world: &World) -> usize {
    world.app.parts.objects.list(&format!("{}/", world.organization)).await.unwrap().len()
}

#[tokio::test]
async fn those_who_may_delete_find_it_in_the_trash_and_restore_it() {
    let world = World::new().await;
    let own = world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "le logo").await;
    let agency = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    let staff = world.staff.uploads(&world.martin_id, "DOCUMENTS", "salle.txt", "v1").await;
    for id in [&own, &agency, &staff] {
        world.operator.does("deleteDocument", json!({ "id": id }), "deletedId").await;
    }
    for actor in [&world.owner, &world.operator, &world.manager] {
        assert_eq!(trash(actor).await, [&staff[..], &agency, &own], "{}", actor.name);
    }
    assert_eq!(trash(&world.staff).await, [&staff[..]]);
    assert_eq!(trash(&world.martin).await, [&own[..]]);
    assert!(trash(&world.durand).await.is_empty());
    // The document does not exist for everybody else.
    let missing = fixtures::missing("document");
    for (actor, id) in [(&world.staff, &own), (&world.staff, &agency), (&world.martin, &agency), (&world.durand, &own)]
    {
        for id in [id, &missing] {
            assert_eq!(actor.refused("restoreDocument", json!({ "id": id })).await, "NOT_FOUND id", "{}", actor.name);
        }
    }
    assert!(node(&world.owner, &own).await.is_null(), "it is in the trash alone");
    let seen = "{ deletedDocuments(first: 1, filter: { zone: [ASSETS] }) { nodes {
        deletedAt deletedBy { displayName } purgeAt latestVersion { number download { url } } } } }";
    let seen = world.martin.query(seen, json!({})).await["deletedDocuments"]["nodes"][0].clone();
    let time = |value: &Value| value.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(time(&seen["purgeAt"]) - time(&seen["deletedAt"]), chrono::TimeDelta::days(30));
    assert_eq!(seen["deletedBy"]["displayName"], "operator");
    assert_eq!(seen["latestVersion"], json!({ "number": 1, "download": null }));
    let events = "subscription { dossierEvents { type subject { ... on Document { name } } } }";
    let mut portal = world.martin.subscribe(events, json!({})).await;
    world.martin.does("restoreDocument", json!({ "id": own }), "document { name }").await;
    let expected = json!({ "type": "DOCUMENT_RESTORED", "subject": { "name": "logo.txt" } });
    assert_eq!(portal.next().await["dossierEvents"], expected);
    let restored = node(&world.martin, &own).await;
    let url = restored["latestVersion"]["download"]["url"].as_str().unwrap();
    assert_eq!(world.anonymous.fetch(url).await.text().await.unwrap(), "le logo");
    world.staff.does("restoreDocument", json!({ "id": staff }), "").await;
    assert_eq!(world.operator.refused("restoreDocument", json!({ "id": staff })).await, "CONFLICT");
    assert_eq!(trash(&world.operator).await, [&agency[..]]);
}

#[tokio::test]
async fn bytes_in_the_trash_count_until_an_owner_purges_them() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "12345").await;
    world.operator.uploads_version(&id, "1234567").await;
    assert_eq!(world.owner.refused("purgeDocument", json!({ "id": id })).await, "CONFLICT", "it is not in the trash");
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    assert_eq!((stored(&world).await, objects(&world).await), (json!(12), 2));
    assert_eq!(world.operator.refused("purgeDocument", json!({ "id": id })).await, "FORBIDDEN");
    assert_eq!(world.martin.refused("purgeDocument", json!({ "id": id })).await, "NOT_FOUND id");
    world.app.by_hand("UPDATE session SET proven_at = NULL").await;
    assert_eq!(world.owner.refused("purgeDocument", json!({ "id": id })).await, "RECENT_PROOF_REQUIRED");
    world.app.by_hand("UPDATE session SET proven_at = expires_at").await;
    let purged = world.owner.does("purgeDocument", json!({ "id": id }), "purgedId").await;
    assert_eq!(purged["purgedId"], id);
    assert_eq!((stored(&world).await, objects(&world).await), (json!(0), 0));
    assert!(trash(&world.owner).await.is_empty());
    assert_eq!(world.owner.refused("restoreDocument", json!({ "id": id })).await, "NOT_FOUND id");
    let log = "{ auditLog(first: 1) { nodes { action subjectId subjectName } } }";
    let expected = json!({ "action": "DOCUMENT_PURGED", "subjectId": id, "subjectName": "livrable.txt" });
    assert_eq!(world.owner.query(log, json!({})).await["auditLog"]["nodes"][0], expected);
}

#[tokio::test]
async fn a_job_purges_bytes_and_rows_and_the_history_stays_readable() {
    let world = World::new().await;
    let gone = world.operator.uploads(&world.martin_id, "DOCUMENTS", "parti.txt", "12345").await;
    let decided = world.operator.uploads(&world.martin_id, "DOCUMENTS", "valide.txt", "123").await;
    let young = world.operator.uploads(&world.martin_id, "DOCUMENTS", "jeune.txt", "1").await;
    let version = fixtures::latest_version(&world.operator, &decided).await;
    let input = json!({ "clientId": world.martin_id, "title": "Essai", "documentVersionId": version });
    world.operator.does("submitValidationRequest", input, "").await;
    for id in [&gone, &decided] {
        world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    }
    purge_expired(&world).await;
    assert_eq!(objects(&world).await, 3, "30 days have not passed");
    world.app.by_hand(DELETED_LONG_AGO).await;
    world.operator.does("deleteDocument", json!({ "id": young }), "").await;
    purge_expired(&world).await;
    assert_eq!((objects(&world).await, stored(&world).await), (1, json!(1)));
    assert_eq!(trash(&world.owner).await, [&young[..]]);
    let db = world.app.owner().await;
    let rows =
        async |id: &str| document::Entity::find().filter(document::Column::Id.eq(uuid(id))).count(&db).await.unwrap();
    assert_eq!(rows(&gone).await, 1, "a repeated mutation may still ask for it");
    world.app.by_hand(PURGED_LONG_AGO).await;
    purge_expired(&world).await;
    assert_eq!((rows(&gone).await, rows(&decided).await), (0, 1), "a decision names the version");
    let query = "{ events(first: 100) { events { type subjectId } } validationRequests(first: 1) { nodes {
        documentVersion { number sha256 download { url } } } } }";
    let seen = world.operator.query(query, json!({})).await;
    let events = seen["events"]["events"].as_array().unwrap();
    let deleted = |id: &str| events.iter().any(|event| event["subjectId"] == id && event["type"] == "REMOVED");
    assert!(deleted(&gone) && deleted(&decided), "{events:#?}");
    let version = &seen["validationRequests"]["nodes"][0]["documentVersion"];
    assert_eq!((&version["number"], &version["download"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn owners_set_the_days_in_the_trash() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "parti.txt", "12345").await;
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    let days = |days: i32| json!({ "trashDays": days });
    assert_eq!(world.operator.refused("updateOrganization", days(10)).await, "FORBIDDEN");
    for wrong in [0, 366] {
        assert_eq!(world.owner.refused("updateOrganization", days(wrong)).await, "INVALID trashDays");
    }
    let three_days_ago = (chrono::Utc::now() - chrono::TimeDelta::days(3)).format("%Y-%m-%d %H:%M:%S+00:00");
    world.app.by_hand(&format!("UPDATE document SET deleted_at = '{three_days_ago}'")).await;
    world.owner.does("updateOrganization", days(4), "organization { trashDays }").await;
    purge_expired(&world).await;
    assert_eq!(objects(&world).await, 1);
    world.app.by_hand("UPDATE session SET proven_at = NULL").await;
    assert_eq!(world.owner.refused("updateOrganization", days(2)).await, "RECENT_PROOF_REQUIRED");
    world.owner.does("updateOrganization", days(5), "").await;
    world.app.by_hand("UPDATE session SET proven_at = expires_at").await;
    world.owner.does("updateOrganization", days(2), "").await;
    purge_expired(&world).await;
    assert_eq!(objects(&world).await, 0);
}

/// Returns why the only document in the trash cannot be purged.
async fn obstacle(actor: &Actor) -> Value {
    let query = "{ deletedDocuments(first: 1) { nodes { purgeBlockedBy } } }";
    let answer = actor.send(query, json!({})).await;
    let guarded = json!([["deletedDocuments", "nodes", 0, "purgeBlockedBy"]]);
    let is_guarded = answer["extensions"]["guarded"] == guarded;
    assert_eq!(
        is_guarded,
        !["owner", "operator", "manager"].iter().any(|name| actor.name.starts_with(name)),
        "{answer:#}"
    );
    answer["data"]["deletedDocuments"]["nodes"][0]["purgeBlockedBy"].clone()
}

#[tokio::test]
async fn a_legal_hold_stops_every_purge() {
    let world = World::new().await;
    let id = world.martin.uploads(&world.martin_id, "DOCUMENTS", "preuve.txt", "12345").await;
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    let held = json!({ "id": world.martin_id, "reason": "Litige 2026-17" });
    assert_eq!(world.operator.refused("setLegalHold", held.clone()).await, "FORBIDDEN");
    let card = "query($id: ID!) { client(id: $id) { legalHold { reason by { displayName } } revision } }";
    let card = async |actor: &Actor| actor.query(card, json!({ "id": world.martin_id })).await["client"].clone();
    let before = card(&world.martin).await;
    world.owner.does("setLegalHold", held, "client { id }").await;
    let expected = json!({ "reason": "Litige 2026-17", "by": { "displayName": "owner" } });
    assert_eq!(card(&world.manager).await["legalHold"], expected);
    assert_eq!(card(&world.martin).await, before, "the client notices nothing");
    let answer = world.owner.mutate("purgeDocument", json!({ "id": id }), "").await;
    let reason = "The dossier is under a legal hold: Litige 2026-17";
    assert_eq!(answer["userErrors"][0], json!({ "code": "CONFLICT", "field": null, "message": reason }));
    for (actor, seen) in [(&world.operator, json!(reason)), (&world.martin, Value::Null)] {
        assert_eq!(obstacle(actor).await, seen);
    }
    world.app.by_hand(DELETED_LONG_AGO).await;
    purge_expired(&world).await;
    assert_eq!((objects(&world).await, trash(&world.owner).await), (1, vec![id.clone()]));
    world.owner.does("liftLegalHold", json!({ "id": world.martin_id }), "client { legalHold { reason } }").await;
    assert_eq!(world.owner.refused("liftLegalHold", json!({ "id": world.martin_id })).await, "CONFLICT");
    assert_eq!(obstacle(&world.operator).await, Value::Null);
    purge_expired(&world).await;
    assert_eq!(objects(&world).await, 0);
    let log = "{ auditLog(first: 3) { nodes { action note subjectId } } }";
    let log = world.owner.query(log, json!({})).await["auditLog"]["nodes"].clone();
    let entry = |action| json!({ "action": action, "note": "Litige 2026-17", "subjectId": world.martin_id });
    assert_eq!((&log[1], &log[2]), (&entry("LEGAL_HOLD_LIFTED"), &entry("LEGAL_HOLD_SET")));
}

#[tokio::test]
async fn retention_of_a_zone_stops_a_purge_until_it_ends() {
    let world = World::new().await;
    let invoice = world.operator.uploads(&world.martin_id, "INVOICES", "facture.txt", "12345").await;
    let other = world.operator.uploads(&world.martin_id, "ASSETS", "logo.txt", "123").await;
    let retention = |zones: Value| json!({ "zoneRetention": zones });
    let for_days = |zone: &str, days: i32| json!({ "zone": zone, "days": days });
    for wrong in [json!([for_days("CHAT", 0)]), json!([for_days("CHAT", 1), for_days("CHAT", 2)])] {
        assert_eq!(world.owner.refused("updateOrganization", retention(wrong)).await, "INVALID zoneRetention");
    }
    let both = json!([for_days("INVOICES", 3650), for_days("VISIOS", 365)]);
    let set =
        world.owner.does("updateOrganization", retention(both), "organization { zoneRetention { zone days } }").await;
    let sorted = json!([for_days("VISIOS", 365), for_days("INVOICES", 3650)]);
    assert_eq!(set["organization"]["zoneRetention"], sorted);
    for id in [&other, &invoice] {
        world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    }
    let refused = world.owner.mutate("purgeDocument", json!({ "id": invoice }), "").await;
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("Documents in INVOICES are retained for 3650 days after their upload"), "{message}");
    assert_eq!(obstacle(&world.owner).await, message);
    world.app.by_hand(DELETED_LONG_AGO).await;
    purge_expired(&world).await;
    assert_eq!(trash(&world.owner).await, [&invoice[..]], "the other one is purged");
    world.app.by_hand("UPDATE document_version SET created_at = '2010-01-01 00:00:00+00:00'").await;
    purge_expired(&world).await;
    assert_eq!(objects(&world).await, 0);
}

#[tokio::test]
async fn a_document_without_a_complete_version_skips_the_trash() {
    let world = World::new().await;
    let upload = world.martin.request_upload(&world.martin_id, "ASSETS", "logo.txt", b"12345").await;
    world.martin.does("deleteDocument", json!({ "id": upload["document"]["id"] }), "").await;
    assert!(trash(&world.owner).await.is_empty());
    assert_eq!(stored(&world).await, 0);
    // A complete one keeps its versions, and its open upload ends.
    let id = world.operator.uploads(&world.martin_id, "ASSETS", "plan.txt", "123").await;
    let input = json!({ "target": { "newVersionOf": id }, "contentType": "text/plain", "size": 7 });
    let open = world.operator.does("requestUpload", input, "version { id }").await;
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    assert_eq!(stored(&world).await, 3);
    let complete = json!({ "versionId": open["version"]["id"] });
    assert_eq!(world.operator.refused("completeUpload", complete).await, "NOT_FOUND versionId");
    world.operator.does("restoreDocument", json!({ "id": id }), "").await;
    let query = "query($id: ID!) { node(id: $id) { ... on Document { versions { totalCount } } } }";
    assert_eq!(world.operator.query(query, json!({ "id": id })).await["node"]["versions"]["totalCount"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_sets_the_days_and_the_retention() {
    let data = tempfile::tempdir().unwrap();
    process::run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let set = |arguments: &[&str]| {
        let mut command = process::command(data.path());
        command.args(["organization", "set", "atelier"]).args(arguments);
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(set(&["--trash-days", "90", "--zone-retention", "INVOICES=3650, visios=365"]).0);
    assert!(set(&["--zone-retention", ""]).0);
    let wrong = [
        (["--trash-days", "366"], "--trash-days: must be 1 to 365"),
        (["--zone-retention", "CHAT=0"], "--zone-retention: must be 1 to 36525 days"),
        (["--zone-retention", "CAVE=3"], "must be zones with numbers of days, such as INVOICES=3650,VISIOS=365"),
    ];
    for (arguments, message) in wrong {
        let (done, printed) = set(&arguments);
        assert!(!done && printed.contains(message), "{arguments:?}: {printed}");
    }
}
