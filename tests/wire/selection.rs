//! An answer contains the selected fields in their order
//! (<https://spec.graphql.org/September2025/#sec-Executing-Selection-Sets>).

use crate::support::{World, json};

/// Returns the keys of all objects in the order of the answer.
async fn keys(world: &World, query: &str) -> Vec<String> {
    let body = json!({ "query": query, "variables": { "id": world.martin_id, "yes": true, "no": false } });
    let request = reqwest::Client::new().post(format!("{}/graphql", world.app.url)).json(&body);
    let text =
        request.bearer_auth(world.operator.token.as_deref().unwrap()).send().await.unwrap().text().await.unwrap();
    let data =
        text.split_once("\"data\":").unwrap_or_else(|| panic!("{text}")).1.split("\"extensions\"").next().unwrap();
    assert!(!text.contains("\"errors\""), "{text}");
    // A colon follows a key.
    let parts: Vec<_> = data.split('"').collect();
    parts.windows(2).filter(|pair| pair[1].starts_with(':')).map(|pair| pair[0].to_owned()).collect()
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_document() {
    let world = World::new().await;
    for (query, order) in [
        (
            "{ viewer { displayName organization { name } } clients(first: 1) { nodes { id } } }",
            "viewer displayName organization name clients nodes id",
        ),
        (
            "query($id: ID!) { client(id: $id) { site { name id } name email } viewer { role } }",
            "client site name id name email viewer role",
        ),
        (
            "query($id: ID!) { node(id: $id) { ... on Document { name id } ... on Client { id site { id } name } } }",
            "node id site id name",
        ),
        (
            "query($id: ID!) { ...Q client(id: $id) { name } } fragment Q on Query { client(id: $id) { ... { id } site { name } } }",
            "client id site name name",
        ),
        ("{ b: viewer { z: role a: displayName } a: __typename viewer { role } }", "b z a a viewer role"),
        (
            "{ events(first: 1) { hasMore events { subject { __typename ... on Client { site { name } name } } type } cursor } }",
            "events hasMore events subject __typename site name name type cursor",
        ),
    ] {
        assert_eq!(keys(&world, query).await.join(" "), order, "{query}");
    }
    let update = "mutation($id: ID!) {
        updateClient(input: { id: $id, phone: \"1\" }) { userErrors { code } client { site { id } id } }
    }";
    assert_eq!(keys(&world, update).await.join(" "), "updateClient userErrors client site id id");
}

#[tokio::test]
async fn an_object_without_fields_is_empty() {
    let world = World::new().await;
    let marked = json!({ "viewer": { "__marker": "OPERATOR", "organization": {} } });
    for (query, expected) in [
        ("{ viewer { organization { name @skip(if: true) } } }", json!({ "viewer": { "organization": {} } })),
        ("query($no: Boolean!) { viewer { role @include(if: $no) } }", json!({ "viewer": {} })),
        ("query($yes: Boolean!) { viewer @skip(if: $yes) { role } }", json!({})),
        (
            "{ clients { pageInfo { ... @include(if: false) { hasNextPage } } } }",
            json!({ "clients": { "pageInfo": {} } }),
        ),
        (
            "{ clients(first: 1) { nodes { ...F } edges { node { name @skip(if: true) } } } }
             fragment F on Client { id @include(if: false) }",
            json!({ "clients": { "nodes": [{}], "edges": [{ "node": {} }] } }),
        ),
        ("query($id: ID!) { node(id: $id) { ... on Document { name } } }", json!({ "node": {} })),
        ("query($id: ID!) { node(id: $id) { id @skip(if: true) } }", json!({ "node": {} })),
        (
            "{ __type(name: \"PageInfo\") { fields { name @skip(if: true) } } }",
            json!({ "__type": { "fields": [{}, {}, {}, {}] } }),
        ),
        ("{ __schema { queryType { name @include(if: false) } } }", json!({ "__schema": { "queryType": {} } })),
        ("{ viewer { __marker: role organization { name @skip(if: true) } } }", marked),
    ] {
        let data = world.operator.query(query, json!({ "id": world.martin_id, "yes": true, "no": false })).await;
        assert_eq!(data, expected, "{query}");
    }
    let hidden = json!({ "id": world.foreign_id });
    let data = world.operator.query("query($id: ID!) { client(id: $id) { name @skip(if: true) } }", hidden).await;
    assert_eq!(data, json!({ "client": null }), "what does not exist is no empty object");
}

/// A field that is selected in several places is resolved once, with all its selections.
#[tokio::test]
async fn repeated_fields_are_merged() {
    let world = World::new().await;
    let query = "query($id: ID!) {
        client(id: $id) { site { name } name name }
        ...More
        ... on Query { client(id: $id) { documents(first: 1) { totalCount } } }
    }
    fragment More on Query { client(id: $id) { documents(first: 1) { nodes { name } } site { id name } } }";
    let data = world.operator.query(query, json!({ "id": world.martin_id })).await;
    let client = &data["client"];
    assert_eq!(client["site"]["name"], "Paris");
    assert!(client["site"]["id"].is_string());
    assert_eq!(client["documents"], json!({ "totalCount": 0, "nodes": [] }));
}
