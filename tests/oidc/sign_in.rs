//! Sign-in with accounts of a real provider.

use super::{OPERATOR, Provider, actor, begin, complete, refusal, sign_in, world};
use crate::{
    factor::{complete as complete_with_code, enroll},
    support::{World, json},
};
use chrono::TimeDelta;
use dossier_data::Purpose;
use entities::membership::Role;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn the_first_sign_in_links_the_account_and_later_ones_need_no_address() {
    let provider = Provider::start();
    let world = world(&provider).await;
    let offered = world.anonymous.query("{ identityProvider { name issuer } }", json!({})).await;
    assert_eq!(offered["identityProvider"], json!({ "name": "Compte de l’agence", "issuer": provider.issuer() }));
    provider.account("olga", "Operator@Atelier.example", true).await;
    let payload = sign_in(&world, &provider, "olga").await;
    assert_eq!(payload["viewer"], json!({ "role": "OPERATOR", "email": OPERATOR }), "{payload:#}");
    let mail = world.app.mail(OPERATOR, "moyen de connexion").await;
    assert!(mail.contains(provider.issuer().trim_start_matches("http://")), "{mail}");
    let renewed = json!({ "refreshToken": payload["refreshToken"] });
    world.anonymous.does("refreshSession", renewed, "").await;

    // The address at the provider does not matter any more, and cannot lead to another account.
    provider.account("olga", "owner@atelier.example", true).await;
    let again = sign_in(&world, &provider, "olga").await;
    assert_eq!(again["viewer"]["email"], OPERATOR);
    let links = actor(&world, &again).query(super::LINKS, json!({})).await["externalIdentities"]["nodes"].clone();
    assert_eq!(links.as_array().unwrap().len(), 1, "{links:#}");
    assert_eq!((&links[0]["subject"], &links[0]["email"]), (&json!("olga"), &json!(OPERATOR)));
    assert!(links[0]["lastUsedAt"].is_string());
    let log = "{ auditLog(first: 20) { nodes { action } } }";
    let entries = world.owner.query(log, json!({})).await["auditLog"]["nodes"].clone();
    let count = |action: &str| entries.as_array().unwrap().iter().filter(|entry| entry["action"] == action).count();
    assert_eq!(count("EXTERNAL_IDENTITY_LINKED"), 1, "{entries:#}");
}

#[tokio::test]
async fn only_verified_addresses_of_trusted_domains_with_an_account_are_linked() {
    let provider = Provider::start();
    let world = world(&provider).await;
    let mut messages = Vec::new();
    for (sub, email, verified) in [
        ("unverified", OPERATOR, false),
        ("foreign", "martin@client.example", true),
        ("unknown", "nobody@atelier.example", true),
        ("empty", "", true),
    ] {
        provider.account(sub, email, verified).await;
        let payload = sign_in(&world, &provider, sub).await;
        assert_eq!(refusal(&payload), "FORBIDDEN", "{sub}");
        messages.push(payload["userErrors"][0]["message"].clone());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1, "the answers do not differ: {messages:?}");
    let links = world.operator.query(super::LINKS, json!({})).await;
    assert_eq!(links["externalIdentities"]["nodes"], json!([]));
}

#[tokio::test]
async fn a_second_account_with_the_same_address_is_not_linked() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    assert!(sign_in(&world, &provider, "olga").await["accessToken"].is_string());
    provider.account("successor", OPERATOR, true).await;
    assert_eq!(refusal(&sign_in(&world, &provider, "successor").await), "FORBIDDEN");
}

#[tokio::test]
async fn a_sign_in_completes_once_with_its_own_state_and_code() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    let (begun, other) = (begin(&world, json!({})).await, begin(&world, json!({})).await);
    let input = provider.visit(&begun, "olga").await;
    let mut wrong = input.clone();
    for state in ["", "x", other["attempt"].as_str().unwrap()] {
        wrong["state"] = json!(state);
        assert_eq!(refusal(&complete(&world, wrong.clone()).await), "INVALID attempt", "state {state}");
    }
    // Somebody else's code in one's own sign-in: the provider knows another challenge.
    let stolen = json!({ "attempt": other["attempt"], "state": state_of(&other), "code": input["code"] });
    assert_eq!(refusal(&complete(&world, stolen).await), "FORBIDDEN");

    let input = provider.visit(&begun, "olga").await;
    assert!(complete(&world, input.clone()).await["accessToken"].is_string());
    assert_eq!(refusal(&complete(&world, input).await), "FORBIDDEN", "the code was used");
    let second = provider.visit(&begun, "olga").await;
    assert_eq!(refusal(&complete(&world, second).await), "INVALID attempt", "the sign-in was used");
}

