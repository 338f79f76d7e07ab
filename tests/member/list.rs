use crate::support::{Actor, Value, World, fixtures::member, json};

const MEMBERS: &str = "query($role: [Role!]) {
    members(first: 50, filter: { role: $role }) { nodes { displayName role suspended } totalCount }
}";

async fn names(actor: &Actor, role: Value) -> Vec<String> {
    let page = actor.query(MEMBERS, json!({ "role": role })).await["members"].clone();
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    nodes.iter().map(|node| node["displayName"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn only_people_who_assign_see_members() {
    let world = World::new().await;
    let all = ["owner", "operator", "manager", "staff", "martin", "durand"];
    assert_eq!(names(&world.owner, json!(null)).await, all);
    assert_eq!(names(&world.operator, json!(null)).await, all);
    assert_eq!(names(&world.operator, json!(["OWNER", "OPERATOR", "MANAGER"])).await, all[..3]);
    assert_eq!(names(&world.manager, json!(null)).await, ["manager", "staff", "martin"]);
    assert_eq!(names(&world.staff, json!(null)).await, [""; 0]);
    assert_eq!(names(&world.martin, json!(null)).await, [""; 0]);
    assert_eq!(names(&world.stranger, json!(null)).await, ["operator"]);
    assert_eq!(world.anonymous.code(MEMBERS, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_visible_member_has_an_id() {
    let world = World::new().await;
    let id = member(&world.operator, "operator").await;
    let query = "query($id: ID!) { node(id: $id) { id ... on Member { displayName role suspended } } }";
    let seen = world.owner.query(query, json!({ "id": id })).await;
    let expected = json!({ "id": id, "displayName": "operator", "role": "OPERATOR", "suspended": false });
    assert_eq!(seen["node"], expected);
    for actor in [&world.manager, &world.staff, &world.martin, &world.stranger] {
        assert_eq!(actor.query(query, json!({ "id": id })).await["node"], json!(null), "{}", actor.name);
    }
}
