//! Creating, listing and revoking keys.

use super::{ALL_SCOPES, create};
use crate::support::{Actor, World, json};
use dossier_core::{api_token::ApiToken, id};
use entities::{api_key, idempotency_record};
use sea_orm::EntityTrait;

const KEYS: &str = "query($status: [ApiKeyStatus!]) { apiKeys(first: 10, filter: { status: $status }) {
    nodes { id name tokenStart scopes site { name } networks status creator { displayName isViewer } expiresAt revokedAt }
} }";

#[tokio::test]
async fn a_key_is_shown_once_and_listed_without_its_token() {
    let world = World::new().await;
    let site = id::encode("site", world.paris);
    let input = json!({
        "name": "Export", "scopes": ["CLIENTS_READ", "DOCUMENTS_READ"], "siteId": site,
        "networks": ["127.0.0.1", "192.0.2.7/24"], "expiresAt": "2100-01-01T00:00:00Z",
    });
    let (id, token) = create(&world, input).await;
    assert!(token.parse::<ApiToken>().is_ok(), "it has a checksum: {token}");
    let keys = world.owner.query(KEYS, json!({})).await["apiKeys"]["nodes"].clone();
    assert_eq!(
        keys,
        json!([{
            "id": id, "name": "Export", "tokenStart": &token[..12], "scopes": ["CLIENTS_READ", "DOCUMENTS_READ"],
            "site": { "name": "Paris" }, "networks": ["127.0.0.1/32", "192.0.2.0/24"], "status": "ACTIVE",
            "creator": { "displayName": "owner", "isViewer": true }, "expiresAt": "2100-01-01T00:00:00+00:00", "revokedAt": null,
        }])
    );
    let db = world.app.owner().await;
    let (keys, answers) = (api_key::Entity::find().all(&db).await, idempotency_record::Entity::find().all(&db).await);
    let stored = format!("{:?} {:?}", keys.unwrap(), answers.unwrap());
    assert!(stored.contains(&token[..12]) && !stored.contains(&token[12..]), "the token is not stored: {stored}");
    world.owner.does("revokeApiKey", json!({ "id": id }), "apiKey { status }").await;
    let active = world.owner.query(KEYS, json!({ "status": ["ACTIVE"] })).await;
    assert_eq!(active["apiKeys"]["nodes"], json!([]));
    let revoked = world.owner.query(KEYS, json!({ "status": ["REVOKED", "EXPIRED"] })).await;
    assert_eq!(revoked["apiKeys"]["nodes"][0]["status"], "REVOKED");
    assert_eq!(world.owner.refused("revokeApiKey", json!({ "id": id })).await, "CONFLICT");
}

