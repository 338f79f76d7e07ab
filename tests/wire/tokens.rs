//! Access tokens: their claims, their keys, and forged ones.

use crate::support::{Actor, App, Value, app::Member, json};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use dossier_core::secret::{ServerSecret, derive_key};
use entities::membership::Role;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, dangerous::insecure_decode, decode, decode_header, encode,
    jwk::JwkSet,
};

const SECRET: &str = "a secret that only this test and its server know";

struct Forge {
    app: App,
    /// The token of an owner.
    token: String,
    claims: Value,
}

impl Forge {
    async fn new() -> Self {
        let app = App::configured(&[format!("--jwt-secret={SECRET}")]).await;
        let organization = app.organization("atelier").await;
        let person = Member { email: "owner@atelier.example", ..Member::default() };
        let token = app.member(organization, Role::Owner, person).await.token.unwrap();
        let claims = insecure_decode(&token).unwrap().claims;
        Self { app, token, claims }
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims.clone();
        claims[name] = value;
        claims
    }

    /// Returns the code of the answer to a token.
    async fn code(&self, token: &str) -> Value {
        let holder = Actor::new(&self.app.url, "holder", Some(token.to_owned()));
        holder.send("{ viewer { role } }", json!({})).await["errors"][0]["extensions"]["code"].clone()
    }

    async fn public_keys(&self) -> JwkSet {
        let response = reqwest::get(format!("{}/.well-known/jwks.json", self.app.url)).await.unwrap();
        assert_eq!(response.headers()["cache-control"], "public, max-age=300");
        response.json().await.unwrap()
    }
}

/// Returns the signing key of a secret.
fn signing_key(secret: &str) -> EncodingKey {
    let seed = derive_key(ServerSecret::from(secret).current(), b"signing key").unwrap();
    let pair = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    EncodingKey::from_ed_der(pair.to_pkcs8v1().unwrap().as_ref())
}

#[tokio::test]
async fn a_token_is_valid_within_its_claims() {
    let forge = Forge::new().await;
    let now = forge.app.parts.database.clock.now().timestamp();
    let header = decode_header(&forge.token).unwrap();
    let critical =
        |names: &[&str]| Header { crit: Some(names.iter().map(|name| (*name).to_owned()).collect()), ..header.clone() };
    for (header, claims, is_valid) in [
        (header.clone(), forge.claims.clone(), true),
        (header.clone(), forge.with("nbf", json!(now - 3600)), true),
        (header.clone(), forge.with("nbf", serde_json::from_str(&format!("{}.5", now + 20)).unwrap()), true),
        (header.clone(), forge.with("nbf", json!(now + 3600)), false),
        (header.clone(), forge.with("nbf", json!("soon")), false),
        (header.clone(), forge.with("exp", json!(now - 1)), false),
        (header.clone(), forge.with("aud", json!("another service")), false),
        (header.clone(), forge.with("aud", json!(null)), false),
        (header.clone(), forge.with("sid", json!(uuid::Uuid::new_v4())), false),
        (critical(&["exp"]), forge.claims.clone(), false),
        (critical(&["b64"]), forge.claims.clone(), false),
        (critical(&[]), forge.claims.clone(), false),
        (Header { kid: None, ..header.clone() }, forge.claims.clone(), false),
        (Header { kid: Some("another key".into()), ..header.clone() }, forge.claims.clone(), false),
    ] {
        let token = encode(&header, &claims, &signing_key(SECRET)).unwrap();
        let expected = if is_valid { Value::Null } else { json!("UNAUTHENTICATED") };
        // The second time, a valid token is known.
        assert_eq!(forge.code(&token).await, expected, "{header:?} {claims}");
        assert_eq!(forge.code(&token).await, expected, "{header:?} {claims}");
    }
}

#[tokio::test]
async fn another_service_can_verify_a_token_with_the_public_keys() {
    let forge = Forge::new().await;
    let keys = forge.public_keys().await;
    let header = decode_header(&forge.token).unwrap();
    let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
    assert_eq!(serde_json::to_value(key).unwrap()["use"], "sig");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["dossier"]);
    let verified = decode::<Value>(&forge.token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap();
    assert_eq!(verified.claims, forge.claims);
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let forge = Forge::new().await;
    assert_eq!(forge.code(&forge.token).await, Value::Null);
    let header = decode_header(&forge.token).unwrap();
    let parts: Vec<_> = forge.token.split('.').collect();
    let base64 = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let none = |algorithm: &str| format!("{}.{}.", base64(&json!({ "alg": algorithm, "typ": "JWT" })), parts[1]);
    // Key confusion: the public key as the secret of HMAC.
    let key = serde_json::to_value(&forge.public_keys().await.keys[0]).unwrap();
    let public = BASE64_URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
    let confused = |secret: &[u8]| {
        let header = Header { kid: header.kid.clone(), ..Header::new(Algorithm::HS256) };
        encode(&header, &forge.claims, &EncodingKey::from_secret(secret)).unwrap()
    };
    // A header that contains its own key.
    let other = signing_key("another secret that an attacker chose");
    let own_key =
        Header { jwk: jsonwebtoken::jwk::Jwk::from_encoding_key(&other, Algorithm::EdDSA).ok(), ..header.clone() };
    let later = format!("{}.{}.{}", parts[0], base64(&forge.with("exp", json!(9_999_999_999_u64))), parts[2]);
    for (what, token) in [
        ("alg: none", none("none")),
        ("alg: nOnE", none("nOnE")),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("the public key as a secret", confused(&public)),
        ("the text of the public key as a secret", confused(key["x"].as_str().unwrap().as_bytes())),
        ("an empty secret", confused(b"")),
        ("another key", encode(&header, &forge.claims, &other).unwrap()),
        ("a key in the header", encode(&own_key, &forge.claims, &other).unwrap()),
        ("a later expiry", later),
        ("a token without its end", forge.token[..forge.token.len() - 1].to_owned()),
    ] {
        assert_eq!(forge.code(&token).await, "UNAUTHENTICATED", "{what}");
    }
}

#[tokio::test]
async fn tokens_of_earlier_versions_stay_valid() {
    let forge = Forge::new().await;
    let mut claims = forge.claims.clone();
    claims.as_object_mut().unwrap().remove("aud");
    let earlier =
        encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
    assert_eq!(forge.code(&earlier).await, Value::Null);
}
