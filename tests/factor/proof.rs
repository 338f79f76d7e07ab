//! Sensitive mutations need a recent proof of identity.

use super::{OWNER, PASSWORD, actor, age_proof, enroll, sign_in, wrong_code};
use crate::{
    support::{Actor, World, actors::mutation, fixtures::member, json},
    viewer::set_password,
};
use chrono::TimeDelta;

const REQUIRED: &str = "RECENT_PROOF_REQUIRED";

/// Signs in as the owner, with a proof that is too old.
async fn stale(world: &World) -> Actor {
    set_password(world, OWNER, PASSWORD).await;
    let owner = actor(world, &sign_in(world, OWNER).await);
    age_proof(world, &owner, TimeDelta::minutes(10)).await;
    owner
}

async fn code_of(actor: &Actor, name: &str) -> serde_json::Value {
    let answer = actor.query(&format!("mutation {{ {name} {{ userErrors {{ code }} }} }}"), json!({})).await;
    answer[name]["userErrors"][0]["code"].clone()
}

#[tokio::test]
async fn sensitive_mutations_are_refused_without_a_recent_proof_and_allowed_with_it() {
    let world = World::new().await;
    let owner = stale(&world).await;
    let (operator, manager) = (member(&owner, "operator").await, member(&owner, "manager").await);
    let change = json!({ "id": manager, "role": "OPERATOR" });
    let roles = json!({ "requiredFactorRoles": ["STAFF"] });
    let invite = |role| json!({ "email": "nadia@atelier.example", "role": role });
    assert_eq!(owner.refused("changeMember", change.clone()).await, REQUIRED);
    assert_eq!(owner.refused("transferOwnership", json!({ "id": operator })).await, REQUIRED);
    assert_eq!(owner.refused("resetMemberFactors", json!({ "id": operator })).await, REQUIRED);
    assert_eq!(owner.refused("updateOrganization", roles.clone()).await, REQUIRED);
    for role in ["OWNER", "OPERATOR"] {
        assert_eq!(owner.refused("inviteMember", invite(role)).await, REQUIRED);
    }
    assert_eq!(owner.refused("confirmTotp", json!({ "code": "000000" })).await, REQUIRED);
    let key = json!({ "name": "Export", "scopes": ["CLIENTS_READ"] });
    assert_eq!(owner.refused("createApiKey", key).await, REQUIRED);
    for name in ["enrollTotp", "removeTotp", "regenerateRecoveryCodes", "beginPasskeyRegistration"] {
        assert_eq!(code_of(&owner, name).await, REQUIRED, "{name}");
    }
    owner.does("updateOrganization", json!({ "name": "Atelier", "fourEyes": true }), "").await;
    let one_pair = json!({ "fourEyes": false });
    assert_eq!(owner.refused("updateOrganization", one_pair.clone()).await, REQUIRED);
    let client = json!({ "email": "nadia@atelier.example", "role": "CLIENT", "clientId": world.martin_id });
    owner.does("inviteMember", client, "").await;
    // The permission is checked first.
    assert_eq!(world.operator.refused("changeMember", change.clone()).await, "FORBIDDEN");

    assert_eq!(owner.refused("confirmIdentity", json!({})).await, "INVALID password");
    assert_eq!(owner.refused("confirmIdentity", json!({ "password": "faux" })).await, "FORBIDDEN");
    assert_eq!(owner.refused("confirmIdentity", json!({ "code": "000000" })).await, "INVALID code");
    assert_eq!(owner.refused("changeMember", change.clone()).await, REQUIRED, "a wrong proof is none");
    owner.does("confirmIdentity", json!({ "password": PASSWORD }), "confirmed").await;
    owner.does("changeMember", change, "").await;
    owner.does("updateOrganization", roles, "").await;
    owner.does("updateOrganization", one_pair, "").await;
    age_proof(&world, &owner, TimeDelta::minutes(9)).await;
    owner.does("transferOwnership", json!({ "id": operator }), "").await;
}

