use crate::support::{World, fixtures::client, json};

const CLIENT: &str = "client { id name phone status revision site { name } }";

#[tokio::test]
async fn an_operator_changes_a_client_and_the_revision_grows() {
    let world = World::new().await;
    let id = &world.martin_id;
    let change = json!({ "id": id, "name": "Martin & fils", "phone": null, "expectedRevision": 1 });
    let changed = world.operator.does("updateClient", change.clone(), CLIENT).await;
    assert_eq!(
        changed["client"],
        json!({ "id": id, "name": "Martin & fils", "phone": null, "status": "ACTIVE", "revision": 2, "site": { "name": "Paris" } })
    );
    assert_eq!(world.operator.refused("updateClient", change).await, "CONFLICT");
}

#[tokio::test]
async fn bad_values_are_named() {
    let world = World::new().await;
    let refused = async |field: &str, value| {
        let mut input = json!({ "name": "Neuf", "track": "ONE" });
        input[field] = value;
        world.operator.refused("createClient", input).await
    };
    assert_eq!(refused("name", json!("  ")).await, "INVALID name");
    assert_eq!(refused("name", json!("a\nb")).await, "INVALID name");
    assert_eq!(refused("name", json!("x".repeat(201))).await, "INVALID name");
    assert_eq!(refused("email", json!("nobody")).await, "INVALID email");
    assert_eq!(refused("internalNotes", json!("x".repeat(10_001))).await, "INVALID internalNotes");
    assert_eq!(refused("status", json!("ARCHIVED")).await, "INVALID status");
}

#[tokio::test]
async fn an_archived_dossier_takes_nothing_until_it_is_restored() {
    let world = World::new().await;
    let id = json!({ "id": world.martin_id });
    assert_eq!(world.operator.refused("restoreClient", id.clone()).await, "CONFLICT");
    assert_eq!(world.operator.does("archiveClient", id.clone(), CLIENT).await["client"]["status"], "ARCHIVED");
    assert_eq!(world.operator.refused("archiveClient", id.clone()).await, "CONFLICT");
    let upload = world.martin.request_upload(&world.martin_id, "ASSETS", "logo.txt", b"logo").await;
    assert_eq!(upload["userErrors"][0]["code"], "CONFLICT");
    assert_eq!(world.operator.does("restoreClient", id, CLIENT).await["client"]["status"], "ACTIVE");
    world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "logo").await;
}

#[tokio::test]
async fn clients_change_their_own_contact_details_only() {
    let world = World::new().await;
    let id = &world.martin_id;
    world.martin.does("updateClient", json!({ "id": id, "phone": "01 02 03 04 05" }), CLIENT).await;
    assert_eq!(world.martin.refused("updateClient", json!({ "id": id, "name": "Roi" })).await, "FORBIDDEN");
    assert_eq!(world.martin.refused("archiveClient", json!({ "id": id })).await, "FORBIDDEN");
    assert_eq!(
        world.martin.refused("updateClient", json!({ "id": world.durand_id, "phone": "1" })).await,
        "NOT_FOUND id"
    );
    assert_eq!(world.staff.refused("updateClient", json!({ "id": id, "phone": "1" })).await, "FORBIDDEN");
}

#[tokio::test]
async fn a_manager_stays_within_their_sites() {
    let world = World::new().await;
    let site = |site| dossier_core::id::encode("site", site);
    let new = json!({ "name": "Neuf", "track": "ONE" });
    assert_eq!(world.manager.refused("createClient", new).await, "INVALID siteId");
    let new = json!({ "name": "Neuf", "track": "ONE", "siteId": site(world.lyon) });
    assert_eq!(world.manager.refused("createClient", new).await, "NOT_FOUND siteId");
    let own = client(&world.manager, "Neuf", Some(world.paris)).await;
    let moved = json!({ "id": own, "siteId": site(world.lyon) });
    assert_eq!(world.manager.refused("updateClient", moved.clone()).await, "NOT_FOUND siteId");
    world.operator.does("updateClient", moved, CLIENT).await;
    let gone = world.manager.query("query($id: ID!) { client(id: $id) { id } }", json!({ "id": own })).await;
    assert_eq!(gone, json!({ "client": null }));
}

#[tokio::test]
async fn the_same_key_creates_one_client() {
    let world = World::new().await;
    let create = "mutation($name: String!) { createClient(input: { name: $name, track: LAB }) { client { id } } }";
    let key = [("Idempotency-Key", "k-1")];
    let send = async |name: &str| world.operator.send_with(create, json!({ "name": name }), &key).await.1;
    let (first, second) = tokio::join!(send("Unique"), send("Unique"));
    assert_eq!(first["data"]["createClient"]["client"]["id"], second["data"]["createClient"]["client"]["id"]);
    assert!(first["data"]["createClient"]["client"]["id"].is_string(), "{first:#}");
    let other = send("Autre").await;
    assert_eq!(other["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{other:#}");
    let count = "{ clients(filter: { search: \"unique\" }) { totalCount } }";
    assert_eq!(world.operator.query(count, json!({})).await["clients"]["totalCount"], 1);
    // Another alias is another field of the response, but the requests differ, too.
    let aliased = "mutation { other: createClient(input: { name: \"Autre\", track: LAB }) { client { id } } }";
    let other = world.operator.send_with(aliased, json!({}), &key).await.1;
    assert_eq!(other["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{other:#}");
    // Each caller has their own keys.
    let theirs = world.manager.send_with(create, json!({ "name": "Unique" }), &key).await.1;
    assert!(theirs.get("errors").is_none(), "{theirs:#}");
}

/// Both changes lock the dossier before they number their events, so that there is no deadlock.
#[tokio::test]
async fn a_client_and_its_documents_change_at_the_same_time() {
    let world = World::new().await;
    let id = &world.martin_id;
    let document = world.operator.uploads(id, "DOCUMENTS", "livrable.txt", "v1").await;
    let card = async {
        for turn in 0..20 {
            world.operator.does("updateClient", json!({ "id": id, "phone": turn.to_string() }), "").await;
        }
    };
    let publication = async {
        for turn in 0..20 {
            let step = ["publishDocument", "unpublishDocument"][turn % 2];
            world.manager.does(step, json!({ "id": document }), "").await;
        }
    };
    futures::join!(card, publication);
}
