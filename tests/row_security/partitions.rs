//! Partitioned tables. Visibility, constraints and writes are unchanged, and a statement reads only its organization's
//! partition.

use super::{TestDatabase, by_policies, by_rule, read, viewers::ViewerCase, write};
use dossier_policy::{RowPolicy, event::in_conversation};
use entities::{conversation, counter, event, message};
use migration::partition::{Outcome, divide};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Statement, TransactionTrait,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const PARTITIONS: u16 = 8;

#[tokio::test]
async fn visibility_and_writes_are_unchanged() {
    let db = TestDatabase::prepare().await;
    db.as_owner("COMMENT ON TABLE event IS 'what happened'").await;
    let (shown_before, described_before) = (shown(&db).await, described(&db).await);
    assert_eq!(divide(&db.owner, PARTITIONS).await.unwrap(), Outcome::Divided);
    assert_eq!(shown(&db).await, shown_before);
    assert_eq!(described(&db).await, described_before);
    assert_eq!(migration::policies::faults(&db.server).await.unwrap(), Vec::<String>::new());
    let both = BTreeSet::from(["event", "message"]);
    assert!(read::differences(&db, false, &both).await.is_empty());
    assert_eq!(read::differences(&db, true, &both).await.len(), 2, "a fault in a policy is found");
    let written = write::differences(&db, false, |name| both.contains(name)).await;
    assert!(written.is_empty(), "{written:#?}");
    for (change, refusal) in REFUSED {
        let error = db.owner.execute_unprepared(change).await.expect_err(change).to_string();
        assert!(error.contains(refusal), "{change}: {error}");
    }
    for part in ["event_000", "message_007"] {
        let sql = format!("SELECT count(*) FROM {part}");
        let error = db.server.execute_unprepared(&sql).await.expect_err(part).to_string();
        assert!(error.contains("permission denied"), "{error}");
    }
}

#[tokio::test]
async fn tables_are_partitioned_once_and_later_migrations_work() {
    let db = TestDatabase::prepare().await;
    db.as_owner("ALTER POLICY seen ON client USING (true)").await;
    assert!(refusal(&db, PARTITIONS).await.contains("run `dossier migrate` first"));
    db.migrate().await;
    assert_eq!(divide(&db.owner, PARTITIONS).await.unwrap(), Outcome::Divided);
    assert_eq!(divide(&db.owner, PARTITIONS).await.unwrap(), Outcome::AlreadyDivided);
    assert!(refusal(&db, 16).await.contains("divided into 8 partitions already"));
    // A later migration may change the tables, and the policies may be damaged, on a partition as well as on the table.
    db.as_owner("ALTER TABLE event ADD COLUMN later integer; ALTER TABLE event DROP COLUMN later").await;
    for table in ["event_003", "event", "message_001", "message"] {
        db.as_owner(&format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")).await;
        assert!(!migration::policies::faults(&db.server).await.unwrap().is_empty(), "{table}");
        db.migrate().await;
        assert_eq!(migration::policies::faults(&db.server).await.unwrap(), Vec::<String>::new());
    }
    assert!(read::differences(&db, false, &BTreeSet::from(["event", "message"])).await.is_empty());
}

#[tokio::test]
async fn a_role_that_is_subject_to_policies_cannot_partition() {
    let db = TestDatabase::prepare().await;
    let error = divide(&db.server, PARTITIONS).await.expect_err("the server's role may not");
    assert!(error.to_string().contains("BYPASSRLS"), "{error}");
}

#[tokio::test]
async fn a_statement_reads_one_partition() {
    let db = TestDatabase::prepare().await;
    divide(&db.owner, PARTITIONS).await.unwrap();
    let members = db.cases.iter().filter(|case| case.viewer.organization().is_some());
    for case in members {
        let organization = case.viewer.organization().unwrap();
        let tx = case.begin(&db.server).await;
        for (name, statement) in statements(&db, case, organization).await {
            let planned = planned_for(&tx, &statement).await;
            let of = |table: &str| planned.iter().filter(|part| part.starts_with(table)).count();
            assert!(of("event") <= 1 && of("message") <= 1, "{name} as {}: {planned:?}", case.name());
            assert!(!planned.is_empty(), "{name} as {}", case.name());
        }
    }
}

/// Returns frequent statements of people and of the server itself.
async fn statements(db: &TestDatabase, case: &ViewerCase, organization: Uuid) -> Vec<(&'static str, Statement)> {
    let threads = conversation::Entity::find().filter(conversation::Column::OrganizationId.eq(organization));
    let threads: Vec<_> = threads.all(&db.owner).await.unwrap().into_iter().map(|row| row.id).collect();
    let events = || event::Entity::find().filter(event::Entity::visible_to(&case.viewer));
    let feed = events().filter(event::Column::Number.gt(0)).order_by_asc(event::Column::Number).limit(100);
    let thread = events().filter(in_conversation(organization, threads[0]));
    let messages = || message::Entity::find().filter(message::Entity::visible_to(&case.viewer));
    let page = messages().filter(message::Column::ConversationId.eq(threads[0])).order_by_desc(message::Column::Id);
    let pages = messages().filter(message::Column::ConversationId.is_in(threads.iter().copied()));
    let build = |select: sea_orm::sea_query::SelectStatement| DbBackend::Postgres.build(&select);
    let mut all = vec![
        ("feed", build(feed.into_query())),
        ("events of a conversation", build(thread.into_query())),
        ("page", build(page.limit(20).into_query())),
        ("pages", build(pages.into_query())),
        ("lateral pages", lateral(messages(), &threads)),
    ];
    let kept = event::Entity::delete_many().filter(event::Entity::visible_to(&case.viewer));
    all.push(("retention", kept.filter(event::Column::Number.lte(3)).build(DbBackend::Postgres)));
    all
}

/// Selects the newest messages of many conversations, a few of each.
fn lateral(messages: sea_orm::Select<message::Entity>, threads: &[Uuid]) -> Statement {
    let each = messages.filter(sea_orm::sea_query::Expr::cust("\"message\".\"conversation_id\" = parent.id"));
    let mut statement = DbBackend::Postgres.build(&each.order_by_desc(message::Column::Id).limit(4).into_query());
    let threads: Vec<_> = threads.iter().map(|id| format!("('{id}'::uuid)")).collect();
    let of_each = &statement.sql;
    statement.sql = format!(
        "SELECT page.* FROM (VALUES {}) AS parent (id) CROSS JOIN LATERAL ({of_each}) AS page",
        threads.join(", ")
    );
    statement
}

/// Returns the partitions in the plan of the statement with these parameters, whether it reads them or not. Also
/// executes the statement.
async fn planned_for(tx: &DatabaseTransaction, statement: &Statement) -> BTreeSet<String> {
    let sql = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {}", statement.sql);
    let explain = Statement { sql, ..statement.clone() };
    let inside = tx.begin().await.unwrap();
    let rows = inside.query_all_raw(explain).await.unwrap_or_else(|error| panic!("{}: {error}", statement.sql));
    inside.rollback().await.unwrap();
    let plan: String = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap() + "\n").collect();
    let words = plan.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let numbered =
        |word: &&str| word.rsplit_once('_').is_some_and(|(_, part)| part.len() == 3 && part.parse::<u16>().is_ok());
    words.filter(numbered).map(str::to_owned).collect()
}