fn state_of(begun: &serde_json::Value) -> String {
    let url: url::Url = begun["authorizationUrl"].as_str().unwrap().parse().unwrap();
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

#[tokio::test]
async fn forged_and_expired_sign_ins_complete_nothing() {
    const PURPOSE: Purpose = Purpose { kind: "external sign-in", organization: Uuid::nil(), scope: None };
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    let begun = begin(&world, json!({})).await;
    let input = provider.visit(&begun, "olga").await;
    let with = |attempt: &str| {
        let mut input = input.clone();
        input["attempt"] = json!(attempt);
        input
    };
    let genuine = begun["attempt"].as_str().unwrap();
    for forged in ["", "x", &genuine[1..], &"A".repeat(100_000)] {
        assert_eq!(refusal(&complete(&world, with(forged)).await), "INVALID attempt", "{forged:.30}");
    }
    let sealer = &world.app.parts.sealer;
    let mut content: serde_json::Value = sealer.open(&PURPOSE, genuine).unwrap();
    assert!(!content.to_string().contains(&state_of(&begun)), "the state is not readable in it");
    content["until"] = json!(chrono::Utc::now() - TimeDelta::seconds(1));
    let expired = sealer.seal(&PURPOSE, &content).unwrap();
    assert_eq!(refusal(&complete(&world, with(&expired)).await), "INVALID attempt");
    content["until"] = json!(chrono::Utc::now() + TimeDelta::minutes(9));
    let renewed = sealer.seal(&PURPOSE, &content).unwrap();
    assert!(complete(&world, with(&renewed)).await["accessToken"].is_string(), "only the time was wrong");
}

#[tokio::test]
async fn only_configured_pages_get_the_code() {
    let provider = Provider::start();
    let mut arguments = super::arguments(&provider.issuer());
    arguments.push("--oidc-redirect-urls=com.example.app:/back,http://127.0.0.1/back".to_owned());
    arguments.extend(["--oidc-client-id=phone".to_owned()]);
    arguments.retain(|argument| !argument.contains("client-secret") && argument != "--oidc-client-id=dossier");
    let world = World::on(crate::support::App::start_with(&arguments).await).await;
    for page in ["https://evil.example/back", "com.example.app:/other", "http://127.0.0.1.evil.example/back", "x"] {
        let refused = world.anonymous.refused("beginExternalSignIn", json!({ "redirectUrl": page })).await;
        assert_eq!(refused, "INVALID redirectUrl", "{page}");
    }
    provider.account("olga", OPERATOR, true).await;
    for page in ["com.example.app:/back", "http://127.0.0.1:49152/back"] {
        let begun = begin(&world, json!({ "redirectUrl": page })).await;
        let payload = complete(&world, provider.visit(&begun, "olga").await).await;
        assert_eq!(payload["viewer"]["email"], OPERATOR, "a public client, sent back to {page}: {payload:#}");
    }
}

#[tokio::test]
async fn the_second_factor_is_still_asked() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    let enrolled = enroll(&world, OPERATOR).await;
    let payload = sign_in(&world, &provider, "olga").await;
    assert_eq!((&payload["accessToken"], &payload["viewer"]), (&json!(null), &json!(null)));
    let challenge = payload["factorChallenge"]["token"].as_str().unwrap();
    let wrong = world.anonymous.refused("completeSignIn", json!({ "challenge": challenge, "code": "000" })).await;
    assert_eq!(wrong, "INVALID code");
    let signed_in = complete_with_code(&world, challenge, &enrolled.recovery_codes[0]).await;
    assert_eq!(signed_in["viewer"]["role"], "OPERATOR");

    // A link that was removed meanwhile opens nothing.
    let payload = sign_in(&world, &provider, "olga").await;
    let challenge = payload["factorChallenge"]["token"].as_str().unwrap();
    world.app.by_hand("UPDATE external_identity SET removed_at = created_at").await;
    let input = json!({ "challenge": challenge, "code": enrolled.recovery_codes[1] });
    assert_eq!(world.anonymous.refused("completeSignIn", input).await, "FORBIDDEN");
}

