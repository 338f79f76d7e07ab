//! A variable without a value is absent, in any position
//! (<https://spec.graphql.org/September2025/#sec-Input-Objects.Input-Coercion>).

use crate::support::{World, json};

const CARD: &str = "client { name email phone status internalNotes } userErrors { code field message }";

#[tokio::test]
async fn an_absent_variable_changes_nothing() {
    let world = World::new().await;
    let id = &world.martin_id;
    let input = json!({ "id": id, "email": "martin@client.example", "phone": "01", "internalNotes": "Paye tard." });
    world.operator.does("updateClient", input, "client { id }").await;

    let update = format!(
        "mutation($id: ID!, $name: String, $email: String, $phone: String) {{
            updateClient(input: {{ id: $id, name: $name, email: $email, phone: $phone }}) {{ {CARD} }}
        }}"
    );
    let kept = json!({
        "name": "Martin SA", "email": "martin@client.example", "phone": "01", "status": "ACTIVE",
        "internalNotes": "Paye tard.",
    });
    let variables = json!({ "id": id, "name": "Martin SA" });
    let data = world.operator.query(&update, variables.clone()).await;
    assert_eq!(data["updateClient"], json!({ "client": kept, "userErrors": [] }));

    // The same over a socket.
    let mut socket = world.operator.socket().await;
    let payload = json!({ "query": update, "variables": variables });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.receive().await["payload"]["data"]["updateClient"]["client"], kept);

    // Null empties the field. A default of the operation is a value.
    let data = world.operator.query(&update, json!({ "id": id, "phone": null })).await;
    assert_eq!(data["updateClient"]["client"]["phone"], json!(null));
    let defaulted = format!(
        "mutation($id: ID!, $phone: String = \"02\", $email: String = null) {{
            updateClient(input: {{ id: $id, phone: $phone, email: $email }}) {{ {CARD} }}
        }}"
    );
    let data = world.operator.query(&defaulted, json!({ "id": id })).await;
    assert_eq!(data["updateClient"]["client"]["phone"], "02");
    assert_eq!(data["updateClient"]["client"]["email"], json!(null));
}

