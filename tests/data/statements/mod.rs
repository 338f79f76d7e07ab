//! The number of SQL statements of an operation depends on its fields, never on the number of rows. The tests check
//! this for each field of the schema.

mod columns;
pub mod paths;

use super::seeded::Seeded;
use crate::{
    observe::metrics::number,
    support::{
        Actor, Value, json,
        schema::{Schema, base},
    },
};
use async_graphql::parser::types::FieldDefinition;
use dossier::observe::Metrics;
use dossier_seed::generated::Plan;
use paths::{FieldPath, Step, build_query, field_paths, leads_to_many, reachable, required};
use std::{collections::BTreeMap, fmt::Write};

/// The numbers of rows for which a field is requested.
const PAGES: [usize; 2] = [10, 20];

/// The same for events. Their subjects are read by kind, and this many events include all kinds.
const PAGES_OF_EVENTS: [usize; 2] = [85, 100];

/// The same for quotes and invoices. `viewerCan` reads other rows for drafts than for the rest, and this many include
/// both.
const PAGES_OF_BILLS: [usize; 2] = [70, 100];

/// The same for documents. Few of them are approved.
const PAGES_OF_DOCUMENTS: [usize; 2] = [60, 100];

fn pages(path: &[Step]) -> [usize; 2] {
    match path.first().map(|step| step.name.as_str()) {
        Some("events") => PAGES_OF_EVENTS,
        Some("quotes" | "invoices") => PAGES_OF_BILLS,
        Some("documents") => PAGES_OF_DOCUMENTS,
        _ => PAGES,
    }
}

/// More rows of each kind than the tests request.
pub fn plan() -> Plan {
    Plan {
        organizations: 1,
        clients: 30,
        documents: 6,
        conversations: 2,
        messages: 3,
        requests: 7,
        invoices: 9,
        seed: 42,
    }
}

/// The roles of the callers.
const ROLES: [&str; 2] = ["OWNER", "CLIENT"];

/// The measurement of a field.
struct Measurement {
    /// The number of statements, with the path to the field.
    statements: u64,
    /// The number of objects, and the number of values.
    objects: usize,
    values: usize,
}

/// An actor who sends queries.
pub struct Caller<'a> {
    schema: &'a Schema,
    pub actor: Actor,
    metrics: &'a Metrics,
    /// Ids by type.
    pub ids: BTreeMap<String, String>,
}

impl<'a> Caller<'a> {
    pub async fn begin(schema: &'a Schema, server: &'a Seeded, role: &str) -> Self {
        let actor = server.signed_in(role).await;
        let mut caller = Self { schema, actor, metrics: &server.app.parts.metrics, ids: BTreeMap::new() };
        caller.ids = caller.list_ids().await;
        caller
    }

    /// Returns the id of a row of each type that has a list at the root.
    async fn list_ids(&self) -> BTreeMap<String, String> {
        let mut ids = BTreeMap::new();
        for list in self.schema.fields("Query").iter().map(|field| &field.node) {
            let connection = base(&list.ty.node);
            let Some(kind) = connection.strip_suffix("Connection") else { continue };
            let page =
                self.actor.query(&format!("{{ {}(first: 1) {{ nodes {{ id }} }} }}", list.name), json!({})).await;
            if let Some(id) = page[list.name.node.as_str()]["nodes"][0]["id"].as_str() {
                ids.insert(kind.to_owned(), id.to_owned());
            }
        }
        ids
    }

