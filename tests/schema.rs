//! The checked-in schema is current, and everything in it has a description.

use crate::support::schema::Schema;
use async_graphql::{
    Positioned,
    parser::types::{InputValueDefinition, TypeKind},
};
use std::{path::Path, process::Command};

#[test]
fn schema_graphql_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
    let checked_in = std::fs::read_to_string(path).unwrap();
    assert!(checked_in == dossier::graphql::sdl(), "run `cargo run -- schema > schema.graphql`");
}

/// In the printed schema, a description is on the line before its element.
#[test]
fn everything_is_described() {
    let sdl = dossier::graphql::sdl();
    // A description of several lines counts as one line with a quotation mark.
    let outside = sdl.split("\"\"\"").enumerate().map(|(n, part)| if n % 2 == 0 { part } else { "\"" });
    let mut undescribed = Vec::new();
    let mut previous = String::new();
    for line in outside.collect::<String>().lines() {
        let item = line.trim();
        let no_item = ["}", ")", "\"", "directive", "schema", "query:", "mutation:", "subscription:"];
        if !item.is_empty() && !no_item.iter().any(|start| item.starts_with(start)) && !previous.ends_with('"') {
            undescribed.push(item.to_owned());
        }
        item.clone_into(&mut previous);
    }
    assert_eq!(undescribed, Vec::<String>::new());
}

/// The number of earlier versions of the schema that are compared.
const VERSIONS: usize = 5;

/// Fields, arguments and enum values are never removed or retyped. New ones are added, and old ones deprecated.
#[test]
fn the_schema_only_grows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(&root).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let current = Schema::read();
    let versions = git(&["log", "--format=%H", &format!("-{VERSIONS}"), "--", "schema.graphql"]);
    assert!(!versions.is_empty(), "a clone without history has nothing to compare with");
    for version in versions.lines() {
        let earlier = Schema::parse(&git(&["show", &format!("{version}:schema.graphql")]));
        assert_eq!(broken(&earlier, &current), Vec::<String>::new(), "since {version}");
    }
}

#[test]
fn breaking_changes_are_found() {
    let earlier = "type Query { a(x: Int): Int b: [Int!] } enum E { ONE TWO } input I { a: Int } union U = Query";
    let later = "type Query { a(x: Int!, y: Int!): Int! } enum E { ONE } input I { a: String b: Int! } scalar U";
    let expected = [
        "E.TWO is gone",
        "I.a was Int and is String",
        "I.b is required and was not there",
        "Query.a was Int and is Int!",
        "Query.a(x:) was Int and is Int!",
        "Query.a(y:) is required and was not there",
        "Query.b is gone",
        "U is another kind of type",
    ];
    assert_eq!(broken(&Schema::parse(earlier), &Schema::parse(later)), expected);
    let grown = "type Query { a(x: Int, y: Int): Int b: [Int!] c: E } enum E { ONE TWO THREE } \
                 input I { a: Int b: Int! = 1 } type T { a: Int } union U = Query | T";
    assert_eq!(broken(&Schema::parse(earlier), &Schema::parse(grown)), Vec::<String>::new());
}

/// Returns the elements of the earlier schema that the later one removes or changes incompatibly.
fn broken(earlier: &Schema, later: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    for (name, was) in earlier.types() {
        let mut gone = |what: String| found.push(format!("{what} is gone"));
        match (was, later.kind(name)) {
            (_, None) => gone(name.to_owned()),
            (TypeKind::Scalar, Some(TypeKind::Scalar)) => {}
            (TypeKind::Enum(was), Some(TypeKind::Enum(is))) => {
                let values: Vec<_> = is.values.iter().map(|value| &value.node.value.node).collect();
                let missing = was.values.iter().map(|value| &value.node.value.node).filter(|was| !values.contains(was));
                missing.for_each(|value| gone(format!("{name}.{value}")));
            }
            (TypeKind::Union(was), Some(TypeKind::Union(is))) => {
                let members: Vec<_> = is.members.iter().map(|member| &member.node).collect();
                let missing = was.members.iter().map(|member| &member.node).filter(|was| !members.contains(was));
                missing.for_each(|member| gone(format!("{name} = {member}")));
            }
            (TypeKind::InputObject(was), Some(TypeKind::InputObject(is))) => {
                compare_inputs(|input| format!("{name}.{input}"), &was.fields, &is.fields, &mut found);
            }
            (TypeKind::Object(_), Some(TypeKind::Object(_)))
            | (TypeKind::Interface(_), Some(TypeKind::Interface(_))) => {
                for was in earlier.fields(name).iter().map(|field| &field.node) {
                    let field = &was.name.node;
                    let Some(is) = later.fields(name).iter().find(|is| is.node.name.node == *field) else {
                        found.push(format!("{name}.{field} is gone"));
                        continue;
                    };
                    let (of, to) = (was.ty.node.to_string(), is.node.ty.node.to_string());
                    if of != to {
                        found.push(format!("{name}.{field} was {of} and is {to}"));
                    }
                    let place = |argument: &str| format!("{name}.{field}({argument}:)");
                    compare_inputs(place, &was.arguments, &is.node.arguments, &mut found);
                }
            }
            _ => found.push(format!("{name} is another kind of type")),
        }
    }
    found
}

/// Compares the arguments of a field, or the fields of an input object.
fn compare_inputs(
    place: impl Fn(&str) -> String,
    earlier: &[Positioned<InputValueDefinition>],
    later: &[Positioned<InputValueDefinition>],
    found: &mut Vec<String>,
) {
    let (earlier, later) = (nodes(earlier), nodes(later));
    for was in &earlier {
        match later.iter().find(|is| is.name.node == was.name.node) {
            None => found.push(format!("{} is gone", place(&was.name.node))),
            // A required input may become optional.
            Some(is) if was.ty.node.to_string() == format!("{}!", is.ty.node) => {}
            Some(is) if is.ty.node.to_string() != was.ty.node.to_string() => {
                found.push(format!("{} was {} and is {}", place(&was.name.node), was.ty.node, is.ty.node));
            }
            Some(_) => {}
        }
    }
    for is in later.iter().filter(|is| !is.ty.node.nullable && is.default_value.is_none()) {
        if !earlier.iter().any(|was| was.name.node == is.name.node) {
            found.push(format!("{} is required and was not there", place(&is.name.node)));
        }
    }
}

fn nodes(inputs: &[Positioned<InputValueDefinition>]) -> Vec<&InputValueDefinition> {
    inputs.iter().map(|input| &input.node).collect()
}
