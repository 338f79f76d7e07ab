//! The entries of sign-ins, refusals, sessions and passwords.

use super::{ENTRY, intact, newest, newest_of};
use crate::{
    support::{Actor, Value, World, app::Member, fixtures, json},
    viewer::session::set_password,
};
use entities::membership::Role;

const PASSWORD: &str = "un long mot de passe";

async fn sign_in(world: &World, password: &str, further: Value) -> Value {
    let mut input = json!({ "email": "operator@atelier.example", "password": password, "device": "Tablette" });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    world.anonymous.mutate("signIn", input, "accessToken refreshToken").await
}

#[tokio::test]
async fn sign_ins_and_their_refusals_are_recorded() {
    let world = World::new().await;
    set_password(&world, "operator@atelier.example", PASSWORD).await;
    sign_in(&world, PASSWORD, json!({})).await;
    let query = format!("{{ auditLog(first: 1) {{ nodes {{ {ENTRY} device network }} }} }}");
    let entry = world.owner.query(&query, json!({})).await["auditLog"]["nodes"][0].clone();
    assert_eq!((&entry["action"], &entry["outcome"]), (&json!("SIGNED_IN"), &json!("SUCCEEDED")));
    assert_eq!(entry["actor"], json!({ "displayName": "operator", "kind": "MEMBER" }));
    assert_eq!((&entry["device"], &entry["network"]), (&json!("Tablette"), &json!("127.0.0.0/24")));
    let operator = fixtures::member(&world.owner, "operator").await;
    for (password, further, reason) in
        [("faux", json!({}), "WRONG_PASSWORD"), (PASSWORD, json!({ "organization": "voisin" }), "NO_MEMBERSHIP")]
    {
        assert_eq!(sign_in(&world, password, further).await["userErrors"][0]["code"], "FORBIDDEN");
        let entry = &newest(&world.owner, 1).await[0];
        assert_eq!((&entry["action"], &entry["outcome"]), (&json!("SIGN_IN_REFUSED"), &json!("REFUSED")));
        assert_eq!((&entry["refusalReason"], &entry["actor"]["kind"]), (&json!(reason), &json!("SYSTEM")));
        assert_eq!((&entry["subjectId"], &entry["subjectName"]), (&json!(operator), &json!("operator")));
    }
    intact(&world).await;
}

#[tokio::test]
async fn a_wrong_proof_of_a_person_who_is_signed_in_is_recorded() {
    let world = World::new().await;
    set_password(&world, "operator@atelier.example", PASSWORD).await;
    let signed_in = sign_in(&world, PASSWORD, json!({})).await;
    let operator = Actor::new(&world.app.url, "operator", signed_in["accessToken"].as_str().map(str::to_owned));
    let change = json!({ "currentPassword": "faux", "newPassword": "neuf cerises bien rouges" });
    for (name, input) in [("changePassword", change), ("confirmIdentity", json!({ "password": "faux" }))] {
        assert_eq!(operator.refused(name, input).await, "FORBIDDEN");
        let entries = newest(&world.owner, 2).await;
        let entry = &entries[0];
        assert_eq!((&entry["action"], &entry["refusalReason"]), (&json!("PROOF_REFUSED"), &json!("WRONG_PASSWORD")));
        assert_eq!((&entry["actor"]["displayName"], &entry["subjectName"]), (&json!("operator"), &json!("operator")));
    }
    // An input that is not a proof at all is no refusal.
    assert_eq!(operator.refused("confirmIdentity", json!({})).await, "INVALID password");
    assert_eq!(
        newest_of(&world.owner, "PROOF_REFUSED").await["sequence"],
        newest(&world.owner, 1).await[0]["sequence"]
    );
    intact(&world).await;
}