    /// Returns the number of statements of a query, and its answer.
    async fn send(&self, query: &str) -> (u64, Value) {
        let sent = || number(self.metrics, r#"dossier_database_statements_total{viewer="member"}"#);
        let before = sent();
        // The field `begun` begins the transaction first, because this may also send statements.
        let answer = self.actor.query(&format!("{{ begun: viewer {{ role }} {query} }}"), json!({})).await;
        (sent() - before, answer)
    }

    /// Returns values for the field's required arguments.
    fn arguments(&self, field: &FieldDefinition) -> Result<String, String> {
        let mut arguments = String::new();
        for (name, ty) in required(field) {
            let kind = base(&field.ty.node);
            let id = self.ids.get(if kind == "Node" { "Client" } else { kind }).filter(|_| name == "id");
            let id = id.ok_or_else(|| format!("there is no sample value for its argument `{name}: {ty}`"))?;
            let _ = write!(arguments, "(id: \"{id}\")");
        }
        Ok(arguments)
    }

    /// Returns the statements of each field that sends any, or its fault.
    async fn measure(&self, kind: &str, path: &FieldPath) -> BTreeMap<String, Result<u64, String>> {
        let mut measured = BTreeMap::new();
        let path_statements = [
            self.send(&build_query(path, "__typename", pages(path)[0])).await.0,
            self.send(&build_query(path, "__typename", pages(path)[1])).await.0,
        ];
        let fields = self.schema.fields(kind).iter().map(|field| &field.node);
        let (composite, plain): (Vec<_>, Vec<_>) =
            fields.partition(|field| self.schema.is_composite(base(&field.ty.node)));
        // Most fields use rows that were already read. One query for all of them proves as much as one for each.
        let names: Vec<_> = plain.iter().map(|field| field.name.node.as_str()).collect();
        let (at_once, _) = self.send(&build_query(path, &(names.join(" ") + " __typename"), pages(path)[1])).await;
        let alone = if at_once == path_statements[1] { Vec::new() } else { plain };
        for field in composite.into_iter().chain(alone) {
            let name = format!("{kind}.{}", field.name.node);
            let is_rare = RARE.contains(&name.as_str());
            let statements = self.measure_field(path, path_statements, field, is_rare).await;
            if statements != Ok(0) {
                measured.insert(name, statements);
            }
        }
        measured
    }

    async fn measure_field(
        &self,
        path: &FieldPath,
        path_statements: [u64; 2],
        field: &FieldDefinition,
        is_rare: bool,
    ) -> Result<u64, String> {
        let [few, many] = pages(path);
        let (few, many) = (self.query_field(path, field, few).await?, self.query_field(path, field, many).await?);
        let [of_few, of_many] = [few.statements - path_statements[0], many.statements - path_statements[1]];
        if of_few != of_many {
            return Err(format!(
                "takes {of_few} statements for {} rows with {} values, and {of_many} for {} with {}",
                few.objects, few.values, many.objects, many.values
            ));
        }
        let more = many.objects > few.objects && many.values > few.values || is_rare;
        if of_many > 0 && leads_to_many(path) && !more && self.actor.name == "OWNER" {
            return Err(format!("shows {} values of {} rows, which proves nothing", many.values, many.objects));
        }
        Ok(of_many)
    }

    async fn query_field(&self, path: &FieldPath, field: &FieldDefinition, rows: usize) -> Result<Measurement, String> {
        let (statements, answer) = self.send(&self.query(path, field, rows)?).await;
        let objects = path.iter().fold(vec![&answer], |objects, step| flatten(objects, &step.name));
        let values = objects.iter().map(|object| size_of(&object[field.name.node.as_str()])).sum();
        Ok(Measurement { statements, objects: objects.len(), values })
    }

    /// Returns a query for one field at the end of the path.
    pub fn query(&self, path: &FieldPath, field: &FieldDefinition, rows: usize) -> Result<String, String> {
        let kind = base(&field.ty.node);
        let step = Step::of(field, self.arguments(field)?);
        Ok(if kind.ends_with("Connection") {
            build_query(&[path.as_slice(), &[step]].concat(), "nodes { __typename }", rows)
        } else if self.schema.is_composite(kind) {
            build_query(&[path.as_slice(), &[step]].concat(), "__typename", rows)
        } else {
            build_query(path, &step.name, rows)
        })
    }
}

/// Returns the values of a field in these objects.
fn flatten<'v>(objects: Vec<&'v Value>, name: &str) -> Vec<&'v Value> {
    let held = objects.into_iter().flat_map(|object| match &object[name] {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    });
    held.collect()
}

/// Returns the size of a value: the rows of a page, the items of a list, or one.
fn size_of(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Array(items) => items.len(),
        page if page["nodes"].is_array() => size_of(&page["nodes"]),
        _ => 1,
    }
}

