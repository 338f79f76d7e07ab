//! Access tokens with a valid signature and further claims.

use crate::support::{Actor, App, Value, app::Member, json};
use entities::membership::Role;
use jsonwebtoken::{Algorithm, EncodingKey, Header, dangerous::insecure_decode};

const SECRET: &str = "a secret that only this test and its server know";

#[tokio::test]
async fn a_token_is_valid_within_its_claims() {
    let app = App::configured(&[format!("--jwt-secret={SECRET}")]).await;
    let organization = app.organization("atelier").await;
    let person = Member { email: "owner@atelier.example", ..Member::default() };
    let owner = app.member(organization, Role::Owner, person).await;
    let claims: Value = insecure_decode(owner.token.as_ref().unwrap()).unwrap().claims;
    let now = app.parts.database.clock.now().timestamp();
    let plain = Header::new(Algorithm::HS256);
    let critical =
        |names: &[&str]| Header { crit: Some(names.iter().map(|name| (*name).to_owned()).collect()), ..plain.clone() };
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    for (header, claims, is_valid) in [
        (plain.clone(), claims.clone(), true),
        (plain.clone(), with("nbf", json!(now - 3600)), true),
        (plain.clone(), with("nbf", serde_json::from_str(&format!("{}.5", now + 20)).unwrap()), true),
        (plain.clone(), with("nbf", json!(now + 3600)), false),
        (plain.clone(), with("nbf", json!("soon")), false),
        (plain.clone(), with("exp", json!(now - 1)), false),
        (critical(&["exp"]), claims.clone(), false),
        (critical(&["b64"]), claims.clone(), false),
        (critical(&[]), claims.clone(), false),
    ] {
        let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
        let holder = Actor::new(&app.url, "holder", Some(token));
        let answer = holder.send("{ viewer { role } }", json!({})).await;
        if is_valid {
            assert_eq!(answer["data"]["viewer"]["role"], "OWNER", "{header:?} {claims}: {answer:#}");
        } else {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{header:?} {claims}: {answer:#}");
        }
    }
}
