//! Checks that both servers write the same rows for E.

use super::{
    callers::Callers,
    compare_answers::id_in,
    connection::{Connection, request},
    database::owner,
    operation::Operation,
    process::Running,
};
use dossier_core::id::decode;
use sea_orm::{Database, DatabaseConnection, FromQueryResult, JsonValue, Statement};
use std::path::Path;
use uuid::Uuid;

/// Selects the rows of one request by its id.
const ROWS: [&str; 3] = [
    "SELECT * FROM validation_request WHERE id = $1",
    "SELECT * FROM validation_step WHERE request_id = $1 ORDER BY id",
    "SELECT * FROM event WHERE subject_id = $1 ORDER BY number",
];

/// Columns that must have a value, but differ between requests.
const OWN: [&str; 9] =
    ["id", "request_id", "round_id", "subject_id", "number", "created_at", "updated_at", "decided_at", "occurred_at"];

pub async fn check(callers: &Callers, data: &Path, ours: &Running, limit: &Running) {
    let db = Database::connect(owner(data)).await.unwrap();
    let mut rows = Vec::new();
    for (server, is_limit) in [(ours, false), (limit, true)] {
        let script = callers.script(Operation::E, is_limit);
        let mut connection = Connection::open(server.port).await.unwrap();
        let id = id_in(connection.ask(&request(&script.first[0])).await.unwrap()).unwrap();
        assert_eq!(id_in(connection.ask(&request(&script.then(&id))).await.unwrap()).unwrap(), id);
        let id = decode(&id).map(|(_, id)| id).or_else(|| Uuid::try_parse(&id).ok()).unwrap();
        rows.push(left(&db, id).await);
    }
    assert_eq!(rows[0], rows[1], "the same rows written");
    assert_eq!(rows[0].len(), 5, "a request, its two steps and its two events");
    db.close().await.unwrap();
}

async fn left(db: &DatabaseConnection, id: Uuid) -> Vec<JsonValue> {
    let mut all = Vec::new();
    for sql in ROWS {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into()]);
        all.extend(JsonValue::find_by_statement(statement).all(db).await.unwrap());
    }
    for row in &mut all {
        for (name, value) in row.as_object_mut().unwrap() {
            if OWN.contains(&name.as_str()) {
                assert!(!value.is_null(), "{name}");
                *value = JsonValue::Null;
            }
        }
    }
    all
}
