//! Passkeys as second and as only factors.

use super::{
    OWNER, PASSWORD, actor, age_proof,
    authenticator::{Authenticator, PRESENT, VERIFIED},
    enroll, refusal, sign_in,
};
use crate::{
    support::{Actor, Value, World, fixtures::member, json},
    viewer::set_password,
};
use chrono::TimeDelta;
use dossier_data::Purpose;
use uuid::Uuid;

const BEGUN: &str = "attempt options expiresAt";
const ADDED: &str = "passkey { id name createdAt lastUsedAt } recoveryCodes";
const SESSION: &str = "accessToken refreshToken viewer { role }";
const PASSKEYS: &str = "{ viewer { totpEnabled recoveryCodesLeft passkeys { id name lastUsedAt } } }";

/// A person who signed in with the password, and added a passkey.
struct Owner {
    actor: Actor,
    device: Authenticator,
    id: Value,
    recovery_codes: Vec<String>,
}

async fn with_password(world: &World, email: &str) -> Actor {
    set_password(world, email, PASSWORD).await;
    actor(world, &sign_in(world, email).await)
}

async fn begin_registration(actor: &Actor) -> Value {
    let query = format!("mutation {{ beginPasskeyRegistration {{ {BEGUN} userErrors {{ code message }} }} }}");
    actor.query(&query, json!({})).await["beginPasskeyRegistration"].clone()
}

fn new_passkey(begun: &Value, device: &mut Authenticator) -> Value {
    let credential = device.create(begun["options"].as_str().unwrap());
    json!({ "attempt": begun["attempt"], "credential": credential, "name": "Téléphone" })
}

async fn add(actor: Actor) -> Owner {
    let mut device = Authenticator::new();
    let input = new_passkey(&begin_registration(&actor).await, &mut device);
    let added = actor.does("addPasskey", input, ADDED).await;
    let codes = added["recoveryCodes"].as_array().unwrap().iter();
    let recovery_codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    Owner { actor, device, id: added["passkey"]["id"].clone(), recovery_codes }
}

async fn owner(world: &World) -> Owner {
    add(with_password(world, OWNER).await).await
}

/// Begins an authentication, and uses the device for it.
async fn assertion(actor: &Actor, device: &mut Authenticator, input: Value) -> Value {
    let begun = actor.does("beginPasskeyAuthentication", input, BEGUN).await;
    json!({ "attempt": begun["attempt"], "credential": device.get(begun["options"].as_str().unwrap()) })
}

async fn refused(world: &World, passkey: Value) -> String {
    world.anonymous.refused("signInWithPasskey", json!({ "passkey": passkey })).await
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_password() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    assert_eq!(owner.recovery_codes.len(), 10);
    let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    let input = json!({ "passkey": passkey, "device": "Téléphone de Nadia" });
    let signed = world.anonymous.does("signInWithPasskey", input, SESSION).await;
    assert_eq!(signed["viewer"]["role"], "OWNER");
    let signed = actor(&world, &signed);
    let shown = signed.query(PASSKEYS, json!({})).await["viewer"].clone();
    assert_eq!(shown["passkeys"][0]["name"], "Téléphone");
    assert!(shown["passkeys"][0]["lastUsedAt"].is_string(), "{shown:#}");
    assert_eq!((&shown["totpEnabled"], &shown["recoveryCodesLeft"]), (&json!(false), &json!(10)));
    // Signing in with a verified passkey is a recent proof.
    signed.does("inviteMember", json!({ "email": "nadia@atelier.example", "role": "OWNER" }), "").await;
    assert_eq!(refused(&world, passkey).await, "INVALID attempt", "an attempt works once");
}

#[tokio::test]
async fn a_passkey_is_a_second_factor() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    let query = "factorChallenge { token acceptsAppCode acceptsPasskey }";
    let signing_in = async || {
        let input = json!({ "email": OWNER, "password": PASSWORD });
        world.anonymous.does("signIn", input, query).await["factorChallenge"].clone()
    };
    let challenge = signing_in().await;
    assert_eq!((&challenge["acceptsAppCode"], &challenge["acceptsPasskey"]), (&json!(false), &json!(true)));
    let begun = world.anonymous.does("beginPasskeyAuthentication", json!({ "challenge": challenge["token"] }), BEGUN);
    let begun = begun.await;
    let options: Value = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    assert_eq!(options["allowCredentials"][0]["id"], owner.device.credential_id());
    assert_eq!((&options["userVerification"], &options["rpId"]), (&json!("required"), &json!("localhost")));
    let passkey = assertion(&world.anonymous, &mut owner.device, json!({ "challenge": challenge["token"] })).await;
    let signed = world.anonymous.does("signInWithPasskey", json!({ "passkey": passkey }), SESSION).await;
    assert_eq!(signed["viewer"]["role"], "OWNER");
    // The passkey was used, so that the challenge is over.
    let input = json!({ "challenge": challenge["token"] });
    assert_eq!(world.anonymous.refused("beginPasskeyAuthentication", input).await, "INVALID challenge");

    let challenge = signing_in().await;
    let challenge = challenge["token"].as_str().unwrap();
    assert_eq!(refusal(&world, challenge, "000000").await, "INVALID code", "there is no app");
    let signed = super::complete(&world, challenge, &owner.recovery_codes[0]).await;
    assert_eq!(signed["viewer"]["role"], "OWNER", "a recovery code replaces a lost device");
}

