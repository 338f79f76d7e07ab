//! Only the columns that the selected fields need are read. Each field alone returns the same as with the whole row,
//! which `node` reads.

use super::{
    Caller, ROLES, flatten, pages,
    paths::{FieldPath, build_query, field_paths, required},
    plan,
};
use crate::{
    data::seeded::Seeded,
    support::{
        Value, json,
        schema::{Schema, base},
    },
};
use async_graphql::parser::types::FieldDefinition;

/// The number of objects in a query.
const BATCH: usize = 10;

#[tokio::test]
async fn a_field_alone_equals_the_field_of_the_whole_row() {
    let (schema, server) = (Schema::read(), Seeded::start(&plan()).await);
    server.add_people(&ROLES).await;
    let field_paths = field_paths(&schema, "Query");
    for role in ROLES {
        let caller = Caller::begin(&schema, &server, role).await;
        for (kind, path) in field_paths.iter().filter(|(kind, _)| schema.possible("Node").contains(&kind.as_str())) {
            let fields = schema.fields(kind).iter().map(|field| &field.node);
            let fields: Vec<_> = fields.filter(|field| required(field).next().is_none()).collect();
            let all: Vec<_> = fields.iter().map(|field| selected(&schema, field)).collect();
            let whole = whole(&caller, kind, path, &all.join(" ")).await;
            assert!(role == "CLIENT" || !whole.is_empty(), "there is no {kind}");
            for (field, selection) in fields.iter().zip(&all) {
                let name = field.name.node.as_str();
                let values_of =
                    |objects: &[Value]| objects.iter().map(|object| object[name].clone()).collect::<Vec<_>>();
                let alone = objects(&caller, path, selection).await;
                assert_eq!(values_of(&alone), values_of(&whole), "{kind}.{name}, for {role}");
            }
        }
    }
}

/// Returns the field with a selection that identifies its objects.
fn selected(schema: &Schema, field: &FieldDefinition) -> String {
    let (name, kind) = (&field.name.node, base(&field.ty.node));
    if kind.ends_with("Connection") {
        format!("{name}(first: 1) {{ nodes {{ id }} }}")
    } else if schema.possible("Node").contains(&kind) {
        format!("{name} {{ id }}")
    } else if kind == "SignedUrl" {
        // Each request gets a new signature.
        format!("{name} {{ __typename }}")
    } else if schema.is_composite(kind) {
        let plain = schema.fields(kind).iter().filter(|field| !schema.is_composite(base(&field.node.ty.node)));
        let names: Vec<_> = plain.map(|field| field.node.name.node.as_str()).collect();
        format!("{name} {{ __typename {} }}", names.join(" "))
    } else {
        name.to_string()
    }
}

/// Returns the objects at the end of the path, requested by their ids.
async fn whole(caller: &Caller<'_>, kind: &str, path: &FieldPath, selection: &str) -> Vec<Value> {
    let mut whole = Vec::new();
    let objects_with_ids = objects(caller, path, "id").await;
    for batch in objects_with_ids.chunks(BATCH) {
        let asked = batch.iter().enumerate().map(|(index, object)| {
            format!("n{index}: node(id: {}) {{ ... on {kind} {{ {selection} }} }}", object["id"])
        });
        let answer = caller.actor.query(&format!("{{ {} }}", asked.collect::<String>()), json!({})).await;
        whole.extend((0..batch.len()).map(|index| answer[format!("n{index}")].clone()));
    }
    whole
}

/// Returns the objects at the end of the path.
async fn objects(caller: &Caller<'_>, path: &FieldPath, selection: &str) -> Vec<Value> {
    let answer =
        caller.actor.query(&format!("{{ {} }}", build_query(path, selection, pages(path)[1])), json!({})).await;
    path.iter().fold(vec![&answer], |objects, step| flatten(objects, &step.name)).into_iter().cloned().collect()
}