#[tokio::test]
async fn a_refusal_is_recorded_in_each_organization_of_the_person() {
    let world = World::new().await;
    let voisin = world.app.credentials(&world.stranger).unwrap();
    let voisin = world.app.parts.database.read(&voisin).await.unwrap().organization().unwrap();
    let member = |email| Member { email, ..Member::default() };
    let neighbour = world.app.member(voisin, Role::Owner, member("owner@voisin.example")).await;
    world.app.member(voisin, Role::Operator, member("operator@atelier.example")).await;
    set_password(&world, "operator@atelier.example", PASSWORD).await;
    sign_in(&world, "faux", json!({})).await;
    for owner in [&world.owner, &neighbour] {
        assert_eq!(newest(owner, 1).await[0]["action"], "SIGN_IN_REFUSED");
    }
    // Several memberships to choose from are no refusal.
    assert_eq!(sign_in(&world, PASSWORD, json!({})).await["userErrors"][0]["code"], "CONFLICT");
    assert_eq!(newest(&world.owner, 1).await[0]["refusalReason"], "WRONG_PASSWORD");
    // A change of the password concerns both, and the other one learns nothing of the session.
    let signed_in = sign_in(&world, PASSWORD, json!({ "organization": "atelier" })).await;
    let operator = Actor::new(&world.app.url, "operator", signed_in["accessToken"].as_str().map(str::to_owned));
    let input = json!({ "currentPassword": PASSWORD, "newPassword": "neuf cerises bien rouges" });
    operator.does("changePassword", input, "").await;
    let query = "{ auditLog(first: 1) { nodes { action sessionId actor { displayName } } } }";
    for (owner, knows) in [(&world.owner, true), (&neighbour, false)] {
        let entry = owner.query(query, json!({})).await["auditLog"]["nodes"][0].clone();
        assert_eq!(entry["action"], "PASSWORD_CHANGED");
        assert_eq!((entry["sessionId"].is_string(), &entry["actor"]["displayName"]), (knows, &json!("operator")));
    }
    intact(&world).await;
}

#[tokio::test]
async fn a_refresh_token_that_is_used_again_is_recorded() {
    let world = World::new().await;
    set_password(&world, "operator@atelier.example", PASSWORD).await;
    let first = sign_in(&world, PASSWORD, json!({})).await["refreshToken"].clone();
    let refresh = async |token: &Value| {
        world.anonymous.mutate("refreshSession", json!({ "refreshToken": token }), "refreshToken").await
    };
    let second = refresh(&first).await["refreshToken"].clone();
    refresh(&second).await;
    assert_eq!(refresh(&first).await["userErrors"][0]["code"], "FORBIDDEN");
    let entry = newest_of(&world.owner, "SESSION_REFRESH_REFUSED").await;
    assert_eq!((&entry["refusalReason"], &entry["subjectName"]), (&json!("TOKEN_REUSED"), &json!("operator")));
}

#[tokio::test]
async fn sessions_that_others_end_are_recorded() {
    let world = World::new().await;
    let sessions = "{ sessions(first: 1) { nodes { id } } }";
    let own = world.manager.query(sessions, json!({})).await["sessions"]["nodes"][0]["id"].clone();
    world.manager.query("mutation { signOut { signedOut } }", json!({})).await;
    assert_ne!(newest(&world.owner, 1).await[0]["action"], "SESSION_ENDED", "one's own: {own}");
    let other = world.operator.query(sessions, json!({})).await["sessions"]["nodes"][0]["id"].clone();
    world.owner.does("endSession", json!({ "id": other }), "").await;
    let entry = &newest(&world.owner, 1).await[0];
    assert_eq!((&entry["action"], &entry["subjectId"]), (&json!("SESSION_ENDED"), &other));
    let staff = fixtures::member(&world.owner, "staff").await;
    world.owner.does("endAllSessions", json!({ "memberId": staff }), "").await;
    let entry = &newest(&world.owner, 1).await[0];
    assert_eq!((&entry["action"], &entry["subjectId"]), (&json!("ALL_SESSIONS_ENDED"), &json!(staff)));
    assert_eq!(entry["actor"]["displayName"], "owner");
}

#[tokio::test]
async fn factors_wrong_codes_and_addresses_are_recorded() {
    let world = World::new().await;
    let email = "operator@atelier.example";
    let enrolled = crate::factor::enroll(&world, email).await;
    assert_eq!(newest(&world.owner, 1).await[0]["action"], "FACTOR_ADDED");
    let challenge = crate::factor::next_challenge(&world, email).await;
    crate::factor::refusal(&world, &challenge, &crate::factor::wrong_code(&enrolled.secret)).await;
    let entry = newest_of(&world.owner, "SIGN_IN_REFUSED").await;
    assert_eq!((&entry["refusalReason"], &entry["subjectName"]), (&json!("WRONG_CODE"), &json!("operator")));
    enrolled.actor.query("mutation { removeTotp { userErrors { code } } }", json!({})).await;
    assert_eq!(newest_of(&world.owner, "FACTOR_REMOVED").await["actor"]["displayName"], "operator");
    enrolled.actor.does("requestEmailChange", json!({ "newEmail": "olga@atelier.example" }), "").await;
    for (address, subject) in [(email, "changement d’adresse"), ("olga@atelier.example", "nouvelle adresse")] {
        let token = crate::member::token(&world.app.mail(address, subject).await);
        world.anonymous.does("confirmEmailChange", json!({ "token": token }), "").await;
    }
    assert_eq!(newest_of(&world.owner, "ADDRESS_CHANGED").await["subjectName"], "operator");
    intact(&world).await;
}
