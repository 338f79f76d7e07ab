//! Passwords are changed by their person, and reset by a link.

use super::{refresh::PASSWORD, set_password, store_hash};
use crate::support::{Actor, Value, World, json};
use chrono::{TimeDelta, Utc};
use dossier_core::scope::{Scope, Scopes};
use dossier_data::Purpose;
use uuid::Uuid;

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
    async fn asks(self, email: String) -> Value {
        self.mutate("requestPasswordReset", json!({ "email": email }), "accepted").await
    }
}

/// The purpose of the tokens in the links of password resets.
const RESET: Purpose = Purpose { kind: "password reset", organization: Uuid::nil(), scope: None };

#[tokio::test]
async fn the_link_of_a_password_reset_works_for_thirty_minutes() {
    let world = World::on(crate::support::App::configured(&["--rate-sign-in=0".to_owned()]).await).await;
    set_password(&world, EMAIL, PASSWORD).await;
    world.anonymous.clone().asks(EMAIL.to_owned()).await;
    let token = crate::member::token(&world.app.mail(EMAIL, "nouveau mot de passe").await);
    let sealer = &world.app.parts.sealer;
    let mut content: Value = sealer.open(&RESET, &token).unwrap();
    let until: chrono::DateTime<Utc> = content["until"].as_str().unwrap().parse().unwrap();
    let left = until - Utc::now();
    assert!((TimeDelta::minutes(29)..=TimeDelta::minutes(30)).contains(&left), "{left}");
    content["until"] = json!(Utc::now() - TimeDelta::seconds(1));
    let expired = json!({ "token": sealer.seal(&RESET, &content).unwrap(), "newPassword": NEW });
    assert_eq!(world.anonymous.refused("resetPassword", expired).await, "INVALID token");
    world.anonymous.does("resetPassword", json!({ "token": token, "newPassword": NEW }), "").await;
}

/// The words that others know: the name and the address of the person, and the organization of an invitation.
#[tokio::test]
async fn a_password_of_words_that_others_know_is_refused() {
    let world = World::new().await;
    set_password(&world, EMAIL, PASSWORD).await;
    let owner = sign_in(&world, PASSWORD).await.unwrap();
    owner.does("updateProfile", json!({ "displayName": "Zélie Vaugirard" }), "").await;
    world.anonymous.clone().asks(EMAIL.to_owned()).await;
    let link = crate::member::token(&world.app.mail(EMAIL, "nouveau mot de passe").await);
    for known in [EMAIL, "Zélie Vaugirard", "zélie vaugirard1"] {
        let change = json!({ "currentPassword": PASSWORD, "newPassword": known });
        assert_eq!(owner.refused("changePassword", change).await, "INVALID newPassword", "{known}");
        let reset = json!({ "token": link, "newPassword": known });
        assert_eq!(world.anonymous.refused("resetPassword", reset).await, "INVALID newPassword", "{known}");
    }
    owner.does("updateOrganization", json!({ "name": "Boulangerie Vaugirard" }), "").await;
    let nadia = "nadia.lempereur@client.example";
    let invite = json!({ "email": nadia, "displayName": "Nadia Lempereur", "role": "OPERATOR" });
    owner.does("inviteMember", invite, "").await;
    let token = crate::member::token(&world.app.mail(nadia, "Boulangerie").await);
    for known in [nadia, "Nadia Lempereur", "Boulangerie Vaugirard"] {
        let accept = json!({ "token": token, "password": known });
        assert_eq!(world.anonymous.refused("acceptInvitation", accept).await, "INVALID password", "{known}");
    }
    world.anonymous.does("acceptInvitation", json!({ "token": token, "password": NEW }), "").await;
}

#[tokio::test]
async fn a_password_does_not_expire() {
    let world = World::new().await;
    set_password(&world, EMAIL, PASSWORD).await;
    assert!(world.app.by_hand("UPDATE user_account SET created_at = '2001-01-01 00:00:00+00:00'").await > 0);
    assert!(sign_in(&world, PASSWORD).await.is_some());
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
    let sessions = "{ sessions(first: 10) { nodes { id current } } }";
    let own = limited.query(sessions, json!({})).await["sessions"]["nodes"].clone();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["current"]), (1, &json!(true)), "only its own session");
    let all = world.owner.query(sessions, json!({})).await["sessions"]["nodes"].clone();
    let other = all.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap().clone();
    assert_eq!(limited.refused("endSession", json!({ "id": other["id"] })).await, "FORBIDDEN");
    let left = limited.query("mutation { leaveOrganization { userErrors { code } } }", json!({})).await;
    assert_eq!(left["leaveOrganization"]["userErrors"][0]["code"], "FORBIDDEN");
    limited.does("endSession", json!({}), "").await;
    assert_eq!(limited.code(ME, json!({})).await, "UNAUTHENTICATED", "it ends itself");
}
