//! PostgreSQL reads only rows that are shown, and not the whole agency: for each list in each order and with each
//! filter, each field, and each mutation. Further rows, for counting or searching, are part of the operation's cost.

mod plan_log;

use super::{
    seeded::Seeded,
    statements::{Caller, paths::field_paths},
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
use plan_log::{DatabaseWork, Plan as Steps, PlanLog, SETTINGS};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use url::Url;
use uuid::Uuid;

/// The maximum number of rows of a table that a step of a plan may read for a page of ten. Some rows are hidden, and
/// some are tombstones.
const MAX_ROWS: f64 = 150.0;

/// The maximum rows and buffers of the database for a point of cost. For a viewer who works in a site, each counted row
/// needs look-ups in two more tables: 100 rows are then 300, in four times as many buffers.
const WORK_PER_POINT: DatabaseWork = DatabaseWork { rows: 400.0, buffers: 1_200.0 };

/// The work that an operation may do without a cost: the look-up of the viewer.
const BASE_WORK: DatabaseWork = DatabaseWork { rows: 100.0, buffers: 400.0 };

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
const PARENT_ROWS: usize = 3;

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
pub fn filter_values(schema: &Schema, caller: &Caller<'_>, field: &InputValueDefinition) -> Vec<String> {
    let name = &field.name.node;
    let ids = |kind| caller.ids.get(kind).map(|id| format!("{id:?}")).into_iter().collect();
    let values: Vec<String> = match (name.as_str(), schema.kind(base(&field.ty.node)), base(&field.ty.node)) {
        // Many names contain the first text, none contains the second.
        ("search", ..) => ["\"e\"", "\"zzzz\""].map(str::to_owned).into(),
        (_, Some(TypeKind::Enum(values)), _) => {
            values.values.iter().map(|value| value.node.value.node.to_string()).collect()
        }
        (_, _, "Boolean") => ["true", "false"].map(str::to_owned).into(),
        ("clientId", ..) => ids("Client"),
        ("documentId", ..) => ids("Document"),
        ("siteId" | "subjectId", ..) => ids("Site"),
        ("actorId", ..) => ids("Member"),
        ("apiKeyId", ..) => ids("ApiKey"),
        ("issuedOn" | "dueOn" | "validUntil", ..) => vec!["{ from: \"2026-01-01\", to: \"2026-06-30\" }".to_owned()],
        ("total", ..) => vec!["{ from: \"10\", to: \"500\" }".to_owned()],
        ("from" | "to", ..) => vec!["\"2026-01-01T00:00:00Z\"".to_owned()],
        (field, ..) => panic!("there is no sample value for the filter {field}"),
    };
    values.into_iter().map(|value| format!("{{ {name}: {value} }}")).collect()
}

/// Returns queries for a list with each filter, in each order.
fn filtered(schema: &Schema, caller: &Caller<'_>, list: &FieldDefinition) -> Vec<String> {
    let Some(TypeKind::InputObject(filter)) = argument(schema, list, "filter") else { return Vec::new() };
    let filter_values: Vec<_> =
        filter.fields.iter().flat_map(|field| filter_values(schema, caller, &field.node)).collect();
    let page = |order: &str, filter_values: &String| {
        format!("{{ {}(first: 10, {order}, filter: {filter_values}) {{ nodes {{ __typename }} }} }}", list.name)
    };
    let count = |filter_values| format!("{{ {}(filter: {filter_values}) {{ totalCount }} }}", list.name);
    let pages = orders(schema, list)
        .into_iter()
        .flat_map(|order| filter_values.iter().map(move |filter_values| page(&order, filter_values)));
    pages.chain(filter_values.iter().map(count)).collect()
}

/// Returns the work of an operation that exceeds its cost.
fn excess(plans: &[Steps], answer: &Value) -> Option<String> {
    let (work, cost) = (DatabaseWork::of(plans), answer["extensions"]["cost"].as_f64().unwrap());
    let most = |per_point: f64, to_begin: f64| per_point * cost + to_begin;
    let fits = work.rows <= most(WORK_PER_POINT.rows, BASE_WORK.rows)
        && work.buffers <= most(WORK_PER_POINT.buffers, BASE_WORK.buffers);
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
fn queries(schema: &Schema, caller: &Caller<'_>) -> Vec<String> {
    let lists = schema.fields("Query").iter().filter(|field| LISTS.contains(&field.node.name.node.as_str()));
    let both = |list: &FieldDefinition| [pages(schema, list), filtered(schema, caller, list)].concat();
    let mut queries: Vec<_> = lists.flat_map(|list| both(&list.node)).collect();
    for (kind, path) in field_paths(schema, "Query") {
        let fields = schema.fields(&kind).iter().map(|field| &field.node);
        queries.extend(
            fields
                .filter_map(|field| caller.query(&path, field, PARENT_ROWS).ok())
                .map(|query| format!("{{ {query} }}")),
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
async fn run_queries(schema: &Schema, server: &Seeded, plan_log: &PlanLog) -> Vec<String> {
    let (mut faults, mut statements) = (Vec::new(), 0);
    for role in ["OPERATOR", "MANAGER", "STAFF", "CLIENT"] {
        let caller = Caller::begin(schema, server, role).await;
        for query in queries(schema, &caller) {
            plan_log.take();
            let answer = caller.actor.send(&query, json!({})).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(code.is_null() || code == "FORBIDDEN", "{query}: {answer}");
            let plans = plan_log.take();
            statements += plans.len();
            let is_page = query.contains("orderBy") && code.is_null();
            assert!(!is_page || !plans.is_empty(), "the database logged no plan of {query}");
            faults.extend(excess(&plans, &answer).map(|fault| format!("{role} {query}: {fault}")));
            if is_page && !query.contains("filter: ") {
                let fault = plans.iter().find_map(|plan| plan.fault(MAX_ROWS));
                faults.extend(fault.map(|fault| format!("{role} {query}: {fault}")));
            }
        }
    }
    assert!(statements > 1_000, "the database logged only {statements} statements");
    faults
}

/// Executes each mutation as each role, while others listen. This includes preparing mutations, and the work of Dossier
/// itself.
async fn run_mutations(world: &World, plan_log: &PlanLog) -> Vec<String> {
    let (mut faults, mut statements) = (Vec::new(), 0);
    // The first upload counts the stored bytes, once.
    world.operator.request_upload(&world.martin_id, "PRIVATE", "essai.txt", b"essai").await;
    let listening = [&world.operator, &world.manager, &world.martin]
        .map(|actor| actor.subscribe("subscription { dossierEvents { type subject { __typename } } }", json!({})));
    let _listening = futures::future::join_all(listening).await;
    for case in CASES {
        for (name, actor) in [("operator", &world.operator), ("manager", &world.manager), ("martin", &world.martin)] {
            plan_log.take();
            let outcome = attempt(world, actor, case).await;
            let plans = plan_log.take();
            statements += plans.len();
            assert!(outcome != "ok" || !plans.is_empty(), "the database logged no plan of {case}");
            faults.extend(
                plans.iter().filter_map(|plan| plan.fault(MAX_ROWS)).map(|fault| format!("{case} by {name}: {fault}")),
            );
        }
    }
    assert!(statements > 5_000, "the database logged only {statements} statements");
    faults
}

#[tokio::test]
async fn reads_do_not_grow_with_the_agency() {
    let plan_log = PlanLog::default();
    let _guard = plan_log.listen();
    let (data, plan, mut organization) = (tempfile::tempdir().unwrap(), plan(), Uuid::nil());
    let services = Services::production(data.path()).await;
    let server = Seeded::on(data, services, &plan, async |owner| {
        explain(owner).await;
        organization = agency(owner).await;
    });
    let server = server.await;
    let mut faults = run_queries(&Schema::read(), &server, &plan_log).await;
    faults.extend(run_mutations(&World::within(server.app, organization).await, &plan_log).await);
    assert!(
        faults.is_empty(),
        "{} faults, of which some are\n{}",
        faults.len(),
        faults[..faults.len().min(40)].join("\n")
    );
}
