use crate::support::{Actor, Value, World, app::Member, fixtures::member, json};
use dossier::graphql::id;
use entities::membership::Role;

const ME: &str = "{ viewer { role sites { nodes { name } } } }";

async fn role_of(actor: &Actor) -> Value {
    actor.query(ME, json!({})).await["viewer"]["role"].clone()
}

#[tokio::test]
async fn an_owner_changes_the_role_and_the_sites_of_a_member() {
    let world = World::new().await;
    let staff = member(&world.owner, "staff").await;
    let lyon = id::encode("site", world.lyon);
    let change = json!({ "id": staff, "role": "MANAGER", "siteIds": [lyon] });
    let changed = world.owner.does("changeMember", change, "member { role sites { name } }").await["member"].clone();
    assert_eq!(changed, json!({ "role": "MANAGER", "sites": [{ "name": "Lyon" }] }));
    let seen = world.staff.query(ME, json!({})).await["viewer"].clone();
    assert_eq!(seen, json!({ "role": "MANAGER", "sites": { "nodes": [{ "name": "Lyon" }] } }));
    let client = "query($id: ID!) { client(id: $id) { id } }";
    assert_eq!(world.staff.query(client, json!({ "id": world.martin_id })).await["client"], json!(null));
    let change = async |input| world.owner.refused("changeMember", input).await;
    assert_eq!(change(json!({ "id": staff, "siteIds": [] })).await, "INVALID siteIds");
    assert_eq!(change(json!({ "id": staff, "role": "CLIENT" })).await, "INVALID clientId");
    assert_eq!(change(json!({ "id": staff, "role": "OPERATOR", "siteIds": [lyon] })).await, "INVALID siteIds");
    world.owner.does("changeMember", json!({ "id": staff, "role": "OPERATOR" }), "").await;
    assert_eq!(role_of(&world.staff).await, "OPERATOR");
    for actor in [&world.operator, &world.manager] {
        let staff = json!({ "id": member(actor, "manager").await, "role": "OWNER" });
        assert_eq!(actor.refused("changeMember", staff).await, "FORBIDDEN", "{}", actor.name);
    }
    let id = member(&world.owner, "operator").await;
    for actor in [&world.staff, &world.martin, &world.stranger] {
        let refused = actor.refused("changeMember", json!({ "id": id, "role": "OWNER" })).await;
        assert!(["NOT_FOUND id", "FORBIDDEN"].contains(&refused.as_str()), "{}: {refused}", actor.name);
    }
}