#[tokio::test]
async fn a_proof_with_a_factor_needs_its_code() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    age_proof(&world, &owner.actor, TimeDelta::minutes(10)).await;
    let invite = json!({ "email": "nadia@atelier.example", "role": "OWNER" });
    assert_eq!(owner.actor.refused("inviteMember", invite.clone()).await, REQUIRED);
    let prove = async |input| owner.actor.refused("confirmIdentity", input).await;
    assert_eq!(prove(json!({ "password": PASSWORD })).await, "INVALID code", "the password is not enough");
    assert_eq!(prove(json!({ "code": wrong_code(&owner.secret) })).await, "INVALID code");
    assert_eq!(prove(json!({ "code": owner.used_code })).await, "INVALID code", "it was used for the enrollment");
    assert_eq!(prove(json!({ "code": owner.recovery_codes[0], "password": "faux" })).await, "FORBIDDEN");
    assert_eq!(owner.actor.refused("inviteMember", invite.clone()).await, REQUIRED);
    owner.actor.does("confirmIdentity", json!({ "code": owner.recovery_codes[0] }), "confirmed").await;
    owner.actor.does("inviteMember", invite, "").await;
    let document = mutation("confirmIdentity", "");
    let input = json!({ "input": { "code": "000000" } });
    assert_eq!(world.anonymous.code(&document, input).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_proof_holds_for_its_session_only_and_a_refresh_is_none() {
    let world = World::new().await;
    let owner = stale(&world).await;
    let payload = sign_in(&world, OWNER).await;
    let other = actor(&world, &payload);
    let change = json!({ "id": member(&other, "manager").await, "role": "OPERATOR" });
    assert_eq!(owner.refused("changeMember", change.clone()).await, REQUIRED, "another session was proven");
    age_proof(&world, &other, TimeDelta::minutes(10)).await;
    let input = json!({ "refreshToken": payload["refreshToken"] });
    let refreshed = actor(&world, &world.anonymous.does("refreshSession", input, "accessToken").await);
    assert_eq!(refreshed.refused("changeMember", change.clone()).await, REQUIRED);
    owner.does("confirmIdentity", json!({ "password": PASSWORD }), "").await;
    assert_eq!(refreshed.refused("changeMember", change.clone()).await, REQUIRED);
    owner.does("changeMember", change, "").await;
}

#[tokio::test]
async fn the_same_request_succeeds_after_a_proof() {
    let world = World::new().await;
    let owner = stale(&world).await;
    let document = mutation("changeMember", "member { role }");
    let input = json!({ "input": { "id": member(&owner, "manager").await, "role": "OPERATOR" } });
    let send = async || owner.send_with(&document, input.clone(), &[("Idempotency-Key", "once")]).await.1;
    let refused = send().await;
    assert_eq!(refused["data"]["changeMember"]["userErrors"][0]["code"], REQUIRED, "{refused:#}");
    owner.does("confirmIdentity", json!({ "password": PASSWORD }), "").await;
    for answer in [send().await, send().await] {
        assert_eq!(answer["data"]["changeMember"]["member"]["role"], "OPERATOR", "{answer:#}");
    }
}

#[tokio::test]
async fn the_token_of_a_command_proves_nothing_by_itself() {
    let world = World::new().await;
    set_password(&world, OWNER, PASSWORD).await;
    world.app.by_hand("UPDATE session SET proven_at = NULL").await;
    let change = json!({ "id": member(&world.owner, "manager").await, "role": "OPERATOR" });
    assert_eq!(world.owner.refused("changeMember", change.clone()).await, REQUIRED);
    world.owner.does("confirmIdentity", json!({ "password": PASSWORD }), "").await;
    world.owner.does("changeMember", change, "").await;
}

#[tokio::test]
async fn a_person_with_a_factor_changes_the_password_with_a_recent_proof() {
    let world = World::new().await;
    let enrolled = enroll(&world, OWNER).await;
    let input = || json!({ "currentPassword": PASSWORD, "newPassword": "huit cerises rouges" });
    age_proof(&world, &enrolled.actor, TimeDelta::minutes(11)).await;
    assert_eq!(enrolled.actor.refused("changePassword", input()).await, "RECENT_PROOF_REQUIRED");
    enrolled.actor.does("confirmIdentity", json!({ "code": enrolled.recovery_codes[0] }), "").await;
    enrolled.actor.does("changePassword", input(), "").await;
}
