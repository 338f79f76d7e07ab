//! A person enrolls an authenticator app, replaces the recovery codes, and removes the app.

use super::{ME, OWNER, PASSWORD, actor, begin, code, enroll, sign_in, wrong_code};
use crate::{
    support::{World, json},
    viewer::set_password,
};
use dossier_core::scope::{Scope, Scopes};

#[tokio::test]
async fn an_app_is_a_factor_when_a_code_confirms_it() {
    let world = World::new().await;
    set_password(&world, OWNER, PASSWORD).await;
    let (here, there) = (actor(&world, &sign_in(&world, OWNER).await), actor(&world, &sign_in(&world, OWNER).await));
    let confirm = |code: String| json!({ "code": code });
    assert_eq!(here.refused("confirmTotp", confirm("000000".into())).await, "CONFLICT", "nothing to confirm");
    let first = begin(&here).await;
    let second = begin(&here).await;
    assert_ne!(first, second);
    assert!(sign_in(&world, OWNER).await["accessToken"].is_string(), "it is no factor yet");
    assert_eq!(here.refused("confirmTotp", confirm(wrong_code(&second))).await, "INVALID code");
    assert_eq!(here.refused("confirmTotp", confirm(code(&first))).await, "INVALID code", "a replaced secret");
    let mut socket = there.socket().await;
    let confirmed = here.does("confirmTotp", confirm(code(&second)), "recoveryCodes").await;
    assert_eq!(confirmed["recoveryCodes"].as_array().unwrap().len(), 10);
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()), "other sessions end");
    assert_eq!(there.code(ME, json!({})).await, "UNAUTHENTICATED");
    let viewer = here.query(ME, json!({})).await["viewer"].clone();
    let expected = json!({ "role": "OWNER", "totpEnabled": true, "recoveryCodesLeft": 10, "factorRequired": false });
    assert_eq!(viewer, expected);
    assert!(world.app.mail(OWNER, "second facteur").await.contains("application d’authentification"));
    let again = here.query("mutation { enrollTotp { userErrors { code } } }", json!({})).await;
    assert_eq!(again["enrollTotp"]["userErrors"][0]["code"], "CONFLICT", "one app at a time");
}

#[tokio::test]
async fn secrets_are_stored_sealed_and_hashed() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let stored = world.app.parts.database.account(OWNER).await.unwrap().unwrap();
    let text = format!("{stored:?}").to_uppercase();
    let raw = totp_rs::Secret::try_from_base32(&owner.secret).unwrap();
    let bytes = format!("{:?}", raw.as_bytes());
    assert!(!text.contains(&owner.secret) && !text.contains(&bytes), "{text}");
    for code in &owner.recovery_codes {
        assert!(!text.contains(code) && !text.contains(&code.replace('-', "")));
    }
}

#[tokio::test]
async fn no_secret_is_stored_for_a_repetition() {
    let world = World::new().await;
    set_password(&world, OWNER, PASSWORD).await;
    let owner = actor(&world, &sign_in(&world, OWNER).await);
    let headers = [("Idempotency-Key", "same")];
    let query = "mutation { enrollTotp { secret } }";
    let (_, first) = owner.send_with(query, json!({}), &headers).await;
    let (_, second) = owner.send_with(query, json!({}), &headers).await;
    assert_ne!(first["data"]["enrollTotp"]["secret"], second["data"]["enrollTotp"]["secret"]);
    let records = world.app.by_hand("DELETE FROM idempotency_record").await;
    assert_eq!(records, 0);
}

#[tokio::test]
async fn recovery_codes_are_replaced() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let query = "mutation { regenerateRecoveryCodes { recoveryCodes userErrors { code } } }";
    let replaced = owner.actor.query(query, json!({})).await["regenerateRecoveryCodes"]["recoveryCodes"].clone();
    let challenge = super::challenge(&world, OWNER).await;
    assert_eq!(super::refusal(&world, &challenge, &owner.recovery_codes[0]).await, "INVALID code", "an earlier code");
    let signed_in = super::complete(&world, &challenge, replaced[0].as_str().unwrap()).await;
    assert_eq!(signed_in["viewer"]["role"], "OWNER");
    let without = world.operator.query(query, json!({})).await;
    assert_eq!(without["regenerateRecoveryCodes"]["userErrors"][0]["code"], "CONFLICT", "no factor");
}

#[tokio::test]
async fn a_removed_app_is_no_factor_any_more() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let challenge = super::challenge(&world, OWNER).await;
    let other = actor(&world, &super::complete(&world, &challenge, &owner.code()).await);
    let remove = "mutation { removeTotp { removed userErrors { code } } }";
    assert_eq!(owner.actor.query(remove, json!({})).await["removeTotp"]["removed"], true);
    assert_eq!(other.code(ME, json!({})).await, "UNAUTHENTICATED");
    let viewer = owner.actor.query(ME, json!({})).await["viewer"].clone();
    assert_eq!((&viewer["totpEnabled"], &viewer["recoveryCodesLeft"]), (&json!(false), &json!(0)));
    assert!(world.app.mail(OWNER, "retiré").await.contains("owner"));
    assert!(sign_in(&world, OWNER).await["accessToken"].is_string());
    let again = owner.actor.query(remove, json!({})).await;
    assert_eq!(again["removeTotp"]["userErrors"][0]["code"], "CONFLICT");
}

#[tokio::test]
async fn a_limited_session_cannot_change_the_factor() {
    let world = World::new().await;
    let limited = world.app.limited(&world.owner, Scopes::ALL.without(Scope::BillingRead)).await;
    for mutation in ["enrollTotp", "removeTotp", "regenerateRecoveryCodes"] {
        let document = format!("mutation {{ {mutation} {{ userErrors {{ code }} }} }}");
        let answer = limited.query(&document, json!({})).await;
        assert_eq!(answer[mutation]["userErrors"][0]["code"], "FORBIDDEN", "{mutation}");
        assert_eq!(world.anonymous.code(&document, json!({})).await, "UNAUTHENTICATED", "{mutation}");
    }
    assert_eq!(limited.refused("confirmTotp", json!({ "code": "000000" })).await, "FORBIDDEN");
}