async fn refusal(db: &TestDatabase, partitions: u16) -> String {
    divide(&db.owner, partitions).await.expect_err("refused").to_string()
}

/// Returns the visible events and messages by viewer and by rule, and the count of all rows as the owner sees them.
async fn shown(db: &TestDatabase) -> BTreeMap<String, BTreeSet<String>> {
    let mut shown = BTreeMap::new();
    for case in &db.cases {
        let tx = case.begin(&db.server).await;
        shown.insert(format!("{} event rule", case.enter), by_rule::<event::Entity>(db, case).await);
        shown.insert(format!("{} event policies", case.enter), by_policies::<event::Entity>(&tx).await);
        shown.insert(format!("{} message rule", case.enter), by_rule::<message::Entity>(db, case).await);
        shown.insert(format!("{} message policies", case.enter), by_policies::<message::Entity>(&tx).await);
        shown.insert(format!("{} counter", case.enter), by_policies::<counter::Entity>(&tx).await);
    }
    shown
}

/// Returns the definitions that depend on the two tables, without the keys to which the organization is added.
async fn described(db: &TestDatabase) -> Vec<String> {
    let mut definitions = Vec::new();
    for sql in DESCRIBE {
        let rows = db.owner.query_all_raw(Statement::from_string(DbBackend::Postgres, *sql)).await;
        let rows = rows.unwrap_or_else(|error: DbErr| panic!("{sql}: {error}"));
        definitions.extend(rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()));
    }
    assert!(definitions.len() > 60, "all of it is found");
    definitions
}

const DESCRIBE: &[&str] = &[
    "SELECT concat_ws(' ', conrelid::regclass, conname, \
         CASE WHEN contype NOT IN ('p', 'u') THEN pg_get_constraintdef(oid) END) \
     FROM pg_constraint WHERE conrelid IN ('event'::regclass, 'message'::regclass) ORDER BY 1",
    "SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index \
     WHERE indrelid IN ('event'::regclass, 'message'::regclass) AND NOT indisunique ORDER BY 1",
    "SELECT concat_ws(' ', attrelid::regclass, attname, attnum, format_type(atttypid, atttypmod), attnotnull) \
     FROM pg_attribute WHERE attrelid IN ('event'::regclass, 'message'::regclass) AND attnum > 0 ORDER BY 1",
    "SELECT concat_ws(' ', oid::regclass, relowner::regrole, (SELECT string_agg(acl::text, ' ' ORDER BY acl::text) \
         FROM aclexplode(relacl) AS acl WHERE grantee <> relowner), relrowsecurity, relforcerowsecurity, \
         obj_description(oid)) \
     FROM pg_class WHERE oid IN ('event'::regclass, 'message'::regclass) ORDER BY 1",
    "SELECT concat_ws(' ', tablename, policyname, cmd, qual, with_check) FROM pg_policies \
     WHERE tablename IN ('event', 'message') ORDER BY 1",
];

/// Changes that keys refuse, and the names of these keys.
const REFUSED: &[(&str, &str)] = &[
    ("INSERT INTO event SELECT * FROM event LIMIT 1", "duplicate key"),
    ("UPDATE event SET number = 1", "_pkey"),
    ("UPDATE event SET id = organization_id", "_id_organization_id_"),
    ("INSERT INTO message SELECT * FROM message LIMIT 1", "duplicate key"),
    ("UPDATE event SET client_id = organization_id", "event_organization_id_client_id_fkey"),
    ("UPDATE event SET actor_id = organization_id", "event_actor_id_fkey"),
    ("UPDATE message SET conversation_id = id", "message_organization_id_client_id_conversation_id_fkey"),
    ("UPDATE message SET author_id = id", "message_author_id_fkey"),
    ("DELETE FROM client WHERE id = (SELECT client_id FROM event LIMIT 1)", "foreign key constraint"),
    ("DELETE FROM conversation WHERE id = (SELECT conversation_id FROM message LIMIT 1)", "foreign key constraint"),
    ("UPDATE event SET kind = 'SOMETHING'", "kind_known"),
    ("UPDATE message SET body = ''", "body_not_empty"),
];
