//! Generates operations that fit the schema, with all fields and arguments over time. Values have the right types, but
//! some violate rules.

use super::{known::Known, mutate};
use crate::support::{
    Value, json,
    schema::{Schema, base},
};
use async_graphql::parser::types::{BaseType, InputValueDefinition, Type, TypeKind};
use dossier_seed::generated::Random;
use std::fmt::Write;

/// The maximum depth of selections.
const DEPTH: u64 = 4;

/// Left out, because they would end the shared session.
const LEFT_OUT: [&str; 4] = ["signOut", "endSession", "endAllSessions", "leaveOrganization"];

pub struct Grammar(Schema);

impl Grammar {
    pub fn of_the_schema() -> Self {
        Self(Schema::read())
    }

    /// Returns an operation as in a request: `query` and `variables`.
    pub fn operation(&self, known: &Known, random: &mut Random) -> Value {
        let (kind, root) = *random.one(&[
            ("query", "Query"),
            ("query", "Query"),
            ("query", "Query"),
            ("mutation", "Mutation"),
            ("mutation", "Mutation"),
            ("subscription", "Subscription"),
        ]);
        let mut draft =
            Draft { grammar: self, known, random, definitions: String::new(), variables: serde_json::Map::new() };
        let fields = if root == "Query" { 1 + draft.random.below(3) } else { 1 };
        let selection = draft.selection(root, fields, DEPTH);
        let Draft { definitions, variables, .. } = draft;
        let definitions = if definitions.is_empty() { definitions } else { format!("({definitions})") };
        json!({ "query": format!("{kind}{definitions} {selection}"), "variables": variables })
    }
}

/// An operation under construction.
struct Draft<'d> {
    grammar: &'d Grammar,
    known: &'d Known,
    random: &'d mut Random,
    definitions: String,
    variables: serde_json::Map<String, Value>,
}

impl Draft<'_> {
    fn selection(&mut self, kind: &str, fields: u64, depth: u64) -> String {
        let all = self.grammar.0.fields(kind);
        let mut selection = "{ __typename".to_owned();
        for number in 0..fields {
            let field = &self.random.one(all).node;
            let name = field.name.node.as_str();
            let object = base(&field.ty.node);
            let inner = !self.grammar.0.fields(object).is_empty();
            if LEFT_OUT.contains(&name) || (inner && depth == 0) {
                continue;
            }
            let arguments = self.arguments(name, &field.arguments);
            let _ = write!(selection, " f{depth}{number}: {name}{arguments}");
            if inner {
                let (wide, deep) = (1 + self.random.below(4), self.random.below(depth));
                let _ = write!(selection, " {}", self.selection(object, wide, deep));
            }
        }
        // Fields that return ids and cursors for later operations.
        for taught in ["id", "cursor", "endCursor"] {
            if all.iter().any(|field| field.node.name.node == taught) {
                let _ = write!(selection, " {taught}");
            }
        }
        selection + " }"
    }

    fn arguments(&mut self, place: &str, arguments: &[async_graphql::Positioned<InputValueDefinition>]) -> String {
        let mut written = String::new();
        for argument in arguments {
            let InputValueDefinition { name, ty, .. } = &argument.node;
            if ty.node.nullable && self.random.percent(60) {
                continue;
            }
            let variable = format!("v{}", self.variables.len());
            let value = self.value(&format!("{place}{}", name.node), &ty.node);
            let _ = write!(self.definitions, "${variable}: {} ", ty.node);
            let _ = write!(written, "{}: ${variable} ", name.node);
            self.variables.insert(variable, value);
        }
        if written.is_empty() { written } else { format!("({written})") }
    }

    fn value(&mut self, place: &str, ty: &Type) -> Value {
        if ty.nullable && self.random.percent(15) {
            return Value::Null;
        }
        if self.random.percent(2) {
            return mutate::any_value(self.random);
        }
        match &ty.base {
            BaseType::List(item) => (0..self.random.below(4)).map(|_| self.value(place, item)).collect(),
            BaseType::Named(name) => self.named(place, name),
        }
    }

    fn named(&mut self, place: &str, name: &str) -> Value {
        match (self.grammar.0.kind(name), name) {
            (Some(TypeKind::Enum(kind)), _) => json!(self.random.one(&kind.values).node.value.node),
            (Some(TypeKind::InputObject(object)), _) => {
                let mut fields = serde_json::Map::new();
                for field in &object.fields {
                    let InputValueDefinition { name: field, ty, .. } = &field.node;
                    if !ty.node.nullable || self.random.percent(40) {
                        let value = self.value(&format!("{name}{}", field.node), &ty.node);
                        fields.insert(field.node.to_string(), value);
                    }
                }
                Value::Object(fields)
            }
            (_, "ID") => {
                let id = self.known.id(place, self.random).unwrap_or_else(|| "client_01".to_owned());
                self.maybe_bent(id)
            }
            (_, "Boolean") => json!(self.random.percent(50)),
            (_, "Int" | "ByteCount") => {
                let numbers =
                    [0, 1, 2, 3, 20, 100, 101, -1, i64::from(i32::MAX), i64::from(i32::MIN), 1 << 53, i64::MIN];
                json!(self.random.one(&numbers))
            }
            (_, "Date") => {
                json!(self.random.one(&["2026-01-31", "0000-01-01", "9999-12-31", "2026-02-30", "+99999-01-01"]))
            }
            (_, "DateTime") => json!(self.random.one(&[
                "2026-01-31T12:00:00Z",
                "2026-01-31T23:59:60+14:00",
                "9999-12-31T23:59:59.999999999Z",
                "-0001-01-01T00:00:00Z",
            ])),
            (_, "Decimal") => {
                json!(self.random.one(&[
                    "1",
                    "80.00",
                    "0.001",
                    "-0",
                    "1e3",
                    "99999999999999999999",
                    ".5",
                    "0.0000000001"
                ]))
            }
            _ if ["after", "before", "cursor"].iter().any(|end| place.to_lowercase().ends_with(end)) => {
                let cursor = self.known.cursor(self.random).unwrap_or_default();
                self.maybe_bent(cursor)
            }
            _ => json!(mutate::any_text(self.random)),
        }
    }

    fn maybe_bent(&mut self, text: String) -> Value {
        Value::String(if self.random.percent(25) { mutate::text(&text, self.random) } else { text })
    }
}
