use crate::support::{Value, World, fixtures::client, json};
use std::collections::BTreeSet;

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String, $order: ClientOrder) {
    clients(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
        edges { cursor node { id name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount
    }
}";

fn names(page: &Value) -> Vec<String> {
    page["clients"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"]["name"].as_str().unwrap().into())
        .collect()
}

#[tokio::test]
async fn pages_visit_each_row_once_in_both_directions() {
    let world = World::new().await;
    // Names that are equal without accents and case. The order must still be total.
    for name in ["Élan", "elan", "Abel", "Élan", "zoé", "Zoe", "abel"] {
        client(&world.operator, name, None).await;
    }
    for order in ["NAME_ASC", "NAME_DESC", "CREATED_AT_ASC", "CREATED_AT_DESC", "UPDATED_AT_DESC"] {
        let all = world.operator.query(PAGE, json!({ "first": 100, "order": order })).await;
        assert_eq!(all["clients"]["totalCount"], 9);
        let all = names(&all);
        for size in 1..=4 {
            let (mut forward, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = world.operator.query(PAGE, json!({ "first": size, "after": after, "order": order })).await;
                forward.extend(names(&page));
                assert_eq!(page["clients"]["pageInfo"]["hasPreviousPage"], !after.is_null());
                after = page["clients"]["pageInfo"]["endCursor"].clone();
                if page["clients"]["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(forward, all, "{order} by {size}");
            let (mut backward, mut before) = (Vec::new(), Value::Null);
            loop {
                let page = world.operator.query(PAGE, json!({ "last": size, "before": before, "order": order })).await;
                let mut names = names(&page);
                names.append(&mut backward);
                backward = names;
                before = page["clients"]["pageInfo"]["startCursor"].clone();
                if page["clients"]["pageInfo"]["hasPreviousPage"] == false {
                    break;
                }
            }
            assert_eq!(backward, all, "{order} by {size}, backward");
        }
    }
}

#[tokio::test]
async fn cursors_are_encrypted_and_belong_to_one_list() {
    let world = World::new().await;
    let page = world.operator.query(PAGE, json!({ "first": 1 })).await;
    let cursor = &page["clients"]["pageInfo"]["endCursor"];
    let again = world.operator.query(PAGE, json!({ "first": 1 })).await;
    assert_eq!(cursor, &again["clients"]["pageInfo"]["endCursor"], "the same place is written the same");
    let other = json!({ "after": cursor, "order": "CREATED_AT_ASC" });
    assert_eq!(world.operator.code(PAGE, other).await, "BAD_USER_INPUT");
    assert_eq!(world.stranger.code(PAGE, json!({ "after": cursor })).await, "BAD_USER_INPUT");
    for made_up in ["", "x", "AAAA", "é", &"A".repeat(10_000)] {
        assert_eq!(world.operator.code(PAGE, json!({ "after": made_up })).await, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn page_sizes_are_bounded() {
    let world = World::new().await;
    for wrong in
        [json!({ "first": -1 }), json!({ "first": 101 }), json!({ "last": 101 }), json!({ "first": 1, "last": 1 })]
    {
        let answer = world.operator.send(PAGE, wrong.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{wrong} {answer:#}");
    }
    assert_eq!(names(&world.operator.query(PAGE, json!({ "first": 0 })).await), Vec::<String>::new());
}

#[tokio::test]
async fn everybody_sees_their_own_clients() {
    let world = World::new().await;
    let list = "{ clients(first: 50) { nodes { name } totalCount } }";
    let seen = async |actor: &crate::support::Actor| {
        let page = actor.query(list, json!({})).await;
        let nodes = page["clients"]["nodes"].as_array().unwrap().clone();
        assert_eq!(page["clients"]["totalCount"], nodes.len());
        nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(seen(&world.owner).await, set(&["Martin", "Durand"]));
    assert_eq!(seen(&world.operator).await, set(&["Martin", "Durand"]));
    assert_eq!(seen(&world.manager).await, set(&["Martin"]));
    assert_eq!(seen(&world.staff).await, set(&["Martin"]));
    assert_eq!(seen(&world.martin).await, set(&["Martin"]));
    assert_eq!(seen(&world.durand).await, set(&["Durand"]));
    assert_eq!(seen(&world.stranger).await, set(&["Étranger"]));
    assert_eq!(world.anonymous.code(list, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn hidden_and_missing_rows_give_the_same_answer() {
    let world = World::new().await;
    let missing = dossier_core::id::encode("client", uuid::Uuid::now_v7());
    for query in ["query($id: ID!) { client(id: $id) { id } }", "query($id: ID!) { node(id: $id) { id } }"] {
        let hidden = world.manager.send(query, json!({ "id": world.durand_id })).await;
        let foreign = world.manager.send(query, json!({ "id": world.foreign_id })).await;
        let nothing = world.manager.send(query, json!({ "id": missing })).await;
        assert_eq!(hidden, nothing);
        assert_eq!(foreign, nothing);
    }
}

#[tokio::test]
async fn an_id_of_another_type_is_named_by_its_type() {
    let world = World::new().await;
    let id = world.martin_id.replace("client_", "document_");
    let answer = world.operator.send("query($id: ID!) { client(id: $id) { id } }", json!({ "id": id })).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(error["extensions"]["argument"], "id");
    let expected =
        format!("Argument `id`: `{id}` is the id of a document, but this must be the id of a client (`client_…`)");
    assert_eq!(error["message"], expected);
}
