use super::submit::{submit, version};
use crate::support::{Actor, Value, World, fixtures::member, json};

const COMMENTS: &str = "query($id: ID!) { node(id: $id) { ... on ValidationRequest {
    comments { nodes { body internal author { displayName } mentions { displayName } } }
} } }";

async fn bodies(actor: &Actor, id: &str) -> Vec<String> {
    let node = actor.query(COMMENTS, json!({ "id": id })).await["node"].clone();
    let comments = node["comments"]["nodes"].as_array().unwrap();
    comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
}

fn comment(id: &str, body: &str, internal: bool) -> Value {
    json!({ "id": id, "body": body, "internal": internal })
}

#[tokio::test]
async fn comments_are_shared_or_internal() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let hub = "subscription { validationHub { type validationRequest { title } } }";
    let mut portal = world.martin.subscribe(hub, json!({})).await;
    let mut agency = world.staff.subscribe(hub, json!({})).await;
    let say = async |actor: &Actor, body: &str, internal| {
        actor.does("commentOnValidationRequest", comment(&id, body, internal), "comment { id }").await
    };
    say(&world.operator, "Qui s’en occupe ?", true).await;
    say(&world.martin, "C’est urgent.", false).await;
    say(&world.staff, "J’ai relu.", false).await;
    let all = ["Qui s’en occupe ?", "C’est urgent.", "J’ai relu."];
    for actor in [&world.owner, &world.operator, &world.manager, &world.staff] {
        assert_eq!(bodies(actor, &id).await, all, "{}", actor.name);
    }
    assert_eq!(bodies(&world.martin, &id).await, all[1..]);
    for _ in all {
        assert_eq!(agency.next().await["validationHub"]["type"], "VALIDATION_COMMENTED");
    }
    // The client is told of two comments, and then of the decision.
    world.operator.does("approveValidationRequest", json!({ "id": id }), "").await;
    for kind in ["VALIDATION_COMMENTED", "VALIDATION_COMMENTED", "VALIDATION_APPROVED"] {
        assert_eq!(portal.next().await["validationHub"]["type"], kind);
    }
    say(&world.martin, "Merci !", false).await;
    let refused = async |actor: &Actor, internal| {
        actor.refused("commentOnValidationRequest", comment(&id, "Non", internal)).await
    };
    assert_eq!(refused(&world.martin, true).await, "FORBIDDEN");
    assert_eq!(refused(&world.staff, true).await, "FORBIDDEN");
    assert_eq!(refused(&world.durand, false).await, "NOT_FOUND id");
    assert_eq!(refused(&world.stranger, false).await, "NOT_FOUND id");
    world.operator.does("archiveClient", json!({ "id": world.martin_id }), "").await;
    assert_eq!(refused(&world.operator, false).await, "CONFLICT");
}

#[tokio::test]
async fn a_comment_is_about_a_version_of_the_request() {
    let world = World::new().await;
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let other = world.operator.uploads(&world.martin_id, "DOCUMENTS", "autre.txt", "autre").await;
    let (plan, other) = (version(&world.operator, &plan).await, version(&world.operator, &other).await);
    let input = json!({ "clientId": world.martin_id, "title": "Plan", "documentVersionIds": [plan] });
    let request = world.operator.does("submitValidationRequest", input, "validationRequest { id }").await;
    let about = |version: &Value| json!({ "id": request["validationRequest"]["id"], "body": "Ici", "documentVersionId": version });
    let selection = "comment { documentVersion { id } }";
    let done = world.staff.does("commentOnValidationRequest", about(&plan), selection).await;
    assert_eq!(done["comment"]["documentVersion"]["id"], plan);
    let refused = world.operator.refused("commentOnValidationRequest", about(&other)).await;
    assert_eq!(refused, "INVALID documentVersionId");
}

#[tokio::test]
async fn mentioned_members_can_read_the_comment_and_get_a_mail() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    let id = submit(&world.martin, &world.martin_id, "Brief <b>").await;
    let (manager, client) = (member(&world.owner, "manager").await, member(&world.owner, "martin").await);
    let mention = |member: &str, internal: bool| json!({ "id": id, "body": "Regardez", "internal": internal, "mentionIds": [member] });
    let selection = "comment { mentions { displayName } }";
    let done = world.operator.does("commentOnValidationRequest", mention(&manager, true), selection).await;
    assert_eq!(done["comment"]["mentions"], json!([{ "displayName": "manager" }]));
    let mail = world.app.mail("manager@atelier.example", "operator").await;
    assert!(mail.contains("Brief <b>") && mail.contains(&format!("/validation/{id}")), "{mail}");
    assert!(!mail.contains("Regardez"), "the comment stays in the dossier: {mail}");
    let refused = async |member: &str, internal| {
        world.operator.refused("commentOnValidationRequest", mention(member, internal)).await
    };
    assert_eq!(refused(&client, true).await, "INVALID mentionIds");
    let durand = member(&world.owner, "durand").await;
    assert_eq!(refused(&durand, false).await, "INVALID mentionIds");
    assert_eq!(
        world.martin.refused("commentOnValidationRequest", mention(&manager, false)).await,
        "NOT_FOUND mentionIds"
    );
    world.operator.does("commentOnValidationRequest", mention(&client, false), "").await;
    let mail = world.app.mail("martin@client.example", "operator").await;
    assert!(mail.contains(&format!("/portal/requests/{id}")), "{mail}");
}
