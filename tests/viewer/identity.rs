//! People can be told apart: by frontends that cache objects, and by owners.

use crate::support::{Value, World, json};
use std::collections::BTreeSet;

const ME: &str = "{ viewer { id displayName member { id } organization { id } } }";

#[tokio::test]
async fn each_viewer_and_organization_has_an_id() {
    let world = World::new().await;
    let mut ids = BTreeSet::new();
    for actor in [&world.owner, &world.operator, &world.manager, &world.staff, &world.martin, &world.durand] {
        let me = actor.query(ME, json!({})).await["viewer"].clone();
        assert_eq!(actor.query(ME, json!({})).await["viewer"], me, "the ids stay the same");
        assert!(me["id"].as_str().unwrap().starts_with("viewer_"), "{me}");
        assert!(ids.insert(me["id"].to_string()), "{me}");
        assert_eq!(
            me["member"].is_null(),
            ["staff", "martin", "durand"].iter().any(|name| actor.name.starts_with(name)),
            "{me}"
        );
    }
    let organization = async |actor: &crate::support::Actor| {
        actor.query(ME, json!({})).await["viewer"]["organization"]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(organization(&world.owner).await, organization(&world.martin).await);
    assert_ne!(organization(&world.owner).await, organization(&world.stranger).await);
}

#[tokio::test]
async fn a_member_finds_themselves_among_the_members() {
    let world = World::new().await;
    let me = world.operator.query(ME, json!({})).await["viewer"]["member"]["id"].clone();
    let query = "query($id: ID!) { node(id: $id) { ... on Member { displayName role } } }";
    let seen = world.operator.query(query, json!({ "id": me })).await["node"].clone();
    assert_eq!(seen["role"], "OPERATOR");
}

#[tokio::test]
async fn owners_see_the_addresses_of_members() {
    let world = World::new().await;
    let query = "{ members(first: 20) { nodes { displayName email } } }";
    let emails = async |answer: &Value| -> Vec<Value> {
        let nodes = answer["data"]["members"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["email"].clone()).collect()
    };
    let seen = world.owner.send(query, json!({})).await;
    assert!(emails(&seen).await.contains(&json!("operator@atelier.example")), "{seen:#}");
    assert_eq!(seen["extensions"]["guarded"], Value::Null);
    let hidden = world.operator.send(query, json!({})).await;
    assert!(emails(&hidden).await.iter().all(Value::is_null), "{hidden:#}");
    assert_eq!(hidden["extensions"]["guarded"][0], json!(["members", "nodes", 0, "email"]));
}