#[tokio::test]
async fn an_absent_variable_gets_the_default_of_the_schema() {
    let world = World::new().await;
    let create = format!(
        "mutation($name: String!, $status: ClientStatus, $track: ClientTrack!) {{
            createClient(input: {{ name: $name, status: $status, track: $track }}) {{ {CARD} }}
        }}"
    );
    let data = world.operator.query(&create, json!({ "name": "Petit", "track": "LAB" })).await;
    assert_eq!(data["createClient"]["userErrors"], json!([]), "{data:#}");
    let direct =
        world.operator.does("createClient", json!({ "name": "Petit", "track": "LAB" }), "client { status }").await;
    assert_eq!(data["createClient"]["client"]["status"], direct["client"]["status"]);

    let code = world.operator.code(&create, json!({ "name": "Petit", "track": "LAB", "status": null })).await;
    assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "null is no status");

    // If the schema has no default, a nullable variable cannot replace a required value.
    let wrong = "mutation($name: String) { createClient(input: { name: $name }) { userErrors { code } } }";
    assert_eq!(world.operator.code(wrong, json!({ "name": "Petit" })).await, "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn absent_variables_are_absent_at_every_depth() {
    let world = World::new().await;
    let draft = "mutation($client: ID!, $note: String, $rate: Decimal, $quantity: Decimal!) {
        createInvoice(input: {
            clientId: $client, title: \"Site\", note: $note,
            lines: [{ description: \"Page\", quantity: $quantity, unitPrice: \"10\", vatRate: $rate }]
        }) { invoice { note lines { quantity vatRate } } userErrors { code field message } }
    }";
    let variables = json!({ "client": world.martin_id, "quantity": "2", "rate": "20" });
    let data = world.operator.query(draft, variables).await;
    assert_eq!(data["createInvoice"]["userErrors"], json!([]), "{data:#}");
    assert_eq!(data["createInvoice"]["invoice"]["note"], json!(null));

    let list = "query($filter: ClientFilter, $search: String, $status: ClientStatus!, $first: Int, $after: String) {
        all: clients(filter: $filter, first: $first, after: $after) { nodes { name } }
        some: clients(filter: { search: $search, status: [$status] }) { nodes { name } }
    }";
    let data = world.operator.query(list, json!({ "status": "ACTIVE" })).await;
    assert_eq!(data["all"], data["some"]);
    assert_eq!(data["all"]["nodes"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_required_variable_must_have_a_value() {
    let world = World::new().await;
    let query = "query($id: ID!) { client(id: $id) { id } }";
    for (variables, why) in [
        (json!({}), "The variable `$id` of type `ID!` is required, but it has no value."),
        (json!({ "id": null }), "The variable `$id` of type `ID!` is required, but its value is null."),
    ] {
        let answer = world.operator.send(query, variables).await;
        assert_eq!(answer["errors"][0]["message"], why);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert!(answer.get("data").is_none());
    }
}

#[tokio::test]
async fn a_subscription_works_with_absent_variables() {
    let world = World::new().await;
    let subscribe = "subscription($client: ID, $types: [EventType!], $after: String) {
        dossierEvents(clientId: $client, types: $types, after: $after) { type }
    }";
    let mut events = world.operator.subscribe(subscribe, json!({})).await;
    world.operator.does("updateClient", json!({ "id": world.durand_id, "name": "Durand SA" }), "client { id }").await;
    assert_eq!(events.next().await["dossierEvents"]["type"], "CLIENT_UPDATED");
}

/// The value of a variable is checked like one in the document.
#[tokio::test]
async fn a_value_that_does_not_fit_is_refused() {
    let world = World::new().await;
    for (query, variables, argument) in [
        (
            "query($v: ClientFilter) { clients(filter: $v) { nodes { id } } }",
            json!({ "v": { "nothing": 1 } }),
            "filter",
        ),
        ("query($v: Int) { clients(first: $v) { nodes { id } } }", json!({ "v": "many" }), "first"),
        (
            "query($v: ClientStatus!) { clients(filter: { status: [$v] }) { nodes { id } } }",
            json!({ "v": "GONE" }),
            "filter",
        ),
    ] {
        let answer = world.operator.send(query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(argument), "{answer:#}");
    }
    let skipped = "query($if: Boolean) { viewer { role @skip(if: $if) } }";
    assert_eq!(world.operator.code(skipped, json!({})).await, "BAD_USER_INPUT");
    let skipped = "query($if: Boolean!) { viewer { role @skip(if: $if) } }";
    assert_eq!(world.operator.code(skipped, json!({ "if": "yes" })).await, "BAD_USER_INPUT");
}

/// An escape beyond the basic plane is one character, in documents and in variables.
#[tokio::test]
async fn strings_in_documents_may_contain_every_character() {
    let world = World::new().await;
    for name in [r#""\uD83E\uDD50""#, r#""\u{1F950}""#, "\"🥐\"", "\"\"\"🥐\"\"\""] {
        let update = format!(
            "mutation($id: ID!) {{ updateClient(input: {{ id: $id, name: {name} }}) {{ client {{ name }} }} }}"
        );
        let data = world.operator.query(&update, json!({ "id": world.martin_id })).await;
        assert_eq!(data["updateClient"]["client"]["name"], "🥐", "{name}");
    }
    let lone = r#"{ clients(filter: { search: "\uD83E" }) { nodes { id } } }"#;
    assert_eq!(world.operator.code(lone, json!({})).await, "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn an_input_object_gives_each_field_once() {
    let world = World::new().await;
    let twice = "mutation($id: ID!) {
        updateClient(input: { id: $id, name: \"A\", name: \"B\" }) { client { name } }
    }";
    let answer = world.operator.send(twice, json!({ "id": world.martin_id })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 51 }]));
}
