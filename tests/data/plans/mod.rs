//! Every order of every list has an index that gives it: PostgreSQL reads a page, and not the agency.

mod told;

use super::seeded::Seeded;
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

/// How many rows of a table a step of a plan may read for a page of ten: some are tombstones. An agency has more of
/// everything.
const MOST: f64 = 60.0;

/// Several agencies: the rows of one are among those of all others, in the order in which they were made.
fn plan() -> Plan {
    Plan {
        organizations: 8,
        clients: 70,
        documents: 4,
        conversations: 3,
        messages: 1,
        requests: 2,
        invoices: 3,
        seed: 42,
    }
}

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

#[tokio::test]
async fn every_order_of_every_list_has_an_index() {
    let told = Told::default();
    let _listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(told.clone()));
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    let stage = Seeded::on(data, services, &plan(), explain).await;
    let operator = stage.signed_in("OPERATOR").await;
    let schema = Schema::read();
    let mut faults = Vec::new();
    for name in LISTS {
        let list = schema.fields("Query").iter().find(|field| field.node.name.node == name).unwrap();
        for page in pages(&schema, &list.node) {
            told.take();
            operator.query(&page, json!({})).await;
            let heard = told.take();
            assert!(!heard.is_empty(), "the database told nothing of {page}");
            faults.extend(heard.into_iter().flatten().map(|fault| format!("{page}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
