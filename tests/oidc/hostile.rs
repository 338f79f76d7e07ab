//! ID tokens that are not what they should be.

use super::{
    OPERATOR, Value, World, arguments, begin, complete,
    fake::{Fake, Key},
    refusal,
};
use crate::support::{App, json};
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header};

async fn world(fake: &Fake) -> World {
    World::on(App::start_with(&arguments(&fake.url)).await).await
}

/// Begins a sign-in. Returns the input that completes it, and the claims that the provider should sign.
async fn begun(world: &World, fake: &Fake) -> (Value, Value) {
    let begun = begin(world, json!({})).await;
    let url: url::Url = begun["authorizationUrl"].as_str().unwrap().parse().unwrap();
    let given = |name: &str| url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    let now = chrono::Utc::now().timestamp();
    let claims = json!({
        "iss": fake.url, "sub": "olga", "aud": "dossier", "iat": now, "exp": now + 300, "nonce": given("nonce"),
        "email": OPERATOR, "email_verified": true,
    });
    (json!({ "attempt": begun["attempt"], "state": given("state"), "code": "code" }), claims)
}

/// Completes a sign-in whose ID token is made from the right claims.
async fn with(world: &World, fake: &Fake, make: impl FnOnce(Value) -> String) -> Value {
    let (input, claims) = begun(world, fake).await;
    fake.answer(&make(claims));
    complete(world, input).await
}

/// Returns claims of which one is changed.
fn changed(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn encoded(part: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

#[tokio::test]
async fn id_tokens_with_wrong_claims_are_refused() {
    let fake = Fake::start().await;
    let world = world(&fake).await;
    let now = chrono::Utc::now().timestamp();
    for (name, value) in [
        ("nonce", json!("another")),
        ("nonce", json!(null)),
        ("aud", json!("another")),
        ("aud", json!(["dossier", "another"])),
        ("azp", json!("another")),
        ("iss", json!("http://127.0.0.1:1")),
        ("exp", json!(now - 120)),
        ("iat", json!(now + 3_600)),
        ("iat", json!(now - 3_600)),
        ("sub", json!("")),
    ] {
        let payload = with(&world, &fake, |claims| fake.key.sign(&changed(claims, name, value.clone()))).await;
        assert_eq!(refusal(&payload), "FORBIDDEN", "{name} {value}");
    }
    for missing in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        let without = |mut claims: Value| {
            claims.as_object_mut().unwrap().remove(missing);
            fake.key.sign(&claims)
        };
        assert_eq!(refusal(&with(&world, &fake, without).await), "FORBIDDEN", "without {missing}");
    }
    let payload = with(&world, &fake, |claims| fake.key.sign(&claims)).await;
    assert_eq!(payload["viewer"]["email"], OPERATOR, "the right claims are accepted: {payload:#}");
}

#[tokio::test]
async fn id_tokens_without_a_valid_signature_are_refused() {
    type Forgery<'f> = (&'f str, Box<dyn Fn(&Value) -> String + 'f>);
    let fake = Fake::start().await;
    let world = world(&fake).await;
    let (attacker, public) = (Key::new("first"), fake.key.jwk.clone());
    let unsigned = |header: Value, claims: &Value| format!("{}.{}", encoded(&header), encoded(claims));
    let by_hmac = |claims: &Value, secret: &[u8]| {
        let text = unsigned(json!({ "alg": "HS256", "kid": "first" }), claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes());
        format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
    };
    let x = public["x"].as_str().unwrap().to_owned();
    let raw = BASE64_URL_SAFE_NO_PAD.decode(&x).unwrap();
    let header = |kid: &str| Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    let forgeries: Vec<Forgery<'_>> = vec![
        ("alg none", Box::new(|claims| format!("{}.", unsigned(json!({ "alg": "none" }), claims)))),
        (
            "alg none with a kid",
            Box::new(|claims| format!("{}.", unsigned(json!({ "alg": "None", "kid": "first" }), claims))),
        ),
        (
            "no signature",
            Box::new(|claims| format!("{}.", unsigned(json!({ "alg": "EdDSA", "kid": "first" }), claims))),
        ),
        ("HMAC with the public key", Box::new(|claims| by_hmac(claims, &raw))),
        ("HMAC with the text of the public key", Box::new(|claims| by_hmac(claims, x.as_bytes()))),
        ("HMAC with the published key", Box::new(|claims| by_hmac(claims, public.to_string().as_bytes()))),
        ("the key of somebody else", Box::new(|claims| attacker.sign(claims))),
        ("a key that is not published", Box::new(|claims| Key::new("second").sign(claims))),
        (
            "a key in the header",
            Box::new(|claims| {
                let jwk = serde_json::from_value(attacker.jwk.clone()).unwrap();
                attacker.sign_with(&Header { jwk: Some(jwk), ..header("first") }, claims)
            }),
        ),
        (
            "a critical extension",
            Box::new(|claims| {
                fake.key.sign_with(&Header { crit: Some(vec!["x".to_owned()]), ..header("first") }, claims)
            }),
        ),
        (
            "other claims",
            Box::new(|claims| {
                let signed = fake.key.sign(claims);
                let parts: Vec<_> = signed.split('.').collect();
                format!("{}.{}.{}", parts[0], encoded(&changed(claims.clone(), "sub", json!("boss"))), parts[2])
            }),
        ),
        ("too long", Box::new(|claims| fake.key.sign(&changed(claims.clone(), "x", json!("x".repeat(20_000)))))),
        ("nothing", Box::new(|_| String::new())),
    ];
    for (name, forge) in &forgeries {
        let payload = with(&world, &fake, |claims| forge(&claims)).await;
        assert_eq!(refusal(&payload), "FORBIDDEN", "{name}");
    }
    let payload = with(&world, &fake, |claims| fake.key.sign(&claims)).await;
    assert_eq!(payload["viewer"]["email"], OPERATOR);
    assert!(fake.reads() <= 4, "unknown keys cause few requests: {}", fake.reads());
}

#[tokio::test]
async fn an_issuer_with_another_name_is_refused() {
    let fake = Fake::start().await;
    let renamed = format!("{}/", fake.url);
    let world = World::on(App::start_with(&arguments(&renamed)).await).await;
    let mutation = crate::support::actors::mutation("beginExternalSignIn", "");
    assert_eq!(world.anonymous.code(&mutation, json!({ "input": {} })).await, "SERVICE_UNAVAILABLE");
}
