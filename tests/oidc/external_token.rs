//! Access tokens of an external issuer.

use super::{
    OPERATOR, Provider, Value, World,
    fake::{Fake, Key},
    link,
};
use crate::support::{Actor, App, app::Member, json, socket::Socket};
use chrono::TimeDelta;
use dossier_core::viewer::Viewer;
use entities::{membership::Role, session};
use jsonwebtoken::{Algorithm, Header};
use std::time::Duration;

const ME: &str = "{ viewer { role organization { name } } }";

async fn world(issuer: &str) -> World {
    let arguments = [
        format!("--external-tokens-issuer={issuer}"),
        "--external-tokens-audience=https://api.example/graphql".to_owned(),
        "--external-tokens-organization-claim=agency".to_owned(),
    ];
    World::on(App::start_with(&arguments).await).await
}

/// Returns valid claims of a token, with these changes.
fn claims(fake: &Fake, changes: &Value) -> Value {
    let now = chrono::Utc::now().timestamp();
    let mut claims = json!({
        "iss": fake.url, "sub": "script", "aud": "https://api.example/graphql", "iat": now, "exp": now + 300,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// Moves the ends of the operator's sessions two minutes into the past.
async fn age_ends(world: &World) {
    let database = &world.app.parts.database;
    let user = database.account(OPERATOR).await.unwrap().unwrap().id;
    let tx = database.write_as(Viewer::SigningIn { user }).await.unwrap();
    for before in tx.find::<session::Entity>().all().await.unwrap() {
        let ended_at = before.ended_at.map(|at| at - TimeDelta::minutes(2));
        tx.update_without_event(&before, session::Model { ended_at, ..before.clone() }).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn script(world: &World, token: String) -> Actor {
    Actor::new(&world.app.url, "script", Some(token))
}

#[tokio::test]
async fn a_token_of_a_real_provider_acts_as_the_linked_person() {
    let provider = Provider::start();
    let world = world(&provider.issuer()).await;
    let form = "grant_type=client_credentials&scope=clients%3Aread%20members%3Amanage\
                &resource=https%3A%2F%2Fapi.example%2Fgraphql";
    let request = crate::support::actors::http_client().post(format!("{}/token", provider.issuer())).body(form);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let request = request.basic_auth("robot", Some("the+secret+of+the+robot"));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let robot = script(&world, answer["access_token"].as_str().unwrap().to_owned());
    assert_eq!(robot.code(ME, json!({})).await, "UNAUTHENTICATED", "nobody is linked");
    link(&world, "owner@atelier.example", &provider.issuer(), "robot").await;
    assert_eq!(robot.query(ME, json!({})).await["viewer"]["role"], "OWNER");
    let clients = robot.query("{ clients(first: 10) { nodes { name } } }", json!({})).await;
    assert_eq!(clients["clients"]["nodes"].as_array().unwrap().len(), 2);
    let site = json!({ "name": "Nantes" });
    assert_eq!(robot.refused("addSite", site).await, "FORBIDDEN");
    let member = json!({ "email": "x@y.example", "role": "OPERATOR" });
    assert_eq!(robot.refused("inviteMember", member).await, "FORBIDDEN", "a token never manages members");
    let new = json!({ "name": "Neuf", "track": "LAB" });
    assert_eq!(robot.refused("createClient", new).await, "FORBIDDEN", "the token is limited to its scopes");
    assert_eq!(robot.refused("updateProfile", json!({ "displayName": "Robot" })).await, "FORBIDDEN");
}

#[tokio::test]
async fn scopes_limit_a_token_and_foreign_scopes_give_nothing() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let outcome = async |changes: Value| {
        let script = script(&world, fake.key.sign(&claims(&fake, &changes)));
        let new = json!({ "input": { "name": "Neuf", "track": "LAB" } });
        let answer = script.send(&crate::support::actors::mutation("createClient", ""), new).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => code.to_owned(),
            None => answer["data"]["createClient"]["userErrors"][0]["code"].as_str().unwrap_or("ok").to_owned(),
        }
    };
    assert_eq!(outcome(json!({})).await, "ok", "without the claim, the token has the scopes of an operator");
    assert_eq!(outcome(json!({ "scope": "openid clients:read clients:write" })).await, "ok");
    assert_eq!(outcome(json!({ "scp": ["clients:read", "clients:write"] })).await, "ok");
    assert_eq!(outcome(json!({ "scope": "clients:read" })).await, "FORBIDDEN");
    for none in [json!({ "scope": "openid email" }), json!({ "scope": "" }), json!({ "scope": 1 })] {
        assert_eq!(outcome(none.clone()).await, "UNAUTHENTICATED", "{none}");
    }
}

#[tokio::test]
async fn the_organization_claim_chooses_the_membership() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    let email = "operator@voisin.example";
    let member = Member { email, sites: vec![world.paris], client: None };
    world.app.member(world.organization, Role::Staff, member).await;
    link(&world, email, &fake.url, "script").await;
    let of = |agency: Value| script(&world, fake.key.sign(&claims(&fake, &json!({ "agency": agency }))));
    assert_eq!(of(json!("atelier")).query(ME, json!({})).await["viewer"]["role"], "STAFF");
    assert_eq!(of(json!("voisin")).query(ME, json!({})).await["viewer"]["role"], "OPERATOR");
    for wrong in [json!(null), json!("nowhere"), json!(["atelier"])] {
        assert_eq!(of(wrong.clone()).code(ME, json!({})).await, "UNAUTHENTICATED", "{wrong}");
    }
}

#[tokio::test]
async fn tokens_that_are_not_for_this_server_are_refused() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let now = chrono::Utc::now().timestamp();
    for changes in [
        json!({ "aud": "another" }),
        json!({ "aud": [] }),
        json!({ "iss": "http://127.0.0.1:1" }),
        json!({ "exp": now - 1 }),
        json!({ "iat": now + 3_600 }),
        json!({ "nbf": now + 3_600 }),
        json!({ "sub": "somebody" }),
        json!({ "sub": "" }),
        json!({ "exp": now + 31 * 24 * 60 * 60 }),
        json!({ "exp": null }),
        json!({ "iat": null }),
    ] {
        let script = script(&world, fake.key.sign(&claims(&fake, &changes)));
        assert_eq!(script.code(ME, json!({})).await, "UNAUTHENTICATED", "{changes}");
    }
    let valid = claims(&fake, &json!({}));
    let header = Header { kid: Some("first".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let logout = fake.key.sign_with(&Header { typ: Some("logout+jwt".to_owned()), ..header.clone() }, &valid);
    let signed = fake.key.sign(&valid);
    let unsigned = format!("{}.", signed.rsplit_once('.').unwrap().0);
    for (name, token) in [
        ("another type", logout),
        ("no signature", unsigned),
        ("the key of somebody else", Key::new("first").sign(&valid)),
    ] {
        assert_eq!(script(&world, token).code(ME, json!({})).await, "UNAUTHENTICATED", "{name}");
    }
    let typed = fake.key.sign_with(&Header { typ: Some("at+jwt".to_owned()), ..header }, &valid);
    assert_eq!(script(&world, typed).query(ME, json!({})).await["viewer"]["role"], "OPERATOR");
}

#[tokio::test]
async fn suspended_members_and_removed_links_stay_out_at_once() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let first = script(&world, fake.key.sign(&claims(&fake, &json!({}))));
    let mut stream = first.subscribe("subscription { dossierEvents { type } }", json!({})).await;
    world.app.by_hand("UPDATE membership SET suspended_at = created_at WHERE role = 'OPERATOR'").await;
    assert_eq!(first.code(ME, json!({})).await, "UNAUTHENTICATED");
    let next = script(&world, fake.key.sign(&claims(&fake, &json!({ "jti": "next" }))));
    assert_eq!(next.code(ME, json!({})).await, "UNAUTHENTICATED");
    while stream.next_or_closed().await.is_ok() {}
    world.app.by_hand("UPDATE membership SET suspended_at = NULL").await;
    assert_eq!(first.query(ME, json!({})).await["viewer"]["role"], "OPERATOR");

    let mut stream = first.subscribe("subscription { dossierEvents { type } }", json!({})).await;
    let links = world.operator.query(super::LINKS, json!({})).await["externalIdentities"]["nodes"].clone();
    world.operator.does("removeExternalIdentity", json!({ "id": links[0]["id"] }), "").await;
    for token in [&first, &next] {
        assert_eq!(token.code(ME, json!({})).await, "UNAUTHENTICATED");
    }
    let (code, _) = loop {
        if let Err(closed) = stream.next_or_closed().await {
            break closed;
        }
    };
    assert_eq!(code, 4403);
}

#[tokio::test]
async fn an_ended_session_refuses_earlier_tokens_and_not_later_ones() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let token = |number: u64| script(&world, fake.key.sign(&claims(&fake, &json!({ "jti": number }))));
    let (first, second) = (token(1), token(2));
    first.query(ME, json!({})).await;
    let sessions = "{ sessions(first: 10) { nodes { id device } } }";
    let open = async || {
        let nodes = world.operator.query(sessions, json!({})).await["sessions"]["nodes"].clone();
        nodes
            .as_array()
            .unwrap()
            .iter()
            .filter(|session| session["device"] == json!(fake.url))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(open().await.len(), 1);
    world.operator.does("endSession", json!({ "id": open().await[0]["id"] }), "").await;
    assert_eq!(first.code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(second.code(ME, json!({})).await, "UNAUTHENTICATED", "it was issued before");
    assert_eq!(token(3).code(ME, json!({})).await, "UNAUTHENTICATED", "the clock of the issuer may be ahead");
    age_ends(&world).await;
    let (third, fourth) = (token(4), token(5));
    for later in [&third, &fourth, &third] {
        assert_eq!(later.query(ME, json!({})).await["viewer"]["role"], "OPERATOR");
    }
    assert_eq!(open().await.len(), 1, "tokens share a session");
}

#[tokio::test]
async fn a_socket_goes_on_with_the_next_token() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let token = |number: u64| fake.key.sign(&claims(&fake, &json!({ "jti": number })));
    let mut socket = Socket::open(&world.app.url, Some(&token(1))).await;
    let payload = json!({ "Authorization": format!("Bearer {}", token(2)) });
    socket.send(json!({ "type": "ping", "payload": payload })).await;
    let pong = socket.receive().await;
    assert!(pong["payload"]["tokenExpiresAt"].is_string(), "{pong}");
}

#[tokio::test]
async fn while_the_issuer_is_away_its_new_tokens_wait_and_all_others_go_on() {
    let mut fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let token = |number: u64| fake.key.sign(&claims(&fake, &json!({ "jti": number })));
    let (known, early) = (script(&world, token(1)), token(2));
    fake.stop().await;
    assert_eq!(known.code(ME, json!({})).await, "SERVICE_UNAVAILABLE");
    assert_eq!(world.operator.query(ME, json!({})).await["viewer"]["role"], "OPERATOR");
    let mut socket = Socket::connect(&world.app.url).await;
    let payload = json!({ "Authorization": format!("Bearer {early}") });
    socket.send(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.closed().await, (1013, "try-again-later".to_owned()));
}

#[tokio::test]
async fn keys_that_were_read_are_used_while_the_issuer_is_away() {
    let mut fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let token = |fake: &Fake, number: u64| script(&world, fake.key.sign(&claims(fake, &json!({ "jti": number }))));
    let known = token(&fake, 1);
    known.query(ME, json!({})).await;
    fake.stop().await;
    for script in [known, token(&fake, 2)] {
        assert_eq!(script.query(ME, json!({})).await["viewer"]["role"], "OPERATOR");
    }
}

#[tokio::test]
async fn new_keys_are_read_and_unknown_ones_cause_few_requests() {
    let fake = Fake::start().await;
    let world = world(&fake.url).await;
    link(&world, OPERATOR, &fake.url, "script").await;
    let first = script(&world, fake.key.sign(&claims(&fake, &json!({}))));
    first.query(ME, json!({})).await;
    assert_eq!(fake.reads(), 1);
    for number in 0..30 {
        let forged = Key::new(&format!("key {number}")).sign(&claims(&fake, &json!({})));
        assert_eq!(script(&world, forged).code(ME, json!({})).await, "UNAUTHENTICATED");
    }
    assert!(fake.reads() <= 3, "{}", fake.reads());
    let next = Key::new("next");
    fake.publish(&[&fake.key, &next]);
    let next = script(&world, next.sign(&claims(&fake, &json!({ "jti": 2 }))));
    for _ in 0..100 {
        if next.send(ME, json!({})).await["data"]["viewer"]["role"] == "OPERATOR" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the new key is not accepted");
}