#[tokio::test]
async fn a_suspended_member_can_be_resumed() {
    let world = World::new().await;
    let operator = member(&world.owner, "operator").await;
    let input = json!({ "id": operator });
    let suspended = world.owner.does("suspendMember", input.clone(), "member { suspended }").await;
    assert_eq!(suspended["member"]["suspended"], true);
    assert_eq!(world.operator.code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(world.owner.refused("suspendMember", input.clone()).await, "CONFLICT");
    world.owner.does("resumeMember", input.clone(), "").await;
    assert_eq!(world.operator.code(ME, json!({})).await, "UNAUTHENTICATED", "the old session stays ended");
    crate::viewer::set_password(&world, "operator@atelier.example", "sept pommes vertes").await;
    let again = json!({ "email": "operator@atelier.example", "password": "sept pommes vertes" });
    world.anonymous.does("signIn", again, "").await;
    assert_eq!(world.owner.refused("resumeMember", input).await, "CONFLICT");
}

#[tokio::test]
async fn an_organization_is_never_without_an_owner() {
    let world = World::new().await;
    let owner = member(&world.owner, "owner").await;
    let own = json!({ "id": owner });
    assert_eq!(world.owner.refused("suspendMember", own.clone()).await, "CONFLICT");
    assert_eq!(world.owner.refused("removeMember", own.clone()).await, "CONFLICT");
    assert_eq!(world.owner.refused("changeMember", json!({ "id": owner, "role": "OPERATOR" })).await, "CONFLICT");
    let leave = "mutation { leaveOrganization { left userErrors { code } } }";
    let left = world.owner.query(leave, json!({})).await;
    assert_eq!(left["leaveOrganization"], json!({ "left": false, "userErrors": [{ "code": "CONFLICT" }] }));
    let operator = member(&world.owner, "operator").await;
    assert_eq!(world.owner.refused("transferOwnership", own).await, "INVALID id");
    world.owner.does("transferOwnership", json!({ "id": operator }), "member { role }").await;
    assert_eq!((role_of(&world.owner).await, role_of(&world.operator).await), (json!("OPERATOR"), json!("OWNER")));
    assert_eq!(world.owner.refused("transferOwnership", json!({ "id": operator })).await, "FORBIDDEN");
    assert_eq!(world.owner.query(leave, json!({})).await["leaveOrganization"]["left"], true);
    assert_eq!(world.owner.code(ME, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn two_owners_cannot_step_down_at_once() {
    let world = World::new().await;
    let second = Member { email: "second@atelier.example", ..Member::default() };
    let second = world.app.member(world.organization, Role::Owner, second).await;
    let ids = [member(&world.owner, "owner").await, member(&world.owner, "second").await];
    let step_down = |actor: &Actor, id: &str| {
        let (actor, input) = (actor.clone(), json!({ "id": id, "role": "OPERATOR" }));
        async move { actor.mutate("changeMember", input, "").await["userErrors"].as_array().unwrap().len() }
    };
    let (one, other) = tokio::join!(step_down(&world.owner, &ids[0]), step_down(&second, &ids[1]));
    assert_eq!(one + other, 1, "exactly one is refused");
}

#[tokio::test]
async fn a_removed_member_leaves_their_name_and_no_work() {
    let world = World::new().await;
    let manager = member(&world.owner, "manager").await;
    let input = json!({ "clientId": world.martin_id, "title": "Essai" });
    let request = world.manager.does("submitValidationRequest", input, "validationRequest { id }").await;
    let request = request["validationRequest"]["id"].clone();
    world.owner.does("assignValidationRequest", json!({ "id": request, "assigneeId": manager }), "").await;
    let mut socket = world.manager.socket().await;
    let removed = world.owner.does("removeMember", json!({ "id": manager }), "removedId").await;
    assert_eq!(removed["removedId"], manager);
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
    assert_eq!(world.manager.code(ME, json!({})).await, "UNAUTHENTICATED");
    let query = "query($id: ID!) { node(id: $id) { ... on ValidationRequest {
        assignee { id } history(first: 5) { nodes { action actor { displayName } } } } } }";
    let seen = world.owner.query(query, json!({ "id": request })).await["node"].clone();
    assert_eq!(seen["assignee"], json!(null));
    assert_eq!(seen["history"]["nodes"][0]["actor"]["displayName"], "manager");
    let members = world.owner.query("{ members(first: 50) { nodes { displayName } } }", json!({})).await;
    assert!(!members.to_string().contains("\"manager\""), "{members}");
    assert_eq!(world.owner.refused("resumeMember", json!({ "id": manager })).await, "NOT_FOUND id");
    assert_eq!(world.owner.refused("removeMember", json!({ "id": manager })).await, "NOT_FOUND id");
}

#[tokio::test]
async fn the_agency_removes_the_people_of_a_dossier() {
    let world = World::new().await;
    let (martin, durand) = (member(&world.owner, "martin").await, member(&world.owner, "durand").await);
    assert_eq!(world.manager.refused("removeMember", json!({ "id": durand })).await, "NOT_FOUND id", "of Lyon");
    let staff = member(&world.manager, "staff").await;
    assert_eq!(world.manager.refused("removeMember", json!({ "id": staff })).await, "FORBIDDEN");
    for actor in [&world.staff, &world.durand, &world.stranger] {
        assert_eq!(actor.refused("removeMember", json!({ "id": martin })).await, "NOT_FOUND id", "{}", actor.name);
    }
    world.manager.does("removeMember", json!({ "id": martin }), "").await;
    assert_eq!(world.martin.code(ME, json!({})).await, "UNAUTHENTICATED");
    world.operator.does("removeMember", json!({ "id": durand }), "").await;
}