#[tokio::test]
async fn a_passkey_completes_the_acceptance_of_an_invitation() {
    let world = World::new().await;
    let email = "operator@voisin.example";
    let mut person = add(with_password(&world, email).await).await;
    let input = json!({ "email": email, "role": "STAFF", "siteIds": [dossier_core::id::encode("site", world.paris)] });
    world.owner.does("inviteMember", input, "").await;
    let token = crate::member::token(&world.app.mail(email, "ATELIER").await);
    let accept = json!({ "token": token, "password": PASSWORD });
    let joined = world.anonymous.does("acceptInvitation", accept, super::TOKENS).await;
    assert_eq!(joined["accessToken"], json!(null));
    let challenge = json!({ "challenge": joined["factorChallenge"]["token"] });
    let passkey = assertion(&world.anonymous, &mut person.device, challenge).await;
    let signed = world.anonymous.does("signInWithPasskey", json!({ "passkey": passkey }), SESSION).await;
    assert_eq!(signed["viewer"]["role"], "STAFF", "a session of the new membership");
}

#[tokio::test]
async fn a_passkey_is_a_recent_proof() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    age_proof(&world, &owner.actor, TimeDelta::minutes(10)).await;
    let change = json!({ "id": member(&owner.actor, "manager").await, "role": "OPERATOR" });
    assert_eq!(owner.actor.refused("changeMember", change.clone()).await, "RECENT_PROOF_REQUIRED");
    assert_eq!(owner.actor.refused("confirmIdentity", json!({ "password": PASSWORD })).await, "INVALID code");
    let passkey = assertion(&owner.actor, &mut owner.device, json!({})).await;
    let both = json!({ "passkey": passkey, "code": owner.recovery_codes[0] });
    assert_eq!(owner.actor.refused("confirmIdentity", both).await, "INVALID passkey");
    owner.actor.does("confirmIdentity", json!({ "passkey": passkey }), "confirmed").await;
    owner.actor.does("changeMember", change, "").await;
    assert_eq!(owner.actor.refused("confirmIdentity", json!({ "passkey": passkey })).await, "INVALID attempt");
    // The passkey of another person proves nothing.
    let mut operator = add(with_password(&world, "operator@atelier.example").await).await;
    let foreign = assertion(&world.anonymous, &mut operator.device, json!({})).await;
    assert_eq!(owner.actor.refused("confirmIdentity", json!({ "passkey": foreign })).await, "FORBIDDEN");
}

#[tokio::test]
async fn wrong_uses_of_a_passkey_are_refused() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    let (origin, rp_id) = (owner.device.origin.clone(), owner.device.rp_id.clone());
    for wrong in ["http://localhost.evil.example", "https://evil.example", "http://127.0.0.1:4000"] {
        owner.device.origin = wrong.to_owned();
        let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
        assert_eq!(refused(&world, passkey).await, "FORBIDDEN", "a page of {wrong}");
    }
    owner.device.origin = origin;
    owner.device.rp_id = "evil.example".to_owned();
    let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    assert_eq!(refused(&world, passkey).await, "FORBIDDEN", "a passkey of another site");
    owner.device.rp_id = rp_id;
    for flags in [0, PRESENT, VERIFIED] {
        owner.device.flags = flags;
        let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
        assert_eq!(refused(&world, passkey).await, "FORBIDDEN", "flags {flags}");
    }
    owner.device.flags = PRESENT | VERIFIED;

    let mut passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    let other = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    passkey["attempt"] = other["attempt"].clone();
    assert_eq!(refused(&world, passkey).await, "FORBIDDEN", "the answer to another challenge");
    let mut stranger = Authenticator::new();
    let begun = world.anonymous.does("beginPasskeyAuthentication", json!({}), BEGUN).await;
    let unknown =
        json!({ "attempt": begun["attempt"], "credential": stranger.get(begun["options"].as_str().unwrap()) });
    assert_eq!(refused(&world, unknown).await, "FORBIDDEN", "an unknown passkey");
    for credential in ["", "{}", "null", "[[[[", &"9".repeat(10_000), &"[".repeat(10_000)] {
        let passkey = json!({ "attempt": begun["attempt"], "credential": credential });
        assert_eq!(refused(&world, passkey).await, "INVALID credential", "{credential:.20}");
    }

    let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    world.anonymous.does("signInWithPasskey", json!({ "passkey": passkey }), "").await;
    owner.device.counter = 1;
    let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    assert_eq!(refused(&world, passkey).await, "FORBIDDEN", "the counter of a copied device goes back");
}

