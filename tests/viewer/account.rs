//! Passwords are changed by their person, and reset by a link.

use super::{refresh::PASSWORD, set_password, store_hash};
use crate::support::{Actor, World, json};
use dossier_core::scope::{Scope, Scopes};

const ME: &str = "{ viewer { role displayName locale } }";
const EMAIL: &str = "owner@atelier.example";
const NEW: &str = "huit cerises rouges";

async fn sign_in(world: &World, password: &str) -> Option<Actor> {
    let input = json!({ "email": EMAIL, "password": password });
    let token = world.anonymous.mutate("signIn", input, "accessToken").await["accessToken"].as_str()?.to_owned();
    Some(Actor::new(&world.app.url, "owner", Some(token)))
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let world = World::new().await;
    set_password(&world, EMAIL, PASSWORD).await;
    let (here, there) = (sign_in(&world, PASSWORD).await.unwrap(), sign_in(&world, PASSWORD).await.unwrap());
    let mut socket = there.socket().await;
    let change = |present: &str, new: &str| json!({ "currentPassword": present, "newPassword": new });
    assert_eq!(here.refused("changePassword", change("faux", NEW)).await, "FORBIDDEN");
    assert_eq!(here.refused("changePassword", change(PASSWORD, "motdepasse12")).await, "INVALID newPassword");
    here.does("changePassword", change(PASSWORD, NEW), "changed").await;
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
    assert_eq!(there.code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(here.query(ME, json!({})).await["viewer"]["role"], "OWNER");
    assert!(sign_in(&world, PASSWORD).await.is_none());
    assert!(sign_in(&world, NEW).await.is_some());
    assert!(world.app.mail(EMAIL, "mot de passe").await.contains("owner"));
    let anonymous = world.anonymous.code(
        "mutation { changePassword(input: { currentPassword: \"a\", newPassword: \"b\" }) { changed } }",
        json!({}),
    );
    assert_eq!(anonymous.await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_password_is_reset_by_the_link_of_a_mail_once() {
    let world = World::new().await;
    set_password(&world, EMAIL, PASSWORD).await;
    let here = sign_in(&world, PASSWORD).await.unwrap();
    let ask = |email: &str| world.anonymous.clone().asks(email.to_owned());
    assert_eq!(ask("Owner@Atelier.example").await, ask("personne@atelier.example").await, "the same answer");
    let token = crate::member::token(&world.app.mail(EMAIL, "nouveau mot de passe").await);
    let reset = |token: &str, new: &str| json!({ "token": token, "newPassword": new });
    assert_eq!(world.anonymous.refused("resetPassword", reset(&token, "court")).await, "INVALID newPassword");
    assert_eq!(world.anonymous.refused("resetPassword", reset("x", NEW)).await, "INVALID token");
    world.anonymous.does("resetPassword", reset(&token, NEW), "reset").await;
    assert_eq!(here.code(ME, json!({})).await, "UNAUTHENTICATED", "all sessions end");
    assert_eq!(world.anonymous.refused("resetPassword", reset(&token, PASSWORD)).await, "INVALID token");
    assert!(sign_in(&world, NEW).await.is_some());
    assert!(sign_in(&world, PASSWORD).await.is_none());
}

impl Actor {
    async fn asks(self, email: String) -> crate::support::Value {
        self.mutate("requestPasswordReset", json!({ "email": email }), "accepted").await
    }
}

#[tokio::test]
async fn a_weak_hash_is_replaced_by_signing_in() {
    let world = World::new().await;
    let database = &world.app.parts.database;
    let params = argon2::Params::new(8, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash = argon2::password_hash::PasswordHasher::hash_password(&weak, PASSWORD.as_bytes()).unwrap().to_string();
    store_hash(&world, EMAIL, hash.clone()).await;
    let stored = async || database.account(EMAIL).await.unwrap().unwrap().password_hash.unwrap();
    assert!(sign_in(&world, "faux").await.is_none());
    assert_eq!(stored().await, hash);
    assert!(sign_in(&world, PASSWORD).await.is_some());
    let rehashed = stored().await;
    assert!(rehashed.contains("m=19456,t=2,p=1"), "{rehashed}");
    assert!(sign_in(&world, PASSWORD).await.is_some());
    assert_eq!(stored().await, rehashed, "once");
}

#[tokio::test]
async fn one_changes_ones_own_name_and_language() {
    let world = World::new().await;
    let input = json!({ "displayName": "Samir Benali", "locale": "en-GB" });
    let changed = world.staff.does("updateProfile", input, "viewer { displayName locale }").await;
    assert_eq!(changed["viewer"], json!({ "displayName": "Samir Benali", "locale": "en-GB" }));
    let members = world.owner.query("{ members(first: 50) { nodes { displayName } } }", json!({})).await;
    assert!(members.to_string().contains("Samir Benali"));
    world.staff.does("updateProfile", json!({ "locale": null }), "").await;
    assert_eq!(world.staff.query(ME, json!({})).await["viewer"]["locale"], json!(null));
    assert_eq!(world.staff.refused("updateProfile", json!({ "displayName": " " })).await, "INVALID displayName");
    assert_eq!(world.staff.refused("updateProfile", json!({ "locale": "x" })).await, "INVALID locale");
}

#[tokio::test]
async fn a_limited_session_cannot_act_on_the_account() {
    let world = World::new().await;
    set_password(&world, EMAIL, PASSWORD).await;
    let limit = Scopes::ALL.without(Scope::BillingRead);
    let limited = world.app.limited(&world.owner, limit).await;
    let change = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
    assert_eq!(limited.refused("changePassword", change).await, "FORBIDDEN");
    assert_eq!(limited.refused("updateProfile", json!({ "displayName": "Pirate" })).await, "FORBIDDEN");
    assert_eq!(limited.refused("endAllSessions", json!({})).await, "FORBIDDEN");
    let other = limited.query("{ sessions(first: 2) { nodes { id current } } }", json!({})).await;
    let other = other["sessions"]["nodes"].as_array().unwrap().iter().find(|node| node["current"] == false).unwrap();
    assert_eq!(limited.refused("endSession", json!({ "id": other["id"] })).await, "FORBIDDEN");
    let left = limited.query("mutation { leaveOrganization { userErrors { code } } }", json!({})).await;
    assert_eq!(left["leaveOrganization"]["userErrors"][0]["code"], "FORBIDDEN");
    limited.does("endSession", json!({}), "").await;
    assert_eq!(limited.code(ME, json!({})).await, "UNAUTHENTICATED", "it ends itself");
}
