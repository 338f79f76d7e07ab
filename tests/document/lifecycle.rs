use crate::support::{World, actors::sha256, json};

const DOCUMENTS: &str = "{ documents(first: 50) { nodes { name visible status } totalCount } }";

#[tokio::test]
async fn a_clients_upload_is_visible_and_an_agencys_is_hidden() {
    let world = World::new().await;
    world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "le logo").await;
    let draft = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    let seen = world.martin.query(DOCUMENTS, json!({})).await;
    assert_eq!(
        seen["documents"],
        json!({ "nodes": [{ "name": "logo.txt", "visible": null, "status": "READY" }], "totalCount": 1 })
    );
    world.operator.does("publishDocument", json!({ "id": draft }), "document { visible }").await;
    assert_eq!(world.martin.query(DOCUMENTS, json!({})).await["documents"]["totalCount"], 2);
    assert_eq!(world.durand.query(DOCUMENTS, json!({})).await["documents"]["totalCount"], 0);
    world.operator.does("unpublishDocument", json!({ "id": draft }), "").await;
    assert_eq!(world.martin.query(DOCUMENTS, json!({})).await["documents"]["totalCount"], 1);
}

#[tokio::test]
async fn the_file_downloads_by_a_signed_url() {
    let world = World::new().await;
    let text = "Contenu d’un fichier";
    let id = world.martin.uploads(&world.martin_id, "DOCUMENTS", "été \"1\".txt", text).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { size sha256 storageKey download { url } } } } }";
    let data = world.martin.query(query, json!({ "id": id })).await;
    let version = &data["node"]["latestVersion"];
    assert_eq!(version["size"], text.len());
    assert_eq!(version["sha256"], sha256(text.as_bytes()));
    assert_eq!(version["storageKey"], json!(null));
    let response = world.anonymous.fetch(version["download"]["url"].as_str().unwrap()).await;
    assert_eq!(response.status(), 200);
    let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.contains("filename*=UTF-8''%C3%A9t%C3%A9"), "{disposition}");
    assert_eq!(response.text().await.unwrap(), text);
}

#[tokio::test]
async fn the_bytes_must_match_the_announcement() {
    let world = World::new().await;
    let upload = world.martin.request_upload(&world.martin_id, "ASSETS", "a.txt", b"announced").await;
    let complete = json!({ "versionId": upload["version"]["id"] });
    assert_eq!(world.martin.refused("completeUpload", complete.clone()).await, "CONFLICT");
    world.martin.send_parts(&upload, b"different").await;
    assert_eq!(world.martin.refused("completeUpload", complete.clone()).await, "INVALID sha256");
    assert_eq!(world.martin.refused("completeUpload", complete.clone()).await, "CONFLICT", "it has ended");
    assert_eq!(world.operator.query(DOCUMENTS, json!({})).await["documents"]["nodes"][0]["status"], "FAILED");
    // Another client neither sees it nor learns that it exists.
    assert_eq!(world.durand.refused("completeUpload", complete).await, "NOT_FOUND versionId");
}

#[tokio::test]
async fn a_picture_must_be_a_picture() {
    let world = World::new().await;
    let bytes = b"%PDF-1.7\n1 0 obj\n";
    let input = json!({
        "clientId": world.martin_id, "zone": "ASSETS", "name": "logo.png",
        "contentType": "image/png", "size": bytes.len(), "sha256": sha256(bytes),
    });
    let upload = world
        .martin
        .does("requestUpload", input, "version { id } parts { url headers { name value } offset size }")
        .await;
    world.martin.send_parts(&upload, bytes).await;
    let refused = world.martin.refused("completeUpload", json!({ "versionId": upload["version"]["id"] })).await;
    assert_eq!(refused, "INVALID contentType");
}

