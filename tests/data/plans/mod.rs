//! PostgreSQL reads only rows that are shown, and not the whole agency: for each list in each order and with each
//! filter, each field, and each mutation. Further rows, for counting or searching, are part of the operation's cost.

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

/// The maximum number of rows of a table that a step of a plan may read for a page of ten. Some rows are hidden, and
/// some are tombstones.
const MOST: f64 = 150.0;

/// The maximum rows and buffers of the database for a point of cost. For a viewer who works in a site, each counted row
/// needs look-ups in two more tables: 100 rows are then 300, in four times as many buffers.
const WORK_PER_POINT: Work = Work { rows: 400.0, buffers: 1_200.0 };

/// The work that an operation may do without a cost: the look-up of the viewer.
const WORK_TO_BEGIN: Work = Work { rows: 100.0, buffers: 400.0 };

/// The agency has many rows of each kind, among rows of another agency, in the order of their creation.
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

/// The number of parent rows for which a field is requested.
const FEW: usize = 3;

/// The lists that grow with the number of dossiers.
const LISTS: [&str; 7] =
    ["clients", "documents", "conversations", "validationRequests", "quotes", "invoices", "creditNotes"];

/// Returns the fault of a plan, or of a step, that may read more than this many rows.
fn fault(plan: &Value, most: f64) -> Option<String> {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let read = (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
    if let Some(table) = plan["Relation Name"].as_str().filter(|_| read > most) {
        return Some(format!("{} of {table} reads {read} rows", plan["Node Type"]));
    }
    plan["Plans"].as_array().into_iter().flatten().find_map(|step| fault(step, most))
}

/// Returns the type of a list's argument.
fn argument<'s>(schema: &'s Schema, list: &FieldDefinition, name: &str) -> Option<&'s TypeKind> {
    let argument = list.arguments.iter().find(|argument| argument.node.name.node == name)?;
    schema.kind(base(&argument.node.ty.node))
}

/// Returns the orders of a list.
fn orders(schema: &Schema, list: &FieldDefinition) -> Vec<String> {
    let Some(TypeKind::Enum(orders)) = argument(schema, list, "orderBy") else { return Vec::new() };
    orders.values.iter().map(|order| format!("orderBy: {}", order.node.value.node)).collect()
}

/// Returns queries for a list in each order, from both ends.
fn pages(schema: &Schema, list: &FieldDefinition) -> Vec<String> {
    let page = |end, order| format!("{{ {}({end}: 10, {order}) {{ nodes {{ __typename }} }} }}", list.name);
    orders(schema, list).iter().flat_map(|order| ["first", "last"].map(|end| page(end, order))).collect()
}

/// Returns values for a field of a filter.
pub fn given(schema: &Schema, asking: &Asking<'_>, field: &InputValueDefinition) -> Vec<String> {
    let name = &field.name.node;
    let ids = |kind| asking.ids.get(kind).map(|id| format!("{id:?}")).into_iter().collect();
    let values: Vec<String> = match (name.as_str(), schema.kind(base(&field.ty.node)), base(&field.ty.node)) {
        // Many names contain the first text, none contains the second.
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

/// Returns queries for a list with each filter, in each order.
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

/// Returns the work of an operation that exceeds its cost.
fn excess(plans: &[Steps], answer: &Value) -> Option<String> {
    let (work, cost) = (Work::of(plans), answer["extensions"]["cost"].as_f64().unwrap());
    let most = |per_point: f64, to_begin: f64| per_point * cost + to_begin;
    let fits = work.rows <= most(WORK_PER_POINT.rows, WORK_TO_BEGIN.rows)
        && work.buffers <= most(WORK_PER_POINT.buffers, WORK_TO_BEGIN.buffers);
    (!fits).then(|| format!("looks at {work:?} for {cost} points"))
}

/// Makes the database log the plan of each statement from now on.
async fn explain(owner: &str) {
    let name = owner.parse::<Url>().unwrap().path().trim_start_matches('/').to_owned();
    let db = Database::connect(postgres::server()).await.unwrap();
    for setting in SETTINGS {
        db.execute_unprepared(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
    }
    db.close().await.unwrap();
}

/// Returns queries for each list in each order and with each filter, and for each field that this actor may request.
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

/// Returns the key of one of the agencies.
async fn agency(owner: &str) -> Uuid {
    let db = Database::connect(owner).await.unwrap();
    let found = db.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT id FROM organization LIMIT 1"));
    found.await.unwrap().unwrap().try_get("", "id").unwrap()
}

/// Sends the queries as each role of the agency.
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

/// Executes each mutation as each role, while others listen. This includes preparing mutations, and the work of Dossier
/// itself.
async fn act(world: &World, told: &Told) -> Vec<String> {
    let (mut faults, mut heard) = (Vec::new(), 0);
    // The first upload counts the stored bytes, once.
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
async fn reads_do_not_grow_with_the_agency() {
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
