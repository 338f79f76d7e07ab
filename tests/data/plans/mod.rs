//! PostgreSQL reads what is shown, and not the agency: every list in every order, and every field.

mod told;

use super::{
    seeded::Seeded,
    statements::{Asking, ways::ways},
};
use crate::support::{
    Value, json, postgres,
    schema::{Schema, base},
    services::Services,
};
use async_graphql::parser::types::{FieldDefinition, TypeKind};
use dossier::seed::Plan;
use sea_orm::{ConnectionTrait, Database};
use told::{SETTINGS, Told};
use tracing_subscriber::layer::SubscriberExt;
use url::Url;

/// How many rows of a table a step of a plan may read for a page of ten: not all are shown to everybody, and some are
/// tombstones.
const MOST: f64 = 150.0;

/// An agency has far more of everything, among the rows of another, in the order in which they were made.
fn plan() -> Plan {
    Plan {
        organizations: 2,
        clients: 3000,
        documents: 2,
        conversations: 1,
        messages: 2,
        requests: 1,
        invoices: 1,
        seed: 42,
    }
}

/// Of how many rows a field is asked.
const FEW: usize = 3;

/// The lists of what grows with the dossiers.
const LISTS: [&str; 7] =
    ["clients", "documents", "conversations", "validationRequests", "quotes", "invoices", "creditNotes"];

/// What is wrong with a plan, or a step of it.
fn fault(plan: &Value) -> Option<String> {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let read = (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
    if let Some(table) = plan["Relation Name"].as_str().filter(|_| read > MOST) {
        return Some(format!("{} of {table} reads {read} rows", plan["Node Type"]));
    }
    plan["Plans"].as_array().into_iter().flatten().find_map(fault)
}

/// A list in each of its orders, from both ends.
fn pages(schema: &Schema, list: &FieldDefinition) -> Vec<String> {
    let arguments = list.arguments.iter().map(|argument| &argument.node);
    let orders = arguments.filter(|argument| argument.name.node == "orderBy");
    let orders = orders.flat_map(|argument| match schema.kind(base(&argument.ty.node)) {
        Some(TypeKind::Enum(orders)) => orders.values.as_slice(),
        _ => &[],
    });
    let page = |end, order| format!("{{ {}({end}: 10, orderBy: {order}) {{ nodes {{ __typename }} }} }}", list.name);
    orders.flat_map(|order| ["first", "last"].map(|end| page(end, &order.node.value.node))).collect()
}

/// Makes the database tell how it runs what is asked of it from now on.
async fn explain(owner: &str) {
    let name = owner.parse::<Url>().unwrap().path().trim_start_matches('/').to_owned();
    let db = Database::connect(postgres::server()).await.unwrap();
    for setting in SETTINGS {
        db.execute_unprepared(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
    }
    db.close().await.unwrap();
}

/// Every list in each of its orders, and every field that this one may ask for. But to count is to read.
fn queries(schema: &Schema, asking: &Asking<'_>) -> Vec<String> {
    let lists = schema.fields("Query").iter().filter(|field| LISTS.contains(&field.node.name.node.as_str()));
    let mut queries: Vec<_> = lists.flat_map(|list| pages(schema, &list.node)).collect();
    for (kind, way) in ways(schema, "Query") {
        let fields = schema.fields(&kind).iter().map(|field| &field.node);
        let fields = fields.filter(|field| field.name.node != "totalCount");
        queries.extend(
            fields.filter_map(|field| asking.query(&way, field, FEW).ok()).map(|query| format!("{{ {query} }}")),
        );
    }
    queries
}

#[tokio::test]
async fn what_is_read_does_not_grow_with_the_agency() {
    let told = Told::default();
    let _listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(told.clone()));
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    let stage = Seeded::on(data, services, &plan(), explain).await;
    let schema = Schema::read();
    let (mut faults, mut heard) = (Vec::new(), 0);
    for role in ["OPERATOR", "MANAGER", "CLIENT"] {
        let asking = Asking::begin(&schema, &stage, role).await;
        for query in queries(&schema, &asking) {
            told.take();
            asking.actor.query(&query, json!({})).await;
            let plans = told.take();
            heard += plans.len();
            let is_page = query.contains("orderBy");
            assert!(!is_page || !plans.is_empty(), "the database told nothing of {query}");
            faults.extend(plans.into_iter().flatten().map(|fault| format!("{role} {query}: {fault}")));
        }
    }
    assert!(heard > 1_000, "the database told of {heard} statements only");
    assert!(faults.is_empty(), "{} faults, of which one is\n{}", faults.len(), faults[0]);
}
