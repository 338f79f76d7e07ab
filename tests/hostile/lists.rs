//! Lists that are too long, in each argument of the schema that contains a list.

use crate::support::{
    Value, World, json,
    schema::{Schema, base},
};
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind};
use dossier::graphql::lists::MAX_ITEMS;

/// A list in an argument, with its path: the argument, then fields of input objects and positions in outer lists.
struct Taken<'s> {
    object: &'s str,
    field: &'s FieldDefinition,
    path: Vec<String>,
}

impl Taken<'_> {
    /// Returns the argument's value with a list of this many items.
    fn value(&self, items: usize) -> Value {
        let list = json!(vec![Value::Null; items]);
        self.path[1..]
            .iter()
            .rev()
            .fold(list, |inner, part| if part == "0" { json!([inner]) } else { json!({ part: inner }) })
    }

    /// Returns an operation with this value of the argument.
    fn operation(&self, schema: &Schema, definition: &str, value: &str) -> String {
        let selection = if schema.is_composite(base(&self.field.ty.node)) { "{ __typename }" } else { "" };
        let field = format!("{}({}: {value}) {selection}", self.field.name, self.path[0]);
        match self.object {
            "Query" | "Mutation" | "Subscription" => {
                format!("{} {definition} {{ {field} }}", self.object.to_lowercase())
            }
            "Upload" => format!(
                "query {definition} {{ node(id: \"client_0\") {{ ... on Document {{ upload {{ {field} }} }} }} }}"
            ),
            object => format!("query {definition} {{ node(id: \"client_0\") {{ ... on {object} {{ {field} }} }} }}"),
        }
    }
}

/// Writes the value as in a document.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {}", literal(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Collects the paths of the lists in a type, with lists in lists.
fn lists(schema: &Schema, ty: &Type, path: &[String], found: &mut Vec<Vec<String>>) {
    let below = |part: &str| [path, &[part.to_owned()]].concat();
    match &ty.base {
        BaseType::List(item) => {
            found.push(path.to_vec());
            lists(schema, item, &below("0"), found);
        }
        BaseType::Named(name) => {
            let Some(TypeKind::InputObject(object)) = schema.kind(name) else { return };
            assert!(path.len() < 10, "input objects within each other without end: {path:?}");
            for field in &object.fields {
                lists(schema, &field.node.ty.node, &below(&field.node.name.node), found);
            }
        }
    }
}

fn all(schema: &Schema) -> Vec<Taken<'_>> {
    let fields =
        schema.objects().flat_map(|object| schema.fields(object).iter().map(move |field| (object, &field.node)));
    let mut all = Vec::new();
    for (object, field) in fields {
        for argument in &field.arguments {
            let mut paths = Vec::new();
            lists(schema, &argument.node.ty.node, &[argument.node.name.node.to_string()], &mut paths);
            all.extend(paths.into_iter().map(|path| Taken { object, field, path }));
        }
    }
    all
}

#[tokio::test]
async fn every_argument_refuses_a_list_that_is_too_long() {
    let (world, schema) = (World::new().await, Schema::read());
    let all = all(&schema);
    assert!(all.len() > 15, "{} lists", all.len());
    let mut socket = world.operator.socket().await;
    for (number, taken) in all.iter().enumerate() {
        let argument = taken.field.arguments.iter().find(|argument| argument.node.name.node == *taken.path[0]).unwrap();
        let definition = format!("($value: {})", argument.node.ty.node);
        let default = format!("($value: {} = {})", argument.node.ty.node, literal(&taken.value(MAX_ITEMS + 1)));
        for (document, variables, items) in [
            (taken.operation(&schema, "", &literal(&taken.value(MAX_ITEMS + 1))), json!({}), MAX_ITEMS + 1),
            (taken.operation(&schema, &default, "$value"), json!({}), MAX_ITEMS + 1),
            (taken.operation(&schema, &definition, "$value"), json!({ "value": taken.value(40_000) }), 40_000),
        ] {
            let errors = if taken.object == "Subscription" {
                let payload = json!({ "query": document, "variables": variables });
                let id = format!("{number} {items} {}", document.len());
                socket.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
                let message = socket.receive().await;
                assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message:#}");
                message["payload"].clone()
            } else {
                world.operator.send(&document, variables).await["errors"].clone()
            };
            let path = taken.path.join(".");
            let message = format!("Argument `{path}`: the list has {items} items; the limit is {MAX_ITEMS}");
            assert_eq!(errors[0]["message"], message, "{} {errors:#}", taken.field.name);
            let extensions = &errors[0]["extensions"];
            assert_eq!((&extensions["code"], &extensions["argument"]), (&json!("BAD_USER_INPUT"), &json!(path)));
        }
    }
}

/// More than the maximum number of parameters of a statement: 32,766 on SQLite, 65,535 on PostgreSQL.
#[tokio::test]
async fn a_list_may_repeat_items_within_its_limit() {
    let world = World::new().await;
    let query = "query($status: [ClientStatus!]) { clients(filter: { status: $status }) { totalCount } }";
    let once = world.operator.query(query, json!({ "status": ["ACTIVE"] })).await;
    assert_eq!(world.operator.query(query, json!({ "status": vec!["ACTIVE"; MAX_ITEMS] })).await, once);
    assert_eq!(world.operator.query(query, json!({ "status": "ACTIVE" })).await, once);
    for items in [MAX_ITEMS + 1, 40_000, 70_000] {
        let answer = world.operator.send(query, json!({ "status": vec!["ACTIVE"; items] })).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["argument"], "filter.status", "{answer:#}");
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&items.to_string()) && message.contains(&MAX_ITEMS.to_string()), "{message}");
    }
}

/// This includes fragments, and variables that are used several times.
#[tokio::test]
async fn lists_in_fragments_are_checked() {
    let world = World::new().await;
    let query = "query($types: [EventType!]) { viewer { role } ...f } fragment f on Query { ... { events(types: $types) { cursor } } }";
    let answer = world.operator.send(query, json!({ "types": vec!["MESSAGE_POSTED"; 1_000] })).await;
    assert_eq!(answer["errors"][0]["extensions"]["argument"], "types", "{answer:#}");
    assert_eq!(answer["data"], Value::Null);
}
