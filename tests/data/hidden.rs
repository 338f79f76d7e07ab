//! Hidden rows change neither an answer nor its cost: not the rows of a list, not their number, not the results of a
//! search, and not the points for counting and searching.

use super::{plans::filter_values, seeded::Seeded, statements::Caller};
use crate::support::{
    App, Value, json,
    schema::{Schema, base},
};
use async_graphql::parser::types::TypeKind;
use dossier_seed::generated::Plan;
use entities::{client, conversation, document, invoice, validation_request};
use sea_orm::{EntityTrait, IdenStatic, Iterable};

/// More than a page of each kind of rows.
fn plan() -> Plan {
    Plan {
        organizations: 1,
        clients: 60,
        documents: 9,
        conversations: 2,
        messages: 1,
        requests: 4,
        invoices: 5,
        seed: 42,
    }
}

/// Returns queries for each list, with each of its filters and without, also within dossiers.
fn queries(schema: &Schema, caller: &Caller<'_>) -> Vec<String> {
    let mut queries = Vec::new();
    for (kind, path) in [("Query", ["", ""]), ("Client", ["clients(first: 10) { nodes {", "} }"])] {
        for list in schema.fields(kind).iter().map(|field| &field.node) {
            if !base(&list.ty.node).ends_with("Connection") {
                continue;
            }
            let filter = list.arguments.iter().find(|argument| argument.node.name.node == "filter");
            let filters = match filter.and_then(|argument| schema.kind(base(&argument.node.ty.node))) {
                Some(TypeKind::InputObject(filter)) => {
                    filter.fields.iter().flat_map(|field| filter_values(schema, caller, &field.node)).collect()
                }
                _ => Vec::new(),
            };
            let filters = filters.into_iter().map(|filter: String| format!(", filter: {filter}"));
            for filter in [String::new()].into_iter().chain(filters) {
                let page = "{ totalCount nodes { id } pageInfo { hasNextPage } }";
                let [begin, end] = path;
                queries.push(format!("{{ {begin} {}(first: 20{filter}) {page} {end} }}", list.name));
            }
        }
    }
    queries.push("{ clients(first: 100) { nodes { figures { due { amount } } } } }".to_owned());
    queries
}

/// Returns the answer and the cost of each query.
async fn answers(schema: &Schema, caller: &Caller<'_>) -> Vec<(String, Value)> {
    let mut answers = Vec::new();
    for query in queries(schema, caller) {
        let answer = caller.actor.send(&query, json!({})).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(code.is_null() || code == "FORBIDDEN", "{query}: {answer}");
        assert!(answer["extensions"]["cost"].is_u64(), "{query}: {answer}");
        answers.push((query, json!([answer["data"], code, answer["extensions"]])));
    }
    answers
}

/// Inserts copies of rows with some changed columns, directly into the database.
async fn copy<E: EntityTrait>(app: &App, changed: &[(&str, &str)], from: &str) {
    let names: Vec<_> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    let value = |name: &String| match changed.iter().find(|(changed, _)| changed == name) {
        Some((_, value)) => (*value).to_owned(),
        None if name == "id" => app.new_key().to_owned(),
        None => format!("old.{name}"),
    };
    let (values, table) =
        (names.iter().map(value).collect::<Vec<_>>().join(", "), E::default().table_name().to_owned());
    let sql = format!("INSERT INTO {table} ({}) SELECT {values} FROM {table} old {from}", names.join(", "));
    assert!(app.by_hand(&sql).await > 0, "{sql}");
}

/// Inserts dossiers without a site, with rows of each kind.
async fn add_dossiers_of_nobody(app: &App) {
    copy::<client::Entity>(app, &[("site_id", "NULL"), ("phone", "'hidden'")], "").await;
    let theirs = |some: &str| format!("JOIN client ON client.phone = 'hidden' WHERE old.id IN ({some})");
    let of_client = ("client_id", "client.id");
    let some = theirs("SELECT id FROM document LIMIT 3");
    copy::<document::Entity>(app, &[of_client, ("published_version_id", "NULL")], &some).await;
    copy::<conversation::Entity>(app, &[of_client], &theirs("SELECT id FROM conversation LIMIT 2")).await;
    let some = theirs("SELECT id FROM validation_request LIMIT 3");
    copy::<validation_request::Entity>(app, &[of_client, ("document_version_id", "NULL")], &some).await;
    let some = theirs("SELECT id FROM invoice WHERE status = 'DRAFT' AND origin_id IS NULL LIMIT 2");
    copy::<invoice::Entity>(app, &[of_client], &some).await;
}

/// Inserts internal rows into each dossier.
async fn add_what_is_internal(app: &App) {
    let private = [("zone", "'PRIVATE'"), ("published_version_id", "NULL")];
    copy::<document::Entity>(app, &private, "").await;
    let internal = [("internal", "true"), ("document_version_id", "NULL")];
    copy::<validation_request::Entity>(app, &internal, "").await;
    copy::<invoice::Entity>(app, &[], "WHERE status = 'DRAFT' AND origin_id IS NULL").await;
}

fn same(role: &str, before: &[(String, Value)], after: &[(String, Value)]) {
    for ((query, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(before, after, "{role}: {query}");
    }
}

#[tokio::test]
async fn hidden_rows_change_no_answer_and_no_cost() {
    let (schema, server) = (Schema::read(), Seeded::start(&plan()).await);
    let caller = async |role| Caller::begin(&schema, &server, role).await;
    let (operator, manager) = (caller("OPERATOR").await, caller("MANAGER").await);
    let (staff, client) = (caller("STAFF").await, caller("CLIENT").await);
    let before = [answers(&schema, &manager).await, answers(&schema, &staff).await, answers(&schema, &client).await];
    let whole = answers(&schema, &operator).await;
    add_dossiers_of_nobody(&server.app).await;
    same("MANAGER", &before[0], &answers(&schema, &manager).await);
    add_what_is_internal(&server.app).await;
    same("CLIENT", &before[2], &answers(&schema, &client).await);
    // Staff see internal requests, but no documents of the zones that got new rows.
    let no_requests = |mut answers: Vec<(String, Value)>| {
        answers.retain(|(query, _)| !query.contains("validationRequests"));
        answers
    };
    same("STAFF", &no_requests(before[1].clone()), &no_requests(answers(&schema, &staff).await));
    assert_ne!(whole, answers(&schema, &operator).await, "those who see what was added are answered otherwise");
}
