//! The change of an account's address, confirmed at both addresses.

use super::{refresh::PASSWORD, set_password};
use crate::{
    member::token,
    support::{Actor, App, Value, World, json},
};

const OLD: &str = "operator@atelier.example";
const NEW: &str = "olga@atelier.example";
const ME: &str = "{ viewer { role } }";

async fn confirm(world: &World, token: &str) -> Value {
    world.anonymous.mutate("confirmEmailChange", json!({ "token": token }), "step").await
}

async fn sign_in(world: &World, email: &str) -> Value {
    let input = json!({ "email": email, "password": PASSWORD });
    world.anonymous.mutate("signIn", input, "accessToken").await["accessToken"].clone()
}

#[tokio::test]
async fn an_address_changes_when_both_addresses_are_confirmed() {
    let world = World::new().await;
    set_password(&world, OLD, PASSWORD).await;
    let first = sign_in(&world, OLD).await;
    let device = Actor::new(&world.app.url, "olga", first.as_str().map(str::to_owned));
    let mut socket = device.socket().await;
    device.does("requestEmailChange", json!({ "newEmail": " Olga@Atelier.Example " }), "accepted").await;
    let present = token(&world.app.mail(OLD, "changement d’adresse").await);
    assert_eq!(confirm(&world, &present).await["step"], "NEW_ADDRESS");
    device.query(ME, json!({})).await;
    assert_eq!(sign_in(&world, NEW).await, json!(null), "the new address is not confirmed");
    let new = token(&world.app.mail(NEW, "nouvelle adresse").await);
    assert_eq!(confirm(&world, &new).await["step"], "CHANGED");
    let input = json!({ "input": { "token": present } });
    let query = "mutation($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) { step } }";
    assert_eq!(world.anonymous.code(query, input).await, "RATE_LIMITED", "a link sends a limited number of mails");
    assert_eq!(device.code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
    assert_eq!(sign_in(&world, OLD).await, json!(null));
    assert!(sign_in(&world, NEW).await.is_string());
    world.app.mail(OLD, "a été changée").await;
}

#[tokio::test]
async fn links_for_other_purposes_and_to_earlier_addresses_do_not_work() {
    let world = World::on(crate::support::App::configured(&["--rate-sign-in=0".to_owned()]).await).await;
    set_password(&world, OLD, PASSWORD).await;
    let device = Actor::new(&world.app.url, "olga", sign_in(&world, OLD).await.as_str().map(str::to_owned));
    world.anonymous.does("requestPasswordReset", json!({ "email": OLD }), "").await;
    let reset = token(&world.app.mail(OLD, "nouveau mot de passe").await);
    assert_eq!(confirm(&world, &reset).await["userErrors"][0]["code"], "INVALID");
    assert_eq!(confirm(&world, "forged").await["userErrors"][0]["code"], "INVALID");
    device.does("requestEmailChange", json!({ "newEmail": NEW }), "").await;
    confirm(&world, &token(&world.app.mail(OLD, "changement d’adresse").await)).await;
    confirm(&world, &token(&world.app.mail(NEW, "nouvelle adresse").await)).await;
    // A person who still reads the earlier mailbox cannot set a password.
    let input = json!({ "token": reset, "newPassword": "huit cerises rouges" });
    assert_eq!(world.anonymous.refused("resetPassword", input).await, "INVALID token");
}

#[tokio::test]
async fn an_address_that_is_taken_is_refused_at_the_end() {
    let world = World::new().await;
    set_password(&world, OLD, PASSWORD).await;
    let device = Actor::new(&world.app.url, "olga", sign_in(&world, OLD).await.as_str().map(str::to_owned));
    let refused = async |new: &str| device.refused("requestEmailChange", json!({ "newEmail": new })).await;
    assert_eq!(refused(OLD).await, "INVALID newEmail");
    let taken = "manager@atelier.example";
    device.does("requestEmailChange", json!({ "newEmail": taken }), "accepted").await;
    confirm(&world, &token(&world.app.mail(OLD, "changement d’adresse").await)).await;
    let new = token(&world.app.mail(taken, "nouvelle adresse").await);
    assert_eq!(confirm(&world, &new).await["userErrors"][0]["code"], "CONFLICT");
    device.query(ME, json!({})).await;
}

#[tokio::test]
async fn a_change_needs_a_recent_proof() {
    let world = World::new().await;
    crate::factor::age_proof(&world, &world.operator, chrono::TimeDelta::minutes(11)).await;
    let refused = world.operator.refused("requestEmailChange", json!({ "newEmail": NEW })).await;
    assert_eq!(refused, "RECENT_PROOF_REQUIRED");
}

#[tokio::test]
async fn links_do_not_work_after_the_change() {
    let world = World::on(App::configured(&["--rate-sign-in=0".to_owned()]).await).await;
    set_password(&world, OLD, PASSWORD).await;
    let device = Actor::new(&world.app.url, "olga", sign_in(&world, OLD).await.as_str().map(str::to_owned));
    device.does("requestEmailChange", json!({ "newEmail": NEW }), "").await;
    let present = token(&world.app.mail(OLD, "changement d’adresse").await);
    confirm(&world, &present).await;
    let new = token(&world.app.mail(NEW, "nouvelle adresse").await);
    confirm(&world, &new).await;
    for used in [present, new] {
        assert_eq!(confirm(&world, &used).await["userErrors"][0]["code"], "INVALID");
    }
}
