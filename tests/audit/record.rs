//! The entries of changes of rights, settings, keys and decisions. The test of permissions lists the actions of each
//! mutation.

use super::{intact, newest, newest_of};
use crate::{
    permissions::subjects,
    support::{World, fixtures, json},
};
use entities::{audit_entry, membership::Role};
use sea_orm::EntityTrait;

#[tokio::test]
async fn a_change_of_rights_is_recorded_with_both_values() {
    let world = World::new().await;
    let staff = fixtures::member(&world.owner, "staff").await;
    let lyon = dossier_core::id::encode("site", world.lyon);
    world.owner.does("changeMember", json!({ "id": staff, "role": "MANAGER", "siteIds": [lyon] }), "").await;
    let entry = &newest(&world.owner, 1).await[0];
    assert_eq!(
        *entry,
        json!({
            "action": "MEMBER_CHANGED", "outcome": "SUCCEEDED", "refusalReason": null,
            "actor": { "displayName": "owner", "kind": "MEMBER" },
            "subjectType": "MEMBER", "subjectId": staff, "subjectName": "staff", "client": null, "note": null,
            "changes": [
                { "field": "role", "before": "STAFF", "after": "MANAGER" },
                { "field": "sites", "before": "Paris", "after": "Lyon" },
            ],
            "changedFields": ["role", "sites"],
        })
    );
    // A change to the same values is none.
    world.owner.does("changeMember", json!({ "id": staff, "role": "MANAGER" }), "").await;
    assert_eq!(newest(&world.owner, 1).await[0], *entry);
    intact(&world).await;
}

#[tokio::test]
async fn settings_are_named_in_the_entry_and_their_texts_stand_in_the_detail() {
    let world = World::new().await;
    let input = json!({ "legalName": "Atelier SARL", "address": "1 rue de la Paix", "fourEyes": true });
    world.owner.does("updateOrganization", input, "").await;
    let entry = newest_of(&world.owner, "ORGANIZATION_CHANGED").await;
    assert_eq!(entry["changedFields"], json!(["legalName", "address", "fourEyes"]));
    assert_eq!(entry["changes"][0], json!({ "field": "legalName", "before": null, "after": "Atelier SARL" }));
    // Each setting that the schema has is recorded.
    let settings = json!({
        "name": "L’Atelier", "registrationNumber": "552 100 554 00025", "vatNumber": "FR83404833048",
        "legalNotice": "SARL au capital de 1 000 €", "locale": "en-GB", "timeZone": "Europe/London", "eventDays": 100,
        "requiredFactorRoles": ["STAFF"], "accentColor": "#123456", "storageLimit": 1_000_000_000,
        "trashDays": 10, "zoneRetention": [{ "zone": "INVOICES", "days": 3650 }],
        "portals": [{ "track": "LAB", "name": "Le laboratoire" }],
    });
    world.owner.does("updateOrganization", settings.clone(), "").await;
    let entry = newest_of(&world.owner, "ORGANIZATION_CHANGED").await;
    let mut fields: Vec<_> = settings.as_object().unwrap().keys().map(String::as_str).collect();
    let recorded = entry["changedFields"].to_string().replace("ownStorageLimit", "storageLimit");
    let recorded = recorded.replace("portals.LAB.name", "portals");
    let mut recorded: Vec<String> = serde_json::from_str(&recorded).unwrap();
    fields.sort_unstable();
    recorded.sort_unstable();
    assert_eq!(recorded, fields);
    fields.extend(["legalName", "address", "fourEyes", "expectedRevision"]);
    fields.sort_unstable();
    let inputs = "{ __type(name: \"UpdateOrganizationInput\") { inputFields { name } } }";
    let inputs = world.owner.query(inputs, json!({})).await["__type"]["inputFields"].clone();
    let mut inputs: Vec<_> = inputs.as_array().unwrap().iter().filter_map(|input| input["name"].as_str()).collect();
    inputs.sort_unstable();
    assert_eq!(fields, inputs, "a setting is missing in this test");
    let paris = dossier_core::id::encode("site", world.paris);
    world.owner.does("updateSite", json!({ "id": paris, "name": "Paris Nord" }), "").await;
    let entry = newest_of(&world.owner, "SITE_CHANGED").await;
    assert_eq!(entry["changes"], json!([{ "field": "name", "before": "Paris", "after": "Paris Nord" }]));
    world.owner.does("inviteMember", json!({ "email": "neuf@exemple.example", "role": "OPERATOR" }), "").await;
    let entry = newest_of(&world.owner, "MEMBER_INVITED").await;
    assert_eq!(entry["subjectName"], "neuf@exemple.example");
    let rows = audit_entry::Entity::find().all(&world.app.owner().await).await.unwrap();
    let stored = format!("{rows:?}");
    for text in ["SARL", "rue de la Paix", "exemple.example", "owner", "127.0.0"] {
        assert!(!stored.contains(text), "{text} must not be in an entry");
    }
}