#[tokio::test]
async fn a_session_has_a_recent_proof_only_if_the_provider_asked_again() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("boss", "owner@atelier.example", true).await;
    let key = json!({ "name": "Export", "scopes": ["CLIENTS_READ"] });
    let owner = actor(&world, &sign_in(&world, &provider, "boss").await);
    assert_eq!(owner.refused("createApiKey", key.clone()).await, "RECENT_PROOF_REQUIRED");
    let begun = begin(&world, json!({ "reauthenticate": true })).await;
    let url = begun["authorizationUrl"].as_str().unwrap();
    assert!(url.contains("prompt=login") && url.contains("max_age=0"), "{url}");
    let owner = actor(&world, &complete(&world, provider.visit(&begun, "boss").await).await);
    owner.does("createApiKey", key, "").await;
}

#[tokio::test]
async fn people_with_several_memberships_get_the_oldest_or_the_named_one() {
    let provider = Provider::start();
    let world = world(&provider).await;
    let email = "operator@voisin.example";
    let member = crate::support::app::Member { email, sites: vec![world.paris], client: None };
    world.app.member(world.organization, Role::Staff, member).await;
    provider.account("stranger", email, true).await;
    let payload = sign_in(&world, &provider, "stranger").await;
    assert_eq!((&payload["viewer"]["role"], payload["memberships"].as_array().unwrap().len()), (&json!("OPERATOR"), 2));
    let begun = begin(&world, json!({})).await;
    let mut input = provider.visit(&begun, "stranger").await;
    input["organization"] = json!("atelier");
    assert_eq!(complete(&world, input).await["viewer"]["role"], "STAFF");
    let begun = begin(&world, json!({})).await;
    let mut input = provider.visit(&begun, "stranger").await;
    input["organization"] = json!("nowhere");
    assert_eq!(refusal(&complete(&world, input).await), "FORBIDDEN");
}

#[tokio::test]
async fn suspended_members_stay_out() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    assert!(sign_in(&world, &provider, "olga").await["accessToken"].is_string());
    world.app.by_hand("UPDATE membership SET suspended_at = created_at WHERE role = 'OPERATOR'").await;
    assert_eq!(refusal(&sign_in(&world, &provider, "olga").await), "FORBIDDEN");
    let log = "{ auditLog(first: 1) { nodes { action } } }";
    let last = world.owner.query(log, json!({})).await["auditLog"]["nodes"][0]["action"].clone();
    assert_eq!(last, "SIGNED_IN", "a person without a membership is in nobody's log");
}

#[tokio::test]
async fn keys_may_change_and_while_the_provider_is_away_passwords_go_on() {
    let mut provider = Provider::start();
    let world = world(&provider).await;
    crate::viewer::set_password(&world, OPERATOR, crate::factor::PASSWORD).await;
    provider.account("olga", OPERATOR, true).await;
    assert!(sign_in(&world, &provider, "olga").await["accessToken"].is_string());
    let begun = begin(&world, json!({})).await;
    let input = provider.visit(&begun, "olga").await;
    provider.stop();
    let down = crate::support::actors::mutation("completeExternalSignIn", "accessToken");
    assert_eq!(world.anonymous.code(&down, json!({ "input": input })).await, "SERVICE_UNAVAILABLE");
    assert!(crate::factor::sign_in(&world, OPERATOR).await["accessToken"].is_string());

    provider.start_again();
    provider.account("olga", OPERATOR, true).await;
    // Keys are read again at most every few seconds.
    for _ in 0..20 {
        if sign_in(&world, &provider, "olga").await["accessToken"].is_string() {
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("the new key of the provider is not accepted");
}

#[tokio::test]
async fn a_server_without_a_provider_says_so() {
    let world = World::new().await;
    let offered = world.anonymous.query("{ identityProvider { name } }", json!({})).await;
    assert_eq!(offered["identityProvider"], json!(null));
    assert_eq!(world.anonymous.refused("beginExternalSignIn", json!({})).await, "FORBIDDEN");
}

#[tokio::test]
async fn attempts_are_limited() {
    let provider = Provider::start();
    let mut arguments = super::arguments(&provider.issuer());
    arguments.push("--rate-sign-in=2".to_owned());
    let world = World::on(crate::support::App::configured(&arguments).await).await;
    let mutation = crate::support::actors::mutation("beginExternalSignIn", "");
    let mut codes = Vec::new();
    for _ in 0..3 {
        let answer = world.anonymous.send(&mutation, json!({ "input": {} })).await;
        codes.push(answer["errors"][0]["extensions"]["code"].clone());
    }
    assert_eq!(codes, [json!(null), json!(null), json!("RATE_LIMITED")]);
}
