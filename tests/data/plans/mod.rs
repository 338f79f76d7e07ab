//! PostgreSQL reads what is shown, and not the agency: every list in every order and with every filter, every field, and
//! whatever is done. What it looks at besides, to count or to search, is in what the operation costs.

mod told;

use super::{
    seeded::Seeded,
    statements::{Asking, ways::ways},
};
use crate::{
    permissions::actions::{CASES, attempt},
    support::{
        Value, World, json, postgres,
        schema::{Schema, base},
        services::Services,
    },
};
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, TypeKind};
use dossier_seed::generated::Plan;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use told::{Plan as Steps, SETTINGS, Told, Work};
use url::Url;
use uuid::Uuid;

/// How many rows of a table a step of a plan may read for a page of ten: not all are shown to everybody, and some are
/// tombstones.
const MOST: f64 = 150.0;

/// How many rows and buffers of the database a point of cost pays for, at most. A row that is counted is looked up
/// in two more tables where the viewer works in a site: 100 rows are 300 then, in four times as many buffers.
const WORK_PER_POINT: Work = Work { rows: 400.0, buffers: 1_200.0 };

/// The work that an operation may do without a charge: finding out who asks.
const WORK_TO_BEGIN: Work = Work { rows: 100.0, buffers: 400.0 };

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

/// What is wrong with a plan that may read so many rows, or with a step of it.
fn fault(plan: &Value, most: f64) -> Option<String> {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let read = (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
    if let Some(table) = plan["Relation Name"].as_str().filter(|_| read > most) {
        return Some(format!("{} of {table} reads {read} rows", plan["Node Type"]));
    }
    plan["Plans"].as_array().into_iter().flatten().find_map(|step| fault(step, most))
}

/// An argument of a list, and what it is made of.
fn argument<'s>(schema: &'s Schema, list: &FieldDefinition, name: &str) -> Option<&'s TypeKind> {
    let argument = list.arguments.iter().find(|argument| argument.node.name.node == name)?;
    schema.kind(base(&argument.node.ty.node))
}

/// The orders that a list may come in.
fn orders(schema: &Schema, list: &FieldDefinition) -> Vec<String> {
    let Some(TypeKind::Enum(orders)) = argument(schema, list, "orderBy") else { return Vec::new() };
    orders.values.iter().map(|order| format!("orderBy: {}", order.node.value.node)).collect()
}

/// A list in each of its orders, from both ends.
fn pages(schema: &Schema, list: &FieldDefinition) -> Vec<String> {
    let page = |end, order| format!("{{ {}({end}: 10, {order}) {{ nodes {{ __typename }} }} }}", list.name);
    orders(schema, list).iter().flat_map(|order| ["first", "last"].map(|end| page(end, order))).collect()
}

/// The values that a field of a filter may be given.
pub fn given(schema: &Schema, asking: &Asking<'_>, field: &InputValueDefinition) -> Vec<String> {
    let name = &field.name.node;
    let ids = |kind| asking.ids.get(kind).map(|id| format!("{id:?}")).into_iter().collect();
    let values: Vec<String> = match (name.as_str(), schema.kind(base(&field.ty.node)), base(&field.ty.node)) {
        // Many names have the first one, none has the second.
        ("search", ..) => ["\"e\"", "\"zzzz\""].map(str::to_owned).into(),
        (_, Some(TypeKind::Enum(values)), _) => {
            values.values.iter().map(|value| value.node.value.node.to_string()).collect()
        }
        (_, _, "Boolean") => ["true", "false"].map(str::to_owned).into(),
        ("clientId", ..) => ids("Client"),
        ("siteId", ..) => ids("Site"),
        (field, ..) => panic!("there is no sample value for the filter {field}"),
    };
    values.into_iter().map(|value| format!("{{ {name}: {value} }}")).collect()
}

/// A list with each filter, in each of its orders.
fn filtered(schema: &Schema, asking: &Asking<'_>, list: &FieldDefinition) -> Vec<String> {
    let Some(TypeKind::InputObject(filter)) = argument(schema, list, "filter") else { return Vec::new() };
    let given: Vec<_> = filter.fields.iter().flat_map(|field| given(schema, asking, &field.node)).collect();
    let page = |order: &str, given: &String| {
        format!("{{ {}(first: 10, {order}, filter: {given}) {{ nodes {{ __typename }} }} }}", list.name)
    };
    let count = |given| format!("{{ {}(filter: {given}) {{ totalCount }} }}", list.name);
    let pages = orders(schema, list).into_iter().flat_map(|order| given.iter().map(move |given| page(&order, given)));
    pages.chain(given.iter().map(count)).collect()
}