#[tokio::test]
async fn decisions_and_documents_are_recorded_with_their_dossier() {
    let world = World::new().await;
    let request = subjects::request(&world, false).await;
    world.operator.does("rejectValidationRequest", json!({ "id": request, "reason": "trop tôt" }), "").await;
    let entry = newest_of(&world.owner, "VALIDATION_REJECTED").await;
    assert_eq!(entry["actor"]["displayName"], "operator");
    assert_eq!((&entry["note"], &entry["client"]["id"]), (&json!("trop tôt"), &json!(world.martin_id)));
    assert_eq!(entry["subjectId"], json!(request));
    let quote = subjects::quote(&world, true).await;
    world.martin.does("refuseQuote", json!({ "id": quote, "reason": "trop cher" }), "").await;
    let entry = newest_of(&world.owner, "QUOTE_REFUSED").await;
    assert_eq!(entry["actor"], json!({ "displayName": "martin", "kind": "CLIENT" }));
    assert_eq!(entry["note"], "trop cher");
    let invoice = subjects::invoice(&world, true).await;
    assert_eq!(newest_of(&world.owner, "INVOICE_ISSUED").await["subjectId"], json!(invoice));
    intact(&world).await;
}

#[tokio::test]
async fn an_entry_tells_the_api_key_the_device_and_the_network() {
    let world = World::new().await;
    let input = json!({ "name": "Export", "scopes": ["CLIENTS_READ", "CLIENTS_INVITE", "MEMBERS_READ"] });
    let key = world.owner.does("createApiKey", input, "apiKey { id } token").await;
    let script = crate::support::Actor::new(&world.app.url, "script", key["token"].as_str().map(str::to_owned));
    let mutation = "mutation($input: InviteMemberInput!) { inviteMember(input: $input) { userErrors { message } } }";
    let input = json!({ "email": "neuf@exemple.example", "role": "CLIENT", "clientId": world.martin_id });
    let answer = script.send_with(mutation, json!({ "input": input }), &[("User-Agent", "curl/8")]).await.1;
    assert_eq!(answer["data"]["inviteMember"]["userErrors"], json!([]));
    let fields = "action apiKey { id } sessionId actor { displayName memberId } device network";
    let log = format!("query($key: ID!) {{ auditLog(filter: {{ apiKeyId: $key }}) {{ nodes {{ {fields} }} }} }}");
    let id = key["apiKey"]["id"].as_str().unwrap();
    let log = world.owner.query(&log, json!({ "key": id })).await;
    assert_eq!(
        log["auditLog"]["nodes"],
        json!([{
            "action": "MEMBER_INVITED", "apiKey": { "id": id }, "sessionId": id.replace("apikey", "session"),
            "actor": { "displayName": "Export", "memberId": null }, "device": "curl/8", "network": "127.0.0.0/24",
        }])
    );
}

#[tokio::test]
async fn people_who_leave_are_recorded_themselves() {
    let world = World::new().await;
    let staff = fixtures::member(&world.owner, "staff").await;
    world.staff.query("mutation { leaveOrganization { userErrors { code } } }", json!({})).await;
    let entry = newest_of(&world.owner, "MEMBER_LEFT").await;
    assert_eq!((&entry["actor"]["displayName"], &entry["subjectId"]), (&json!("staff"), &json!(staff)));
    let removed = subjects::new_member(&world, Role::Operator).await;
    assert_eq!(newest_of(&world.owner, "MEMBER_ADDED").await["actor"]["kind"], "SYSTEM");
    world.owner.does("removeMember", json!({ "id": removed }), "").await;
    assert_eq!(newest_of(&world.owner, "MEMBER_REMOVED").await["subjectId"], json!(removed));
}
