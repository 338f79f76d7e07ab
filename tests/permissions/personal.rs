//! Two people with the same access scope get the same values, except where the schema says `@personal`.

use super::things;
use crate::support::{World, app::Member, json};
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use entities::membership::Role;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// How deep the walk goes: a field of a node of a connection of a node of a connection of the root.
const DEPTH: usize = 7;

/// The types of the schema.
struct Types(HashMap<String, TypeDefinition>);

impl Types {
    fn of_the_schema() -> Self {
        let document = parse_schema(dossier::graphql::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some((definition.node.name.node.to_string(), definition.node)),
            _ => None,
        });
        Self(types.collect())
    }

    fn fields(&self, kind: &str) -> &[async_graphql::Positioned<FieldDefinition>] {
        match self.0.get(kind).map(|definition| &definition.kind) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        }
    }

    fn is_leaf(&self, kind: &str) -> bool {
        self.0.get(kind).is_none_or(|definition| matches!(definition.kind, TypeKind::Scalar | TypeKind::Enum(_)))
    }

    /// Returns a selection of everything below a type that needs no arguments. `personal`: with the marked fields.
    fn selection(&self, kind: &str, depth: usize, personal: bool) -> String {
        let mut selected = vec!["__typename".to_owned()];
        for field in self.fields(kind).iter().map(|field| &field.node) {
            let below = name(&field.ty.node);
            let marked = field.directives.iter().any(|directive| directive.node.name.node == "personal");
            let needs = field.arguments.iter().any(|argument| !argument.node.ty.node.nullable);
            if needs || marked && !personal {
                continue;
            }
            let pages = field.arguments.iter().any(|argument| argument.node.name.node == "first");
            let arguments = if pages { "(first: 3)" } else { "" };
            if self.is_leaf(below) {
                selected.push(format!("{}{arguments}", field.name.node));
            } else if depth > 0 {
                let below = self.selection(below, depth - 1, personal);
                selected.push(format!("{}{arguments} {below}", field.name.node));
            }
        }
        format!("{{ {} }}", selected.join(" "))
    }
}

fn name(kind: &Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => name(of),
    }
}

/// Adds the places where the values differ, as paths without indices.
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
    let world = World::new().await;
    let person = |email| Member { email, ..Member::default() };
    let paul = world.app.member(world.organization, Role::Operator, person("paul@atelier.example")).await;
    things::document(&world, "DOCUMENTS", true).await;
    things::message(&world, true).await;
    things::request(&world, false).await;
    things::accepted_quote(&world).await;
    things::payment(&world).await;
    things::credit_note(&world, true).await;
    let types = Types::of_the_schema();
    let mut asked = 0;
    for field in types.fields("Query").iter().map(|field| &field.node) {
        if field.arguments.iter().any(|argument| !argument.node.ty.node.nullable) {
            continue;
        }
        let kind = name(&field.ty.node);
        let arguments = if kind.ends_with("Connection") || kind.ends_with("Feed") { "(first: 3)" } else { "" };
        // As deep as the limits of cost and size allow.
        let mut deepest = None;
        for depth in (0..=DEPTH).rev() {
            let query = format!("{{ {}{arguments} {} }}", field.name.node, types.selection(kind, depth, false));
            let answer = world.operator.send(&query, json!({})).await;
            if answer["data"][field.name.node.as_str()].is_object() {
                deepest = Some((query, answer));
                break;
            }
        }
        asked += 1;
        let Some((query, one)) = deepest else { panic!("{} cannot be asked", field.name.node) };
        let (again, other) = (world.operator.send(&query, json!({})).await, paul.send(&query, json!({})).await);
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