/// The work of an operation beyond its cost.
fn excess(plans: &[Steps], answer: &Value) -> Option<String> {
    let (work, cost) = (Work::of(plans), answer["extensions"]["cost"].as_f64().unwrap());
    let most = |per_point: f64, to_begin: f64| per_point * cost + to_begin;
    let fits = work.rows <= most(WORK_PER_POINT.rows, WORK_TO_BEGIN.rows)
        && work.buffers <= most(WORK_PER_POINT.buffers, WORK_TO_BEGIN.buffers);
    (!fits).then(|| format!("looks at {work:?} for {cost} points"))
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

/// Every list in each of its orders and with each of its filters, and every field that this one may ask for.
fn queries(schema: &Schema, asking: &Asking<'_>) -> Vec<String> {
    let lists = schema.fields("Query").iter().filter(|field| LISTS.contains(&field.node.name.node.as_str()));
    let both = |list: &FieldDefinition| [pages(schema, list), filtered(schema, asking, list)].concat();
    let mut queries: Vec<_> = lists.flat_map(|list| both(&list.node)).collect();
    for (kind, way) in ways(schema, "Query") {
        let fields = schema.fields(&kind).iter().map(|field| &field.node);
        queries.extend(
            fields.filter_map(|field| asking.query(&way, field, FEW).ok()).map(|query| format!("{{ {query} }}")),
        );
    }
    queries
}

/// What one of the agencies is called inside.
async fn agency(owner: &str) -> Uuid {
    let db = Database::connect(owner).await.unwrap();
    let found = db.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT id FROM organization LIMIT 1"));
    found.await.unwrap().unwrap().try_get("", "id").unwrap()
}

/// What is asked, as each of the agency's kinds of people.
async fn ask(schema: &Schema, stage: &Seeded, told: &Told) -> Vec<String> {
    let (mut faults, mut heard) = (Vec::new(), 0);
    for role in ["OPERATOR", "MANAGER", "STAFF", "CLIENT"] {
        let asking = Asking::begin(schema, stage, role).await;
        for query in queries(schema, &asking) {
            told.take();
            let answer = asking.actor.send(&query, json!({})).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(code.is_null() || code == "FORBIDDEN", "{query}: {answer}");
            let plans = told.take();
            heard += plans.len();
            let is_page = query.contains("orderBy") && code.is_null();
            assert!(!is_page || !plans.is_empty(), "the database told nothing of {query}");
            faults.extend(excess(&plans, &answer).map(|fault| format!("{role} {query}: {fault}")));
            if is_page && !query.contains("filter: ") {
                let fault = plans.iter().find_map(|plan| plan.fault(MOST));
                faults.extend(fault.map(|fault| format!("{role} {query}: {fault}")));
            }
        }
    }
    assert!(heard > 1_000, "the database told of {heard} statements only");
    faults
}

/// Everything that can be done, by each of them, while others listen: with what it needs to be done before, and what
/// Dossier does for itself meanwhile.
async fn act(world: &World, told: &Told) -> Vec<String> {
    let (mut faults, mut heard) = (Vec::new(), 0);
    // With the first upload, what there is is counted, once.
    world.operator.request_upload(&world.martin_id, "PRIVATE", "essai.txt", b"essai").await;
    let listening = [&world.operator, &world.manager, &world.martin]
        .map(|actor| actor.subscribe("subscription { dossierEvents { type subject { __typename } } }", json!({})));
    let _listening = futures::future::join_all(listening).await;
    for case in CASES {
        for (name, actor) in [("operator", &world.operator), ("manager", &world.manager), ("martin", &world.martin)] {
            told.take();
            let outcome = attempt(world, actor, case).await;
            let plans = told.take();
            heard += plans.len();
            assert!(outcome != "ok" || !plans.is_empty(), "the database told nothing of {case}");
            faults.extend(
                plans.iter().filter_map(|plan| plan.fault(MOST)).map(|fault| format!("{case} by {name}: {fault}")),
            );
        }
    }
    assert!(heard > 5_000, "the database told of {heard} statements only");
    faults
}

#[tokio::test]
async fn what_is_read_does_not_grow_with_the_agency() {
    let told = Told::default();
    let _hearing = told.listen();
    let (data, plan, mut organization) = (tempfile::tempdir().unwrap(), plan(), Uuid::nil());
    let services = Services::production(data.path()).await;
    let stage = Seeded::on(data, services, &plan, async |owner| {
        explain(owner).await;
        organization = agency(owner).await;
    });
    let stage = stage.await;
    let mut faults = ask(&Schema::read(), &stage, &told).await;
    faults.extend(act(&World::within(stage.app, organization).await, &told).await);
    assert!(
        faults.is_empty(),
        "{} faults, of which some are\n{}",
        faults.len(),
        faults[..faults.len().min(40)].join("\n")
    );
}