#[tokio::test]
async fn forged_and_expired_attempts_are_refused() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    let registration = begin_registration(&owner.actor).await;
    let genuine = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    let text = genuine["attempt"].as_str().unwrap();
    for forged in ["", "x", &text[1..], &format!("{text}A"), registration["attempt"].as_str().unwrap()] {
        let passkey = json!({ "attempt": forged, "credential": genuine["credential"] });
        assert_eq!(refused(&world, passkey).await, "INVALID attempt", "{forged:.30}");
    }
    let purpose = Purpose { kind: "passkey authentication", organization: Uuid::nil(), scope: None };
    let sealer = &world.app.parts.sealer;
    let mut content: Value = sealer.open(&purpose, text).unwrap();
    content["begun_at"] = json!(chrono::Utc::now() - TimeDelta::minutes(5));
    let expired = json!({ "attempt": sealer.seal(&purpose, &content).unwrap(), "credential": genuine["credential"] });
    assert_eq!(refused(&world, expired).await, "INVALID attempt");
    world.anonymous.does("signInWithPasskey", json!({ "passkey": genuine }), SESSION).await;

    // A registration belongs to its person and its session.
    let operator = with_password(&world, "operator@atelier.example").await;
    let input = new_passkey(&registration, &mut Authenticator::new());
    assert_eq!(operator.refused("addPasskey", input.clone()).await, "INVALID attempt");
    owner.actor.does("addPasskey", input, ADDED).await;
}

#[tokio::test]
async fn of_many_who_send_one_assertion_at_once_one_signs_in() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    let passkey = assertion(&world.anonymous, &mut owner.device, json!({})).await;
    let tries = (0..8).map(|_| {
        let input = json!({ "passkey": passkey });
        world.anonymous.mutate("signInWithPasskey", input, "accessToken")
    });
    let signed = futures::future::join_all(tries).await;
    assert_eq!(signed.iter().filter(|payload| payload["accessToken"].is_string()).count(), 1, "{signed:#?}");
}

#[tokio::test]
async fn wrong_registrations_are_refused() {
    let world = World::new().await;
    let owner = owner(&world).await;
    let refused = async |device: &mut Authenticator| {
        let input = new_passkey(&begin_registration(&owner.actor).await, device);
        owner.actor.refused("addPasskey", input).await
    };
    let mut device = Authenticator::new();
    device.origin = "https://evil.example".to_owned();
    assert_eq!(refused(&mut device).await, "FORBIDDEN", "a page of another site");
    let mut device = Authenticator::new();
    device.rp_id = "evil.example".to_owned();
    assert_eq!(refused(&mut device).await, "FORBIDDEN", "for another site");
    let mut device = Authenticator::new();
    device.flags = PRESENT;
    assert_eq!(refused(&mut device).await, "FORBIDDEN", "nobody was verified");
    let mut device = Authenticator::new();
    let (input, again) = (begin_registration(&owner.actor).await, begin_registration(&owner.actor).await);
    let (input, again) = (new_passkey(&input, &mut device), new_passkey(&again, &mut device));
    owner.actor.does("addPasskey", input, "").await;
    assert_eq!(owner.actor.refused("addPasskey", again).await, "INVALID credential", "it was just added");
    assert_eq!(refused(&mut device).await, "FORBIDDEN", "it is excluded");
    let mut unnamed = new_passkey(&begin_registration(&owner.actor).await, &mut Authenticator::new());
    unnamed["name"] = json!(" ");
    assert_eq!(owner.actor.refused("addPasskey", unnamed).await, "INVALID name");
    let options = begin_registration(&owner.actor).await;
    let options: Value = serde_json::from_str(options["options"].as_str().unwrap()).unwrap();
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 2);
    assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
}

