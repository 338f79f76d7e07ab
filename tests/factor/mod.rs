//! Second factors, recent proofs of identity, and factors that an organization requires.

mod authenticator;
mod challenge;
mod codes;
mod enroll;
mod passkey;
mod proof;
mod required;
mod reset;

use crate::{
    support::{Actor, Value, World, json},
    viewer::set_password,
};
use chrono::TimeDelta;
use dossier_core::viewer::Viewer;
use entities::session;
use totp_rs::{Builder, Secret};

pub const PASSWORD: &str = "sept pommes vertes";
pub const OWNER: &str = "owner@atelier.example";
const ME: &str = "{ viewer { role totpEnabled recoveryCodesLeft factorRequired } }";
const TOKENS: &str = "accessToken refreshToken viewer { role } factorChallenge { token expiresAt }";

/// A person with a second factor, signed in with it.
pub struct Enrolled {
    pub actor: Actor,
    pub secret: String,
    /// The code that confirmed the app.
    pub used_code: String,
    pub recovery_codes: Vec<String>,
}

impl Enrolled {
    /// Returns the present code.
    pub fn code(&self) -> String {
        code(&self.secret)
    }
}

/// Returns the present code of a secret.
pub fn code(secret: &str) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(u64::try_from(chrono::Utc::now().timestamp()).unwrap()).to_string()
}

/// Returns a code that is not valid now, nor in the next minutes.
pub fn wrong_code(secret: &str) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    let now = u64::try_from(chrono::Utc::now().timestamp()).unwrap();
    let soon: Vec<_> = (0..10).map(|step| totp.generate(now - 60 + 30 * step).to_string()).collect();
    (0..100).map(|number| format!("{number:06}")).find(|code| !soon.contains(code)).unwrap()
}

/// Signs in with the password. Returns the payload.
pub async fn sign_in(world: &World, email: &str) -> Value {
    world.anonymous.does("signIn", json!({ "email": email, "password": PASSWORD }), TOKENS).await
}

/// Returns the person whose session a payload began.
pub fn actor(world: &World, payload: &Value) -> Actor {
    let token = payload["accessToken"].as_str().unwrap_or_else(|| panic!("no session in {payload:#}"));
    Actor::new(&world.app.url, "enrolled", Some(token.to_owned()))
}

/// Forgets the codes that were used, and returns the challenge of a sign-in with the password.
pub async fn challenge(world: &World, email: &str) -> String {
    world.app.by_hand("UPDATE user_account SET totp_step = NULL").await;
    next_challenge(world, email).await
}

/// Returns the challenge of a sign-in with the password.
pub async fn next_challenge(world: &World, email: &str) -> String {
    let payload = sign_in(world, email).await;
    assert_eq!(
        (&payload["accessToken"], &payload["refreshToken"], &payload["viewer"]),
        (&json!(null), &json!(null), &json!(null))
    );
    payload["factorChallenge"]["token"].as_str().unwrap().to_owned()
}

/// Completes a sign-in.
pub async fn complete(world: &World, challenge: &str, code: &str) -> Value {
    let input = json!({ "challenge": challenge, "code": code });
    world.anonymous.mutate("completeSignIn", input, "accessToken refreshToken viewer { role }").await
}

/// Returns the error that completing a sign-in gives.
pub async fn refusal(world: &World, challenge: &str, code: &str) -> String {
    world.anonymous.refused("completeSignIn", json!({ "challenge": challenge, "code": code })).await
}

/// Begins an enrollment, and returns the secret.
pub async fn begin(actor: &Actor) -> String {
    let enrolled = actor.query("mutation { enrollTotp { secret uri qrCode userErrors { code } } }", json!({})).await;
    let enrolled = &enrolled["enrollTotp"];
    assert_eq!(enrolled["userErrors"], json!([]));
    let (uri, secret) = (enrolled["uri"].as_str().unwrap(), enrolled["secret"].as_str().unwrap());
    assert!(uri.starts_with("otpauth://totp/Dossier:") && uri.contains(secret), "{uri}");
    assert!(enrolled["qrCode"].as_str().unwrap().contains("<svg"));
    secret.to_owned()
}

/// Enrolls a person who signs in with the password.
pub async fn enroll(world: &World, email: &str) -> Enrolled {
    set_password(world, email, PASSWORD).await;
    let actor = actor(world, &sign_in(world, email).await);
    let secret = begin(&actor).await;
    let used_code = code(&secret);
    let confirmed = actor.does("confirmTotp", json!({ "code": used_code }), "recoveryCodes").await;
    let codes = confirmed["recoveryCodes"].as_array().unwrap().iter();
    let recovery_codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    Enrolled { actor, secret, used_code, recovery_codes }
}

/// Moves the proof of a session into the past.
pub async fn age_proof(world: &World, actor: &Actor, by: TimeDelta) {
    let database = &world.app.parts.database;
    let tx = database.read(&world.app.credentials(actor).unwrap()).await.unwrap();
    let (user, id) = (tx.member().unwrap().user, tx.member().unwrap().session().unwrap());
    drop(tx);
    let tx = database.write_as(Viewer::SigningIn { user }).await.unwrap();
    let before = tx.get::<session::Entity>(id).await.unwrap().unwrap();
    let proven_at = before.proven_at.map(|at| at - by);
    tx.update_without_event(&before, session::Model { proven_at, ..before.clone() }).await.unwrap();
    tx.commit().await.unwrap();
}
