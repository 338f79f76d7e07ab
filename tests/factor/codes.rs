//! Codes work once, and wrong codes slow down whoever guesses.

use super::{OWNER, challenge, complete, enroll, next_challenge, refusal, wrong_code};
use crate::support::{World, actors::mutation, json};
use chrono::TimeDelta;
use dossier_core::viewer::Viewer;
use entities::user;
use futures::future::join_all;

#[tokio::test]
async fn a_code_signs_in_once() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let (first, second) = (challenge(&world, OWNER).await, next_challenge(&world, OWNER).await);
    let code = owner.code();
    let signed_in = complete(&world, &first, &format!(" {code} ")).await;
    assert_eq!(signed_in["viewer"]["role"], "OWNER");
    assert!(signed_in["refreshToken"].is_string());
    assert_eq!(refusal(&world, &first, &code).await, "INVALID challenge", "it works once");
    assert_eq!(refusal(&world, &second, &code).await, "INVALID challenge", "the factor was used since");
    let third = next_challenge(&world, OWNER).await;
    assert_eq!(refusal(&world, &third, &code).await, "INVALID code", "the code was used");
}

#[tokio::test]
async fn the_code_of_the_enrollment_cannot_sign_in() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let open = next_challenge(&world, OWNER).await;
    assert_eq!(refusal(&world, &open, &owner.used_code).await, "INVALID code");
}

#[tokio::test]
async fn of_many_who_send_one_code_at_once_one_signs_in() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    challenge(&world, OWNER).await;
    let code = owner.code();
    let document = mutation("completeSignIn", "accessToken");
    for code in [code.as_str(), owner.recovery_codes[0].as_str()] {
        let fresh = join_all((0..8).map(|_| next_challenge(&world, OWNER))).await;
        let send = |challenge: &String| {
            world.anonymous.send(&document, json!({ "input": { "challenge": challenge, "code": code } }))
        };
        // Two of the senders share a challenge.
        let answers = join_all(fresh.iter().chain([&fresh[0]]).map(send).collect::<Vec<_>>()).await;
        let signed_in = answers.iter().filter(|answer| answer["data"]["completeSignIn"]["accessToken"].is_string());
        assert_eq!(signed_in.count(), 1, "{answers:#?}");
    }
}

#[tokio::test]
async fn a_recovery_code_signs_in_once() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let typed = owner.recovery_codes[4].to_lowercase().replace('-', " ");
    let signed_in = complete(&world, &challenge(&world, OWNER).await, &typed).await;
    let session = super::actor(&world, &signed_in);
    assert_eq!(session.query(super::ME, json!({})).await["viewer"]["recoveryCodesLeft"], 9);
    let next = challenge(&world, OWNER).await;
    assert_eq!(refusal(&world, &next, &owner.recovery_codes[4]).await, "INVALID code");
    for hostile in ["", " ", "'; --", "١٢٣٤٥٦", "\u{0}", &"A".repeat(100_000)] {
        assert_eq!(refusal(&world, &next, hostile).await, "INVALID code", "{hostile:.20}");
    }
    assert_eq!(complete(&world, &next, &owner.recovery_codes[5]).await["viewer"]["role"], "OWNER");
}

/// Moves the last wrong code of the owner into the past.
async fn wait(world: &World, by: TimeDelta) {
    let database = &world.app.parts.database;
    let before = database.account(OWNER).await.unwrap().unwrap();
    let tx = database.write_as(Viewer::SigningIn { user: before.id }).await.unwrap();
    let after = user::Model { wrong_code_at: before.wrong_code_at.map(|at| at - by), ..before.clone() };
    tx.update_without_event(&before, after).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn wrong_codes_slow_down_and_lock_nobody_out() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let (open, wrong) = (challenge(&world, OWNER).await, wrong_code(&owner.secret));
    for _ in 0..5 {
        assert_eq!(refusal(&world, &open, &wrong).await, "INVALID code");
    }
    let document = mutation("completeSignIn", "accessToken");
    let right = owner.code();
    let send = async |code: &str| {
        let open = challenge(&world, OWNER).await;
        world.anonymous.send(&document, json!({ "input": { "challenge": open, "code": code } })).await
    };
    for code in [&wrong, &right] {
        let answer = send(code).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "RATE_LIMITED", "{answer:#}");
        assert!((1..=30).contains(&extensions["retryAfter"].as_u64().unwrap()), "{answer:#}");
    }
    assert_eq!(
        owner.actor.code("mutation { confirmIdentity(input: { code: \"123456\" }) { confirmed } }", json!({})).await,
        "RATE_LIMITED",
        "the same limit for proofs"
    );
    wait(&world, TimeDelta::seconds(31)).await;
    assert_eq!(refusal(&world, &challenge(&world, OWNER).await, &wrong).await, "INVALID code");
    wait(&world, TimeDelta::seconds(31)).await;
    assert_eq!(send(&right).await["errors"][0]["extensions"]["code"], "RATE_LIMITED", "the wait has doubled");
    let recovered = complete(&world, &challenge(&world, OWNER).await, &owner.recovery_codes[0]).await;
    assert_eq!(recovered["viewer"]["role"], "OWNER", "a recovery code never waits");
    let right = owner.code();
    assert_eq!(complete(&world, &challenge(&world, OWNER).await, &right).await["viewer"]["role"], "OWNER");
}