#[tokio::test]
async fn adding_and_removing_a_passkey_needs_a_proof_and_ends_other_sessions() {
    let world = World::new().await;
    let first = with_password(&world, OWNER).await;
    let other = actor(&world, &sign_in(&world, OWNER).await);
    age_proof(&world, &first, TimeDelta::minutes(10)).await;
    assert_eq!(begin_registration(&first).await["userErrors"][0]["code"], "RECENT_PROOF_REQUIRED");
    first.does("confirmIdentity", json!({ "password": PASSWORD }), "").await;
    let Owner { actor: first, id, .. } = add(first).await;
    assert_eq!(other.code("{ viewer { id } }", json!({})).await, "UNAUTHENTICATED");
    first.does("updatePasskey", json!({ "id": id, "name": "Clé" }), "passkey { name }").await;
    assert_eq!(first.query(PASSKEYS, json!({})).await["viewer"]["passkeys"][0]["name"], "Clé");
    age_proof(&world, &first, TimeDelta::minutes(10)).await;
    assert_eq!(first.refused("removePasskey", json!({ "id": id })).await, "RECENT_PROOF_REQUIRED");
    assert_eq!(world.operator.refused("updatePasskey", json!({ "id": id, "name": "x" })).await, "NOT_FOUND id");
    for wrong in ["", "passkey_x", "client_0194f9a2d1c47b6e8f3a5c9d2e7b4a6f"] {
        assert_eq!(first.refused("updatePasskey", json!({ "id": wrong, "name": "x" })).await, "NOT_FOUND id");
    }
}

#[tokio::test]
async fn an_app_that_is_not_confirmed_is_no_factor() {
    let world = World::new().await;
    let owner = owner(&world).await;
    let secret = super::begin(&owner.actor).await;
    let challenge = super::challenge(&world, OWNER).await;
    assert_eq!(refusal(&world, &challenge, &super::code(&secret)).await, "INVALID code", "nobody has confirmed it");
    let proof = json!({ "code": super::code(&secret) });
    assert_eq!(owner.actor.refused("confirmIdentity", proof).await, "INVALID code");
    let recovery = json!({ "code": owner.recovery_codes[0] });
    assert_eq!(owner.actor.refused("confirmTotp", recovery).await, "INVALID code", "it is no code of the app");
    owner.actor.does("confirmTotp", json!({ "code": super::code(&secret) }), "recoveryCodes").await;
    let challenge = super::challenge(&world, OWNER).await;
    super::complete(&world, &challenge, &owner.recovery_codes[0]).await;
}

#[tokio::test]
async fn the_recovery_codes_go_with_the_last_factor() {
    let world = World::new().await;
    let enrolled = enroll(&world, OWNER).await;
    let owner = add(enrolled.actor).await;
    assert_eq!(owner.recovery_codes, Vec::<String>::new(), "the person has some already");
    let state = async || owner.actor.query(PASSKEYS, json!({})).await["viewer"].clone();
    owner.actor.query("mutation { removeTotp { userErrors { code } } }", json!({})).await;
    assert_eq!((&state().await["totpEnabled"], &state().await["recoveryCodesLeft"]), (&json!(false), &json!(10)));
    let removed = owner.actor.does("removePasskey", json!({ "id": owner.id }), "removedId").await;
    assert_eq!(removed["removedId"], owner.id);
    assert_eq!((&state().await["passkeys"], &state().await["recoveryCodesLeft"]), (&json!([]), &json!(0)));
    assert!(sign_in(&world, OWNER).await["accessToken"].is_string(), "the password is enough again");
}

#[tokio::test]
async fn a_passkey_is_the_factor_that_an_organization_requires() {
    let world = World::new().await;
    let owner = owner(&world).await;
    let operator = with_password(&world, "operator@atelier.example").await;
    owner.actor.does("updateOrganization", json!({ "requiredFactorRoles": ["OPERATOR"] }), "").await;
    let clients = async |actor: &Actor| actor.code("{ clients { totalCount } }", json!({})).await;
    assert_eq!(clients(&operator).await, "FACTOR_REQUIRED");
    let operator = add(operator).await;
    assert_eq!(operator.actor.query("{ clients { totalCount } }", json!({})).await["clients"]["totalCount"], 2);
    operator.actor.does("removePasskey", json!({ "id": operator.id }), "").await;
    assert_eq!(clients(&operator.actor).await, "FACTOR_REQUIRED");
}

#[tokio::test]
async fn an_owner_removes_the_passkeys_of_a_member_who_lost_them() {
    let world = World::new().await;
    let owner = owner(&world).await;
    let mut operator = add(with_password(&world, "operator@atelier.example").await).await;
    let id = member(&owner.actor, "operator").await;
    let passkey = assertion(&world.anonymous, &mut operator.device, json!({})).await;
    owner.actor.does("resetMemberFactors", json!({ "id": id }), "member { hasFactor }").await;
    assert_eq!(refused(&world, passkey).await, "FORBIDDEN");
}
