//! Only the columns that the selected fields need are read. Each field alone returns the same as with the whole row,
//! which `node` reads.

use super::{
    Asking, flat, pages, plan,
    ways::{Way, ask, required, ways},
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
const SOME: usize = 10;

#[tokio::test]
async fn a_field_alone_equals_the_field_of_the_whole_row() {
    let (schema, stage) = (Schema::read(), Seeded::start(&plan()).await);
    let ways = ways(&schema, "Query");
    for role in ["OPERATOR", "CLIENT"] {
        let asking = Asking::begin(&schema, &stage, role).await;
        for (kind, way) in ways.iter().filter(|(kind, _)| schema.possible("Node").contains(&kind.as_str())) {
            let fields = schema.fields(kind).iter().map(|field| &field.node);
            let fields: Vec<_> = fields.filter(|field| required(field).next().is_none()).collect();
            let all: Vec<_> = fields.iter().map(|field| selected(&schema, field)).collect();
            let whole = whole(&asking, kind, way, &all.join(" ")).await;
            assert!(role == "CLIENT" || !whole.is_empty(), "there is no {kind}");
            for (field, selection) in fields.iter().zip(&all) {
                let name = field.name.node.as_str();
                let shown = |objects: &[Value]| objects.iter().map(|object| object[name].clone()).collect::<Vec<_>>();
                let alone = objects(&asking, way, selection).await;
                assert_eq!(shown(&alone), shown(&whole), "{kind}.{name}, for {role}");
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
async fn whole(asking: &Asking<'_>, kind: &str, way: &Way, selection: &str) -> Vec<Value> {
    let mut whole = Vec::new();
    let things = objects(asking, way, "id").await;
    for some in things.chunks(SOME) {
        let asked = some
            .iter()
            .enumerate()
            .map(|(place, thing)| format!("n{place}: node(id: {}) {{ ... on {kind} {{ {selection} }} }}", thing["id"]));
        let answer = asking.actor.query(&format!("{{ {} }}", asked.collect::<String>()), json!({})).await;
        whole.extend((0..some.len()).map(|place| answer[format!("n{place}")].clone()));
    }
    whole
}

/// Returns the objects at the end of the path.
async fn objects(asking: &Asking<'_>, way: &Way, selection: &str) -> Vec<Value> {
    let answer = asking.actor.query(&format!("{{ {} }}", ask(way, selection, pages(way)[1])), json!({})).await;
    way.iter().fold(vec![&answer], |objects, step| flat(objects, &step.name)).into_iter().cloned().collect()
}
