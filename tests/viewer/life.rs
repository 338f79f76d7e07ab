//! The life of a person, from the invitation to the removal, as their devices and sockets see it.

use super::refresh::PASSWORD;
use crate::support::{Actor, Value, World, json};
use dossier_core::id;

const ME: &str = "{ viewer { displayName role } }";
const TOKENS: &str = "accessToken refreshToken viewer { member { id } }";
const EMAIL: &str = "nadia@atelier.example";
const NEW: &str = "huit cerises rouges";

fn device(world: &World, payload: &Value) -> Actor {
    Actor::new(&world.app.url, "nadia", payload["accessToken"].as_str().map(str::to_owned))
}

/// Signs in with the password and a code of the second factor.
async fn sign_in(world: &World, password: &str, code: &str) -> Value {
    let input = json!({ "email": EMAIL, "password": password });
    let payload = world.anonymous.does("signIn", input, "accessToken factorChallenge { token }").await;
    assert_eq!(payload["accessToken"], json!(null), "the password is not enough");
    let input = json!({ "challenge": payload["factorChallenge"]["token"], "code": code });
    world.anonymous.does("completeSignIn", input, TOKENS).await
}

async fn is_signed_out(actor: &Actor) -> bool {
    actor.code(ME, json!({})).await == "UNAUTHENTICATED"
}

#[tokio::test]
async fn a_person_is_invited_works_on_two_devices_and_is_removed() {
    let world = World::new().await;
    // Invited, and joined.
    let invitation = json!({ "email": EMAIL, "displayName": "Nadia", "role": "OPERATOR" });
    world.owner.does("inviteMember", invitation, "").await;
    let token = crate::member::token(&world.app.mail(EMAIL, "ATELIER").await);
    let joined =
        world.anonymous.does("acceptInvitation", json!({ "token": token, "password": PASSWORD }), TOKENS).await;
    let member = joined["viewer"]["member"]["id"].clone();
    // A second factor.
    let laptop = device(&world, &joined);
    let secret = crate::factor::begin(&laptop).await;
    let code = crate::factor::code(&secret);
    let confirmed = laptop.does("confirmTotp", json!({ "code": code }), "recoveryCodes").await;
    let recovery = |number: usize| confirmed["recoveryCodes"][number].as_str().unwrap().to_owned();
    // Two devices, each with a socket.
    let phone = sign_in(&world, PASSWORD, &recovery(0)).await;
    let (mut on_laptop, mut on_phone) = (laptop.socket().await, device(&world, &phone).socket().await);
    // A refresh token of the phone is stolen: the thief renews first, and the phone comes later.
    let refresh = async |payload: &Value| {
        world.anonymous.mutate("refreshSession", json!({ "refreshToken": payload["refreshToken"] }), TOKENS).await
    };
    let stolen = refresh(&phone).await;
    let stolen = refresh(&stolen).await;
    let thief = device(&world, &stolen);
    assert_eq!(thief.query(ME, json!({})).await["viewer"]["displayName"], "Nadia");
    assert_eq!(refresh(&phone).await["userErrors"][0]["code"], "FORBIDDEN");
    assert_eq!(on_phone.closed().await, (4403, "session-ended".to_owned()));
    assert!(is_signed_out(&thief).await && is_signed_out(&device(&world, &phone)).await);
    assert_eq!(laptop.query(ME, json!({})).await["viewer"]["role"], "OPERATOR", "the laptop goes on");
    // All sessions end, and the password is reset.
    laptop.does("endAllSessions", json!({ "includeCurrent": true }), "count").await;
    assert_eq!(on_laptop.closed().await, (4403, "session-ended".to_owned()));
    world.anonymous.does("requestPasswordReset", json!({ "email": EMAIL }), "").await;
    let token = crate::member::token(&world.app.mail(EMAIL, "nouveau mot de passe").await);
    world.anonymous.does("resetPassword", json!({ "token": token, "newPassword": NEW }), "").await;
    let old = world.anonymous.refused("signIn", json!({ "email": EMAIL, "password": PASSWORD })).await;
    assert_eq!(old, "FORBIDDEN");
    // Another role: the open socket of the device sees less from now on.
    let laptop = device(&world, &sign_in(&world, NEW, &recovery(1)).await);
    let mut stream = laptop.subscribe("subscription { dossierEvents { type } }", json!({})).await;
    let lyon = id::encode("site", world.lyon);
    world.owner.does("changeMember", json!({ "id": member, "role": "MANAGER", "siteIds": [lyon] }), "").await;
    assert_eq!(stream.next().await["dossierEvents"]["type"], "RESYNC_REQUIRED");
    world.operator.does("updateClient", json!({ "id": world.martin_id, "track": "ONE" }), "").await;
    world.operator.does("archiveClient", json!({ "id": world.durand_id }), "").await;
    let event = stream.next().await;
    assert_eq!(event["dossierEvents"]["type"], "CLIENT_ARCHIVED", "nothing of Paris: {event:#}");
    // Removed.
    let mut socket = laptop.socket().await;
    world.owner.does("removeMember", json!({ "id": member }), "").await;
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
    assert!(is_signed_out(&laptop).await);
    let refused = world.anonymous.refused("signIn", json!({ "email": EMAIL, "password": NEW })).await;
    assert_eq!(refused, "FORBIDDEN", "no membership is left");
}
