//! Requests and sockets that use a key.

use super::{ALL_SCOPES, create, script};
use crate::support::{Actor, App, Value, World, json, socket::Socket};
use dossier_core::id;

const ME: &str = "{ viewer { displayName } }";

#[tokio::test]
async fn a_script_works_and_is_named_as_the_author() {
    let world = World::new().await;
    let script = script(&world, json!({ "name": "Import", "scopes": ALL_SCOPES })).await;
    let mut hub = world
        .operator
        .subscribe("subscription { dossierEvents { type actor { displayName memberId } } }", json!({}))
        .await;
    let mut own = script.subscribe("subscription { dossierEvents { type } }", json!({})).await;
    script.does("updateClient", json!({ "id": world.martin_id, "phone": "0102030405" }), "").await;
    let event = hub.next().await["dossierEvents"].clone();
    assert_eq!(event["actor"], json!({ "displayName": "Import", "memberId": null }));
    assert_eq!(own.next().await["dossierEvents"]["type"], event["type"]);
    // Work that a job continues: a large file.
    let bytes = "dossier ".repeat(1 << 21);
    let upload = script.request_upload(&world.martin_id, "DOCUMENTS", "essai.txt", bytes.as_bytes()).await;
    script.send_parts(&upload, bytes.as_bytes()).await;
    script.does("completeUpload", json!({ "versionId": upload["version"]["id"] }), "").await;
    loop {
        let uploaded = own.next().await["dossierEvents"]["type"].clone();
        assert_ne!(uploaded, "DOCUMENT_UPLOAD_FAILED");
        if uploaded == "DOCUMENT_UPLOADED" {
            break;
        }
    }
}

#[tokio::test]
async fn a_key_of_a_site_has_the_rights_of_a_manager() {
    let world = World::new().await;
    let site = id::encode("site", world.lyon);
    let script = script(&world, json!({ "name": "Import", "scopes": ALL_SCOPES, "siteId": site })).await;
    let query = "query($id: ID!) { client(id: $id) { id } }";
    let sees = async |id: &str| script.query(query, json!({ "id": id })).await["client"]["id"] == *id;
    assert!(!sees(&world.martin_id).await, "a dossier of Paris");
    assert!(sees(&world.durand_id).await);
    assert_eq!(script.query("{ viewer { role } }", json!({})).await["viewer"]["role"], "MANAGER");
}

#[tokio::test]
async fn a_revoked_key_stops_at_once_and_its_sockets_are_closed() {
    let world = World::new().await;
    let (id, token) = create(&world, json!({ "name": "Import", "scopes": ["CLIENTS_READ"] })).await;
    let script = Actor::new(&world.app.url, "script", Some(token));
    let mut socket = script.socket().await;
    script.query(ME, json!({})).await;
    world.owner.does("revokeApiKey", json!({ "id": id }), "").await;
    assert_eq!(script.code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
}

#[tokio::test]
async fn an_expired_key_is_refused() {
    let world = World::new().await;
    let expires_at = (chrono::Utc::now() + chrono::TimeDelta::days(1)).to_rfc3339();
    let input = json!({ "name": "Import", "scopes": ["CLIENTS_READ"], "expiresAt": expires_at });
    let script = script(&world, input).await;
    script.query(ME, json!({})).await;
    world.app.by_hand("UPDATE session SET expires_at = '2020-01-01 00:00:00+00:00'").await;
    assert_eq!(script.code(ME, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_key_works_only_from_its_networks() {
    let world = World::new().await;
    let from = async |networks: &[&str]| {
        let input = json!({ "name": "Import", "scopes": ["CLIENTS_READ"], "networks": networks });
        let script = script(&world, input).await;
        script.send(ME, json!({})).await["errors"][0]["extensions"]["code"].clone()
    };
    assert_eq!(from(&["192.0.2.0/24", "2001:db8::/48"]).await, "UNAUTHENTICATED");
    assert_eq!(from(&["192.0.2.0/24", "127.0.0.0/8"]).await, Value::Null);
    let input = json!({ "name": "Import", "scopes": ["CLIENTS_READ"], "networks": ["192.0.2.0/24"] });
    let script = script(&world, input).await;
    let mut socket = Socket::connect(&world.app.url).await;
    let payload = json!({ "Authorization": format!("Bearer {}", script.token.unwrap()) });
    socket.send(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.closed().await.0, 4403);
}

#[tokio::test]
async fn forged_and_changed_tokens_are_refused() {
    let world = World::new().await;
    let (_, token) = create(&world, json!({ "name": "Import", "scopes": ["CLIENTS_READ"] })).await;
    let forged = dossier_core::api_token::ApiToken::derive("somebody guesses").to_string();
    let shouted = token.to_uppercase();
    for wrong in [&*forged, &shouted, &token[..token.len() - 1], &format!("{token}0"), "dossier_", "dossier_a"] {
        let script = Actor::new(&world.app.url, "script", Some((*wrong).to_owned()));
        assert_eq!(script.code(ME, json!({})).await, "UNAUTHENTICATED", "{wrong}");
    }
    let elsewhere = World::new().await;
    let script = Actor::new(&elsewhere.app.url, "script", Some(token));
    assert_eq!(script.code(ME, json!({})).await, "UNAUTHENTICATED", "a key of another installation");
}

#[tokio::test]
async fn guesses_are_limited_and_keys_that_are_known_go_on() {
    let world = World::on(App::configured(&["--rate-sign-in=1".to_owned()]).await).await;
    let script = script(&world, json!({ "name": "Import", "scopes": ["CLIENTS_READ"] })).await;
    script.query(ME, json!({})).await;
    let mut codes = Vec::new();
    for number in 0..12 {
        let forged = dossier_core::api_token::ApiToken::derive(&number.to_string()).to_string();
        codes.push(Actor::new(&world.app.url, "guess", Some(forged)).code(ME, json!({})).await);
    }
    assert_eq!(codes[0], "UNAUTHENTICATED");
    assert_eq!(codes[11], "RATE_LIMITED");
    script.query(ME, json!({})).await;
}

#[tokio::test]
async fn the_last_use_is_recorded() {
    let world = World::new().await;
    let script = script(&world, json!({ "name": "Import", "scopes": ["CLIENTS_READ"] })).await;
    let query = "{ apiKeys(first: 1) { nodes { lastUsedAt lastNetwork } } }";
    let last_use = async || world.owner.query(query, json!({})).await["apiKeys"]["nodes"][0].clone();
    assert_eq!(last_use().await["lastUsedAt"], Value::Null);
    script.query(ME, json!({})).await;
    for _ in 0..600 {
        if last_use().await["lastNetwork"] == "127.0.0.0/24" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the use was not recorded: {}", last_use().await);
}
