//! Owners and the operator of the server remove a factor that its person has lost.

use super::{ME, OWNER, PASSWORD, enroll, sign_in};
use crate::support::{
    World,
    app::Member,
    fixtures::member,
    json,
    process::{command, run},
};
use entities::membership::Role;

#[tokio::test]
async fn an_owner_removes_the_factor_of_a_member() {
    let world = World::new().await;
    let email = "operator@atelier.example";
    let operator = enroll(&world, email).await;
    let id = member(&world.owner, "operator").await;
    let query = "query($id: ID!) { node(id: $id) { ... on Member { hasFactor } } }";
    let has_factor = async || world.owner.query(query, json!({ "id": id })).await["node"]["hasFactor"].clone();
    assert_eq!(has_factor().await, true);
    assert_eq!(world.manager.refused("resetMemberFactors", json!({ "id": id })).await, "NOT_FOUND id");
    assert_eq!(operator.actor.refused("resetMemberFactors", json!({ "id": id })).await, "FORBIDDEN");
    assert_eq!(world.stranger.refused("resetMemberFactors", json!({ "id": id })).await, "NOT_FOUND id");
    let mut socket = operator.actor.socket().await;
    let reset = world.owner.does("resetMemberFactors", json!({ "id": id }), "member { hasFactor }").await;
    assert_eq!(reset["member"]["hasFactor"], false);
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
    assert_eq!(operator.actor.code(ME, json!({})).await, "UNAUTHENTICATED");
    assert!(world.app.mail(email, "retiré").await.contains("operator"));
    assert!(sign_in(&world, email).await["accessToken"].is_string(), "the password is enough again");
    assert_eq!(world.owner.refused("resetMemberFactors", json!({ "id": id })).await, "CONFLICT", "there is none");
}

/// The commands need the database, so that the server must go on meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn the_operator_of_the_server_removes_a_factor_and_requires_one() {
    let world = World::new().await;
    world.app.write_configuration();
    enroll(&world, OWNER).await;
    let folder = world.app.folder();
    run(folder, &["organization", "set", "atelier", "--required-factor-roles", "owner,staff"]);
    let of = "{ viewer { factorRequired organization { requiredFactorRoles } } }";
    assert_eq!(world.staff.query(of, json!({})).await["viewer"]["factorRequired"], true);
    let owner = super::challenge(&world, OWNER).await;
    assert!(!owner.is_empty());
    run(folder, &["factor", "remove", OWNER]);
    let payload = sign_in(&world, OWNER).await;
    assert!(payload["accessToken"].is_string(), "{PASSWORD} is enough again");
    assert_eq!(super::actor(&world, &payload).query(of, json!({})).await["viewer"]["factorRequired"], true);
    let again = command(folder).args(["factor", "remove", OWNER]).output().unwrap();
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("no second factor"));
    let wrong = ["organization", "set", "atelier", "--required-factor-roles", "king"];
    assert_eq!(command(folder).args(wrong).output().unwrap().status.code(), Some(2));
    run(folder, &["organization", "set", "atelier", "--required-factor-roles", ""]);
    assert_eq!(world.staff.query(of, json!({})).await["viewer"]["factorRequired"], false);
}

#[tokio::test]
async fn an_owner_removes_no_factor_on_which_another_organization_relies() {
    let world = World::new().await;
    let enrolled = enroll(&world, OWNER).await;
    let elsewhere = world.app.organization("ailleurs").await;
    let person = |email| Member { email, ..Member::default() };
    world.app.member(elsewhere, Role::Operator, person(OWNER)).await;
    let boss = world.app.member(elsewhere, Role::Owner, person("boss@ailleurs.example")).await;
    let id = member(&boss, "owner").await;
    assert_eq!(boss.refused("resetMemberFactors", json!({ "id": id })).await, "FORBIDDEN");
    assert_eq!(enrolled.actor.query("{ viewer { totpEnabled } }", json!({})).await["viewer"]["totpEnabled"], true);
}