/// The field that the audit log records in a transaction of its own. The databases look its viewer up differently, so that
/// their numbers of statements differ.
const RECORDED: &str = "DocumentVersion.download";

/// Fields that have values for few rows: for open uploads of the caller, for versions that are not the newest, and for
/// portals that differ from their organization.
const RARE: [&str; 4] =
    ["Document.upload", "DocumentVersion.upload", "DocumentVersion.viewerCan", "Organization.portals"];

/// The snapshot lists the statements of each field by role. Fields that it does not list use rows that were already
/// read. `totalCount` is counted only on request.
#[tokio::test]
async fn no_field_takes_more_statements_for_more_rows() {
    let (schema, server) = (Schema::read(), Seeded::start(&plan()).await);
    server.add_people(&ROLES).await;
    let field_paths = field_paths(&schema, "Query");
    let mut taken = BTreeMap::<String, String>::new();
    let mut faults = Vec::new();
    for role in ROLES {
        let caller = Caller::begin(&schema, &server, role).await;
        for (kind, path) in &field_paths {
            for (field, statements) in caller.measure(kind, path).await {
                match statements {
                    Ok(_) if field == RECORDED && role == "OWNER" => {
                        taken.entry(field).or_default().push_str(" OWNER=constant");
                    }
                    Ok(statements) => drop(write!(taken.entry(field).or_default(), " {role}={statements}")),
                    Err(fault) => faults.push(format!("{field} as {role}: {fault}")),
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let lines: Vec<_> = taken.iter().map(|(field, statements)| format!("{field}:{statements}")).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// In nested lists, each field that reads adds the statements of the snapshot.
#[tokio::test]
async fn nested_fields_add_statements_and_counts_are_read_on_request() {
    let (schema, server) = (Schema::read(), Seeded::start(&plan()).await);
    server.add_people(&ROLES).await;
    let caller = Caller::begin(&schema, &server, "OPERATOR").await;
    let (begun, _) = caller.send("").await;
    for rows in [3, 6] {
        let (sent, answer) = caller.send(&DEEP.replace("$rows", &rows.to_string())).await;
        assert_eq!(size_of(&answer["clients"]), rows);
        assert_eq!(sent - begun, DEEP.matches('#').count() as u64, "for {rows} rows");
    }
    for list in schema.fields("Query").iter().map(|field| &field.node) {
        if base(&list.ty.node).ends_with("Connection") {
            let page = |further: &str| {
                format!(
                    "{}(first: 3) {{ nodes {{ __typename }} pageInfo {{ hasNextPage endCursor }} {further} }}",
                    list.name
                )
            };
            let ((page, _), (counted, _)) = (caller.send(&page("")).await, caller.send(&page("totalCount")).await);
            assert_eq!((page, counted), (begun + 1, begun + 2), "{}", list.name);
        }
    }
}

/// Comments mark the fields that read.
const DEEP: &str = "clients(first: $rows) { #
    nodes {
        site { #
            name
        }
        documents(first: 2) { #
            totalCount #
            nodes {
                versions(first: 2) { #
                    totalCount #
                    edges {
                        cursor
                        node {
                            document { #
                                client { #
                                    invoices(first: 2) { #
                                        nodes {
                                            lines { #
                                                position
                                            }
                                            payments(first: 2) { #
                                                nodes {
                                                    invoice { #
                                                        status
                                                    }
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
";

/// Types that only mutations and subscriptions return are single objects, which lead to the types of queries.
#[test]
fn every_type_of_the_schema_is_tested() {
    let schema = Schema::read();
    let field_paths = field_paths(&schema, "Query");
    let of_one: Vec<_> = ["Mutation", "Subscription"].iter().flat_map(|root| reachable(&schema, root)).collect();
    let queried = reachable(&schema, "Query");
    for kind in schema.objects().filter(|kind| !field_paths.contains_key(*kind)) {
        let one = of_one.iter().any(|other| other == kind) && !queried.contains(kind);
        assert!(one, "no way leads from Query to {kind} without an argument that must be given");
    }
}