#[tokio::test]
async fn zones_are_limited_to_the_permitted_roles() {
    let world = World::new().await;
    let id = &world.martin_id;
    let code = async |actor: &crate::support::Actor, zone: &str| {
        actor.request_upload(id, zone, "x.txt", b"x").await["userErrors"][0]["code"].as_str().unwrap_or("ok").to_owned()
    };
    for zone in ["PRIVATE", "DOCUMENTS", "VISIOS", "CHAT", "INVOICES", "ASSETS"] {
        assert_eq!(code(&world.operator, zone).await, "ok", "{zone}");
        assert_eq!(code(&world.manager, zone).await, "ok", "{zone}");
        let staff = if ["PRIVATE", "INVOICES"].contains(&zone) { "FORBIDDEN" } else { "ok" };
        assert_eq!(code(&world.staff, zone).await, staff, "{zone}");
        let client = if ["DOCUMENTS", "ASSETS"].contains(&zone) { "ok" } else { "FORBIDDEN" };
        assert_eq!(code(&world.martin, zone).await, client, "{zone}");
        assert_eq!(code(&world.durand, zone).await, "NOT_FOUND", "{zone}");
    }
    let workbench = world.operator.request_upload(id, "DOCUMENTS", "_bmad", b"x").await;
    assert_eq!(workbench["userErrors"][0]["field"], json!(["name"]));
}

#[tokio::test]
async fn private_cannot_be_published_until_it_is_moved() {
    let world = World::new().await;
    let note = world.operator.uploads(&world.martin_id, "PRIVATE", "note.txt", "entre nous").await;
    assert_eq!(world.operator.refused("publishDocument", json!({ "id": note })).await, "CONFLICT");
    world.operator.does("moveDocument", json!({ "id": note, "zone": "DOCUMENTS" }), "").await;
    world.operator.does("publishDocument", json!({ "id": note }), "").await;
    assert_eq!(world.martin.query(DOCUMENTS, json!({})).await["documents"]["totalCount"], 1);
    world.operator.does("moveDocument", json!({ "id": note, "zone": "PRIVATE" }), "").await;
    assert_eq!(world.martin.query(DOCUMENTS, json!({})).await["documents"]["totalCount"], 0);
}

#[tokio::test]
async fn the_published_version_need_not_be_the_newest() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    world.operator.does("publishDocument", json!({ "id": id }), "").await;
    let input = json!({ "documentId": id, "contentType": "text/plain", "size": 2, "sha256": sha256(b"v2") });
    let upload = world
        .operator
        .does("requestUpload", input, "version { id number } parts { url headers { name value } offset size }")
        .await;
    assert_eq!(upload["version"]["number"], 2);
    world.operator.send_parts(&upload, b"v2").await;
    world.operator.does("completeUpload", json!({ "versionId": upload["version"]["id"] }), "").await;
    let query =
        "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { number } versions { totalCount } } } }";
    let seen = |actor: &crate::support::Actor| {
        let actor = actor.clone();
        let id = id.clone();
        async move { actor.query(query, json!({ "id": id })).await["node"].clone() }
    };
    assert_eq!(seen(&world.martin).await, json!({ "latestVersion": { "number": 1 }, "versions": { "totalCount": 1 } }));
    assert_eq!(
        seen(&world.operator).await,
        json!({ "latestVersion": { "number": 2 }, "versions": { "totalCount": 2 } })
    );
    let hidden =
        world.martin.query("query($id: ID!) { node(id: $id) { id } }", json!({ "id": upload["version"]["id"] })).await;
    assert_eq!(hidden["node"], json!(null));
    world.operator.does("publishDocument", json!({ "id": id }), "").await;
    assert_eq!(seen(&world.martin).await["latestVersion"]["number"], 2);
}

