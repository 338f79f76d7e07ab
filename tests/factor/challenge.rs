//! A challenge opens one session: of its person, for five minutes.

use super::{ME, OWNER, PASSWORD, actor, challenge, complete, enroll, refusal, sign_in};
use crate::{
    support::{Value, World, json},
    viewer::set_password,
};
use chrono::TimeDelta;
use dossier_data::Purpose;
use uuid::Uuid;

const PURPOSE: Purpose = Purpose { kind: "factor challenge", organization: Uuid::nil(), scope: None };

#[tokio::test]
async fn forged_and_foreign_challenges_open_nothing() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let operator = enroll(&world, "operator@atelier.example").await;
    let genuine = challenge(&world, OWNER).await;
    let cursor = owner.actor.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let token = owner.actor.token.clone().unwrap();
    let code = owner.code();
    for forged in
        ["", "x", &genuine[1..], &format!("{genuine}A"), cursor.as_str().unwrap(), &token, &"A".repeat(100_000)]
    {
        assert_eq!(refusal(&world, forged, &code).await, "INVALID challenge", "{forged:.30}");
    }
    let foreign = operator.code();
    assert_eq!(refusal(&world, &genuine, &foreign).await, "INVALID code", "the code of another person");
    assert_eq!(refusal(&world, &genuine, &operator.recovery_codes[0]).await, "INVALID code");
    assert_eq!(complete(&world, &challenge(&world, OWNER).await, &code).await["viewer"]["role"], "OWNER");
}

#[tokio::test]
async fn an_expired_challenge_opens_nothing() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let payload = sign_in(&world, OWNER).await["factorChallenge"].clone();
    let sealer = &world.app.parts.sealer;
    let mut content: Value = sealer.open(&PURPOSE, payload["token"].as_str().unwrap()).unwrap();
    let until: chrono::DateTime<chrono::Utc> = payload["expiresAt"].as_str().unwrap().parse().unwrap();
    let left = until - chrono::Utc::now();
    assert!((TimeDelta::minutes(4)..=TimeDelta::minutes(5)).contains(&left), "{left}");
    assert!(!content.to_string().contains(&owner.secret) && !content.to_string().contains(PASSWORD), "{content}");
    let code = owner.code();
    let fresh: Value = sealer.open(&PURPOSE, &challenge(&world, OWNER).await).unwrap();
    content["state"] = fresh["state"].clone();
    content["until"] = json!(chrono::Utc::now() - TimeDelta::seconds(1));
    let expired = sealer.seal(&PURPOSE, &content).unwrap();
    assert_eq!(refusal(&world, &expired, &code).await, "INVALID challenge");
    content["until"] = json!(chrono::Utc::now() + TimeDelta::minutes(1));
    let renewed = sealer.seal(&PURPOSE, &content).unwrap();
    assert_eq!(complete(&world, &renewed, &code).await["viewer"]["role"], "OWNER", "only the time was wrong");
}

#[tokio::test]
async fn a_new_password_ends_open_challenges() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let open = challenge(&world, OWNER).await;
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "huit cerises rouges" });
    owner.actor.does("changePassword", change, "changed").await;
    assert_eq!(refusal(&world, &open, &owner.code()).await, "INVALID challenge");
}

#[tokio::test]
async fn a_reset_password_does_not_replace_the_factor() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    world.anonymous.does("requestPasswordReset", json!({ "email": OWNER }), "").await;
    let token = crate::member::token(&world.app.mail(OWNER, "nouveau mot de passe").await);
    let new = "huit cerises rouges";
    world.anonymous.does("resetPassword", json!({ "token": token, "newPassword": new }), "reset").await;
    assert_eq!(owner.actor.code(ME, json!({})).await, "UNAUTHENTICATED");
    let input = json!({ "email": OWNER, "password": new });
    let payload = world.anonymous.does("signIn", input, super::TOKENS).await;
    assert_eq!(payload["accessToken"], json!(null));
    let challenge = payload["factorChallenge"]["token"].as_str().unwrap();
    assert_eq!(complete(&world, challenge, &owner.recovery_codes[0]).await["viewer"]["role"], "OWNER");
}