#[tokio::test]
async fn a_repeated_request_returns_the_same_token() {
    let world = World::new().await;
    let query = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token } }";
    let input = json!({ "input": { "name": "Export", "scopes": ["CLIENTS_READ"] } });
    let headers = [("Idempotency-Key", "one")];
    let (_, first) = world.owner.send_with(query, input.clone(), &headers).await;
    let (_, second) = world.owner.send_with(query, input, &headers).await;
    assert!(first["data"]["createApiKey"]["token"].is_string());
    assert_eq!(first["data"], second["data"]);
    assert_eq!(world.owner.query(KEYS, json!({})).await["apiKeys"]["nodes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_input_is_refused() {
    let world = World::new().await;
    let refused = async |input| world.owner.refused("createApiKey", input).await;
    let scopes = |scopes: &[&str]| json!({ "name": "Export", "scopes": scopes });
    assert_eq!(refused(scopes(&[])).await, "INVALID scopes");
    assert_eq!(refused(scopes(&["DOCUMENTS_READ"])).await, "INVALID scopes", "it requires another one");
    for of_owners in ["MEMBERS_MANAGE", "KEYS_MANAGE", "ORGANIZATION_MANAGE"] {
        assert_eq!(refused(scopes(&["MEMBERS_READ", of_owners])).await, "INVALID scopes");
    }
    assert_eq!(refused(json!({ "name": " ", "scopes": ["CLIENTS_READ"] })).await, "INVALID name");
    let with = |name: &str, value| json!({ "name": "Export", "scopes": ["CLIENTS_READ"], name: value });
    assert_eq!(refused(with("networks", json!(["somewhere"]))).await, "INVALID networks");
    assert_eq!(refused(with("networks", json!(vec!["192.0.2.7"; 21]))).await, "INVALID networks");
    assert_eq!(refused(with("expiresAt", json!("2020-01-01T00:00:00Z"))).await, "INVALID expiresAt");
    let elsewhere = World::new().await;
    let site = id::encode("site", elsewhere.paris);
    assert_eq!(refused(with("siteId", json!(site))).await, "NOT_FOUND siteId");
}

#[tokio::test]
async fn an_organization_has_a_limited_number_of_active_keys() {
    let world = World::new().await;
    let input = json!({ "name": "Export", "scopes": ["CLIENTS_READ"] });
    let (first, _) = create(&world, input.clone()).await;
    for _ in 1..100 {
        create(&world, input.clone()).await;
    }
    assert_eq!(world.owner.refused("createApiKey", input.clone()).await, "CONFLICT");
    world.owner.does("revokeApiKey", json!({ "id": first }), "").await;
    create(&world, input).await;
}

#[tokio::test]
async fn a_key_is_no_member_and_cannot_be_treated_as_one() {
    let world = World::new().await;
    let members = "{ members(first: 100) { totalCount nodes { displayName } } }";
    let before = world.owner.query(members, json!({})).await;
    let (id, token) = create(&world, json!({ "name": "Export", "scopes": ALL_SCOPES })).await;
    assert_eq!(world.owner.query(members, json!({})).await, before);
    let script = Actor::new(&world.app.url, "script", Some(token));
    let viewer = script.query("{ viewer { displayName role member { id } } }", json!({})).await["viewer"].clone();
    assert_eq!(viewer, json!({ "displayName": "Export", "role": "OPERATOR", "member": null }));
    // Neither its account nor its session works as that of a person.
    let email = format!("api-key:{}", id::decode(id.as_str().unwrap()).unwrap().1);
    let sign_in = json!({ "email": email, "password": "neuf cerises rouges" });
    assert_eq!(world.anonymous.refused("signIn", sign_in).await, "FORBIDDEN");
    assert_eq!(world.anonymous.refused("requestPasswordReset", json!({ "email": email })).await, "INVALID email");
    for (mutation, input) in
        [("signOut", ""), ("leaveOrganization", ""), ("endSession", "(input: {})"), ("endAllSessions", "(input: {})")]
    {
        let query = format!("mutation {{ {mutation}{input} {{ userErrors {{ code }} }} }}");
        let answer = script.send(&query, json!({})).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        let code = code.or_else(|| answer["data"][mutation]["userErrors"][0]["code"].as_str());
        assert_eq!(code, Some("FORBIDDEN"), "{mutation}: {answer:#}");
    }
    let session = id.as_str().unwrap().replace("apikey", "session");
    assert_eq!(world.owner.refused("endSession", json!({ "id": session })).await, "FORBIDDEN");
    script.query("{ viewer { displayName } }", json!({})).await;
}

#[tokio::test]
async fn a_repeated_request_without_a_proof_reveals_no_token() {
    let world = World::new().await;
    let query = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token apiKey { name } } }";
    let input = json!({ "input": { "name": "Export", "scopes": ["CLIENTS_READ"] } });
    let headers = [("Idempotency-Key", "one")];
    let (_, first) = world.owner.send_with(query, input.clone(), &headers).await;
    assert!(first["data"]["createApiKey"]["token"].is_string());
    crate::factor::age_proof(&world, &world.owner, chrono::TimeDelta::minutes(11)).await;
    let (_, second) = world.owner.send_with(query, input, &headers).await;
    assert_eq!(second["data"]["createApiKey"], json!({ "token": null, "apiKey": { "name": "Export" } }));
}

#[tokio::test]
async fn the_invitations_of_a_revoked_key_are_revoked() {
    let world = World::new().await;
    let (id, token) = create(&world, json!({ "name": "Import", "scopes": ["CLIENTS_READ", "CLIENTS_INVITE"] })).await;
    let script = Actor::new(&world.app.url, "script", Some(token));
    let invite = json!({ "email": "nadia@exemple.example", "role": "CLIENT", "clientId": world.martin_id });
    script.does("inviteMember", invite, "").await;
    world.owner.does("revokeApiKey", json!({ "id": id }), "").await;
    let invitations = world.owner.query("{ invitations(first: 1) { nodes { status } } }", json!({})).await;
    assert_eq!(invitations["invitations"]["nodes"][0]["status"], "REVOKED");
}

#[tokio::test]
async fn a_key_decides_nothing_where_four_eyes_are_required() {
    let world = World::new().await;
    let (_, token) = create(&world, json!({ "name": "owner", "scopes": ALL_SCOPES })).await;
    let script = Actor::new(&world.app.url, "script", Some(token));
    let submit = json!({ "clientId": world.martin_id, "title": "Essai" });
    let submitted = world.owner.does("submitValidationRequest", submit, "validationRequest { id }").await;
    let id = submitted["validationRequest"]["id"].clone();
    world.owner.does("updateOrganization", json!({ "fourEyes": true }), "").await;
    assert_eq!(script.refused("approveValidationRequest", json!({ "id": id })).await, "FORBIDDEN");
    world.owner.does("updateOrganization", json!({ "fourEyes": false }), "").await;
    script.does("approveValidationRequest", json!({ "id": id }), "").await;
}