#[tokio::test]
async fn people_delete_their_own_documents() {
    let world = World::new().await;
    let own = world.martin.uploads(&world.martin_id, "ASSETS", "mine.txt", "1").await;
    let theirs = world.operator.uploads(&world.martin_id, "DOCUMENTS", "theirs.txt", "2").await;
    assert_eq!(world.martin.refused("deleteDocument", json!({ "id": theirs })).await, "NOT_FOUND id");
    assert_eq!(world.staff.refused("deleteDocument", json!({ "id": theirs })).await, "FORBIDDEN");
    world.operator.does("publishDocument", json!({ "id": theirs }), "").await;
    assert_eq!(world.martin.refused("deleteDocument", json!({ "id": theirs })).await, "FORBIDDEN");
    let gone = world.martin.does("deleteDocument", json!({ "id": own }), "deletedId").await;
    assert_eq!(gone["deletedId"], own);
    assert_eq!(world.operator.query(DOCUMENTS, json!({})).await["documents"]["totalCount"], 1);
    assert_eq!(world.operator.refused("renameDocument", json!({ "id": own, "name": "x" })).await, "NOT_FOUND id");
}

#[tokio::test]
async fn people_who_cannot_read_visible_cannot_filter_by_it() {
    let world = World::new().await;
    let query = "{ documents(filter: { visible: true }) { totalCount } }";
    assert_eq!(world.martin.code(query, json!({})).await, "FORBIDDEN");
    assert_eq!(world.staff.query(query, json!({})).await["documents"]["totalCount"], 0);
}

#[tokio::test]
async fn an_organization_cannot_exceed_its_storage() {
    use dossier_core::viewer::{SystemPurpose, Viewer};
    use entities::{
        counter,
        organization::{Column, Entity, Model},
    };
    use sea_orm::ColumnTrait;
    let world = World::new().await;
    let tx = world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    let found = tx.find::<Entity>().filter(Column::Id.eq(world.organization)).one().await.unwrap().unwrap();
    tx.update_without_event(&found, Model { storage_limit: 10, ..found.clone() }).await.unwrap();
    tx.commit().await.unwrap();
    world.martin.uploads(&world.martin_id, "ASSETS", "six.txt", "123456").await;
    let full = world.martin.request_upload(&world.martin_id, "ASSETS", "five.txt", b"12345").await;
    assert_eq!(full["userErrors"][0]["code"], "CONFLICT", "{full:#}");
    world.martin.uploads(&world.martin_id, "ASSETS", "four.txt", "1234").await;
    // Documents that exist before the first count are included.
    let tx =
        world.app.parts.database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    assert_eq!(tx.delete_without_event::<counter::Entity>(counter::Column::Name.eq("STORED")).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let full = world.martin.request_upload(&world.martin_id, "ASSETS", "one.txt", b"1").await;
    assert_eq!(full["userErrors"][0]["code"], "CONFLICT", "{full:#}");
}

#[tokio::test]
async fn an_upload_names_its_target() {
    let world = World::new().await;
    let upload = async |target: crate::support::Value| {
        let mut input = json!({ "contentType": "text/plain", "size": 1, "sha256": sha256(b"x") });
        input.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
        let payload = world.operator.mutate("requestUpload", input, "document { id name } version { number }").await;
        match payload["userErrors"][0]["field"][0].as_str() {
            Some(field) => json!(field),
            None => payload,
        }
    };
    let new = json!({ "clientId": world.martin_id, "zone": "ASSETS", "name": "logo.txt" });
    let made = upload(json!({ "target": { "newDocument": new } })).await;
    assert_eq!(made["document"]["name"], "logo.txt");
    let again = upload(json!({ "target": { "newVersionOf": made["document"]["id"] } })).await;
    assert_eq!(again["version"]["number"], 2);
    assert_eq!(upload(json!({})).await, "target");
    assert_eq!(upload(json!({ "target": { "newDocument": new }, "zone": "ASSETS" })).await, "target");
    let both = json!({ "newDocument": new, "newVersionOf": made["document"]["id"] });
    for wrong in [both, json!({}), json!({ "newVersionOf": null })] {
        let input = json!({ "target": wrong, "contentType": "text/plain", "size": 1, "sha256": sha256(b"x") });
        let query = crate::support::actors::mutation("requestUpload", "version { id }");
        let answer = world.operator.send(&query, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
    }
}