#[tokio::test]
async fn an_invitation_accepted_with_the_password_needs_the_factor() {
    let world = World::new().await;
    let operator = enroll(&world, INVITED).await;
    let invitation = invite(&world).await;
    let challenge = accept(&world, "ATELIER").await;
    assert_eq!(refusal(&world, &challenge, "000").await, "INVALID code");
    assert_eq!(status(&world, &invitation).await, "PENDING", "the person has not joined");
    let signed_in = complete(&world, &challenge, &operator.recovery_codes[0]).await;
    assert_eq!(signed_in["viewer"]["role"], "STAFF", "a session of the new membership");
    assert_eq!(status(&world, &invitation).await, "ACCEPTED");
}

#[tokio::test]
async fn a_challenge_of_a_revoked_or_resent_invitation_makes_nobody_a_member() {
    let world = World::new().await;
    let operator = enroll(&world, INVITED).await;
    let invitation = invite(&world).await;
    let challenge = accept(&world, "ATELIER").await;
    crate::member::expire(&world).await;
    world.owner.does("resendInvitation", json!({ "id": invitation }), "").await;
    assert_eq!(refusal(&world, &challenge, &operator.recovery_codes[0]).await, "CONFLICT", "an earlier link");
    let challenge = accept(&world, "invites you").await;
    world.owner.does("revokeInvitation", json!({ "id": invitation }), "").await;
    assert_eq!(refusal(&world, &challenge, &operator.recovery_codes[1]).await, "CONFLICT");
    assert_eq!(status(&world, &invitation).await, "REVOKED");
    let input = json!({ "email": INVITED, "password": PASSWORD });
    let payload = world.anonymous.does("signIn", input, super::TOKENS).await;
    let challenge = payload["factorChallenge"]["token"].as_str().unwrap();
    let signed_in = complete(&world, challenge, &operator.recovery_codes[2]).await;
    assert_eq!(signed_in["viewer"]["role"], "OPERATOR", "their only membership");
}

/// An address that has an account in another organization.
const INVITED: &str = "operator@voisin.example";

/// Invites the address as staff. Returns the id of the invitation.
async fn invite(world: &World) -> Value {
    let input =
        json!({ "email": INVITED, "role": "STAFF", "siteIds": [dossier_core::id::encode("site", world.paris)] });
    world.owner.does("inviteMember", input, "invitation { id }").await["invitation"]["id"].clone()
}

/// Accepts the invitation of a mail with the password. Returns the challenge.
async fn accept(world: &World, subject: &str) -> String {
    let token = crate::member::token(&world.app.mail(INVITED, subject).await);
    let accept = json!({ "token": token, "password": PASSWORD });
    let joined = world.anonymous.does("acceptInvitation", accept, super::TOKENS).await;
    assert_eq!((&joined["accessToken"], &joined["viewer"]), (&json!(null), &json!(null)));
    joined["factorChallenge"]["token"].as_str().unwrap().to_owned()
}

async fn status(world: &World, invitation: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Invitation { status } } }";
    world.owner.query(query, json!({ "id": invitation })).await["node"]["status"].clone()
}

#[tokio::test]
async fn a_session_is_refreshed_and_switched_without_the_factor() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let signed_in = complete(&world, &challenge(&world, OWNER).await, &owner.code()).await;
    let input = json!({ "refreshToken": signed_in["refreshToken"] });
    let renewed = world.anonymous.does("refreshSession", input, "accessToken").await;
    assert_eq!(actor(&world, &renewed).query(ME, json!({})).await["viewer"]["role"], "OWNER");
}

#[tokio::test]
async fn no_session_begins_without_a_code_while_the_app_is_confirmed() {
    let world = World::new().await;
    set_password(&world, OWNER, PASSWORD).await;
    let here = actor(&world, &sign_in(&world, OWNER).await);
    let secret = super::begin(&here).await;
    let attempts = futures::future::join_all((0..8).map(|_| sign_in(&world, OWNER)));
    let confirm = here.mutate("confirmTotp", json!({ "code": super::code(&secret) }), "recoveryCodes");
    let (confirmed, attempts) = tokio::join!(confirm, attempts);
    assert!(confirmed["recoveryCodes"].is_array(), "{confirmed:#}");
    for attempt in attempts.iter().filter(|attempt| attempt["accessToken"].is_string()) {
        assert_eq!(actor(&world, attempt).code(ME, json!({})).await, "UNAUTHENTICATED", "it began before, and ended");
    }
}
