//! Two people with the same access scope get the same values, except where the schema says `@personal`.

use super::subjects;
use crate::support::{
    App, World,
    app::Member,
    json,
    schema::{Schema, base},
};
use async_graphql::parser::types::FieldDefinition;
use entities::membership::Role;
use serde_json::Value;
use std::collections::BTreeSet;

/// The depth of the selection: a field of a node of a connection of a node of a connection of the root.
const DEPTH: usize = 7;

fn is_marked(field: &FieldDefinition) -> bool {
    field.directives.iter().any(|directive| directive.node.name.node == "personal")
}

/// Returns a selection of all fields below a type that need no arguments and are not marked.
fn selection(schema: &Schema, kind: &str, depth: usize) -> String {
    let mut selected = vec!["__typename".to_owned()];
    for field in schema.fields(kind).iter().map(|field| &field.node) {
        let below = base(&field.ty.node);
        let needs = field.arguments.iter().any(|argument| !argument.node.ty.node.nullable);
        if needs || is_marked(field) {
            continue;
        }
        let pages = field.arguments.iter().any(|argument| argument.node.name.node == "first");
        let arguments = if pages { "(first: 3)" } else { "" };
        if !schema.is_composite(below) {
            selected.push(format!("{}{arguments}", field.name.node));
        } else if depth > 0 {
            let below = selection(schema, below, depth - 1);
            selected.push(format!("{}{arguments} {below}", field.name.node));
        }
    }
    format!("{{ {} }}", selected.join(" "))
}

/// Adds the paths, without indices, at which the values differ.
fn differences(one: &Value, other: &Value, place: &str, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one.keys().chain(other.keys()) {
                let value = |of: &serde_json::Map<String, Value>| of.get(key).cloned().unwrap_or_default();
                differences(&value(one), &value(other), &format!("{place}.{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                differences(one, other, place, found);
            }
        }
        _ if one != other => drop(found.insert(place.to_owned())),
        _ => {}
    }
}

#[tokio::test]
async fn people_of_one_access_scope_get_the_same_values() {
    // With all that a server may have.
    let configured = ["--oidc-issuer=http://127.0.0.1:9", "--oidc-client-id=dossier"].map(str::to_owned);
    let world = World::on(App::start_with(&configured).await).await;
    let person = |email| Member { email, ..Member::default() };
    let paul = world.app.member(world.organization, Role::Operator, person("paul@atelier.example")).await;
    subjects::document(&world, "DOCUMENTS", true).await;
    subjects::message(&world, true).await;
    subjects::request(&world, false).await;
    subjects::accepted_quote(&world).await;
    subjects::payment(&world).await;
    subjects::credit_note(&world, true).await;
    let schema = Schema::read();
    let mut asked = 0;
    for field in schema.fields("Query").iter().map(|field| &field.node) {
        if is_marked(field) || field.arguments.iter().any(|argument| !argument.node.ty.node.nullable) {
            continue;
        }
        let kind = base(&field.ty.node);
        let arguments = if kind.ends_with("Connection") || kind.ends_with("Feed") { "(first: 3)" } else { "" };
        // As deep as the limits of cost and size allow.
        let mut deepest = None;
        for depth in (0..=DEPTH).rev() {
            let query = format!("{{ {}{arguments} {} }}", field.name.node, selection(&schema, kind, depth));
            let answer = world.operator.send(&query, json!({})).await;
            let found = &answer["data"][field.name.node.as_str()];
            if found.is_object() || found.is_array() {
                deepest = Some((query, answer));
                break;
            }
        }
        asked += 1;
        let Some((query, one)) = deepest else { panic!("{} cannot be asked", field.name.node) };
        // Values that change with time are different in the second answer of the same person, too.
        let (other, again) = (paul.send(&query, json!({})).await, world.operator.send(&query, json!({})).await);
        let (mut with_time, mut with_person) = (BTreeSet::new(), BTreeSet::new());
        differences(&one["data"], &again["data"], "Query", &mut with_time);
        differences(&one["data"], &other["data"], "Query", &mut with_person);
        let personal: Vec<_> = with_person.difference(&with_time).collect();
        assert!(personal.is_empty(), "these fields depend on the person and are not marked @personal: {personal:?}");
    }
    assert!(asked >= 8, "{asked}");
}

#[tokio::test]
async fn marked_fields_depend_on_the_person() {
    let world = World::new().await;
    let person = |email| Member { email, ..Member::default() };
    let paul = world.app.member(world.organization, Role::Operator, person("paul@atelier.example")).await;
    let query = "{ viewer { displayName email } }";
    let (one, other) = (world.operator.query(query, json!({})).await, paul.query(query, json!({})).await);
    let mut found = BTreeSet::new();
    differences(&one, &other, "Query", &mut found);
    let marked = ["Query.viewer.displayName", "Query.viewer.email"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from(marked));
    let sdl = dossier::graphql::sdl();
    for marked in ["displayName: String! @personal", "email: String @personal", "assignedToMe: Boolean @personal"] {
        assert!(sdl.contains(marked), "{marked}");
    }
}
