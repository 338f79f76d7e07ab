//! Compares inserts, updates and deletes.

use super::{TestDatabase, viewers::ViewerCase};
use dossier_core::viewer::Member;
use dossier_policy::{Reach, RowPolicy, reaches};
use entities::{client, membership, site};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, PrimaryKeyToColumn, PrimaryKeyTrait, QueryFilter, SqlErr, TransactionTrait, Value,
};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// The number of rows per entity, from the whole table.
const ROWS: usize = 5;

/// The result of a write under one of the two rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AllowedWrites {
    can_insert: bool,
    can_update: bool,
    can_delete: bool,
}

/// The first difference of each entity.
pub(super) type Differences = BTreeMap<&'static str, String>;

#[tokio::test]
async fn rules_and_policies_allow_the_same_writes_and_a_fault_in_either_is_found() {
    let db = TestDatabase::prepare().await;
    let found = differences(&db, false, |_| true).await;
    assert!(found.is_empty(), "{found:#?}");
    // Imitates mistakes: the new row is not checked, under one rule and then the other.
    let is_checked = |name: &str| CHECKED.contains(&name);
    let unnoticed = |found: &Differences| CHECKED.iter().filter(|name| !found.contains_key(*name)).count();
    assert_eq!(unnoticed(&differences(&db, true, is_checked).await), 0);
    for table in CHECKED {
        db.as_owner(&format!("ALTER POLICY added ON {table} WITH CHECK (true)")).await;
    }
    assert_eq!(unnoticed(&differences(&db, false, is_checked).await), 0);
}

/// The entities for which the mistakes must be noticed.
const CHECKED: [&str; 18] = [
    "client",
    "document",
    "message",
    "invoice",
    "payment",
    "event",
    "site",
    "membership",
    "invitation",
    "api_key",
    "external_identity",
    "audit_entry",
    "audit_detail",
    "session",
    "counter",
    "job",
    "job_detail",
    "schedule",
];

pub(super) async fn differences(
    db: &TestDatabase,
    skip_reach_check: bool,
    among: impl Fn(&str) -> bool,
) -> Differences {
    let mut found = Differences::new();
    for case in one_of_each(db) {
        macro_rules! compare {
            ($($entity:ident),*) => {$(
                if among(stringify!($entity)) {
                    let difference = compare::<entities::$entity::Entity>(db, case, skip_reach_check).await;
                    if let Some(difference) = difference {
                        found.entry(stringify!($entity)).or_insert(difference);
                    }
                }
            )*};
        }
        entities::for_each_entity!(compare);
    }
    found
}

/// Returns one viewer of each kind, role and organization.
fn one_of_each(db: &TestDatabase) -> impl Iterator<Item = &ViewerCase> {
    let kind = |case: &ViewerCase| {
        let name = case.name().split([' ', '(']).next().unwrap_or_default().to_owned();
        (name, case.role, case.viewer.organization(), case.viewer.member().map(Member::limit))
    };
    let mut taken = HashSet::new();
    db.cases.iter().filter(move |case| taken.insert(kind(case)))
}

async fn compare<E>(db: &TestDatabase, case: &ViewerCase, skip_reach_check: bool) -> Option<String>
where
    E: RowPolicy,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + std::fmt::Debug,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let tx = case.begin(&db.server).await;
    let rows = E::find().all(&db.owner).await.unwrap();
    let step = rows.len().div_ceil(ROWS).max(1);
    for row in rows.into_iter().step_by(step) {
        let reached = skip_reach_check || is_reached::<E>(db, case, &row).await;
        let seen = E::find().filter(E::visible_to(&case.viewer)).filter(key::<E>(&row)).one(&db.owner).await.unwrap();
        let by_rule = AllowedWrites {
            can_insert: reached,
            can_update: seen.is_some() && reached && E::CHANGES,
            can_delete: seen.is_some() && E::removable_for(&case.viewer),
        };
        let by_policies = AllowedWrites {
            can_insert: can_insert::<E>(&tx, &row).await,
            can_update: can_update::<E>(&tx, &row).await,
            can_delete: can_delete::<E>(&tx, &row).await,
        };
        if by_rule != by_policies {
            let name = case.name();
            return Some(format!("{name}\nrow rule: {by_rule:?}\nrow level security: {by_policies:?}\n{row:?}"));
        }
    }
    None
}

/// The checks before a write.
async fn is_reached<E: RowPolicy>(db: &TestDatabase, case: &ViewerCase, row: &E::Model) -> bool {
    match reaches::<E>(&case.viewer, row) {
        Reach::Known(known) => known,
        Reach::IfClient(id) => is_seen::<client::Entity>(db, case, id).await,
        Reach::IfSite(id) => is_seen::<site::Entity>(db, case, id).await,
        Reach::IfMembership(id) => is_seen::<membership::Entity>(db, case, id).await,
    }
}

async fn is_seen<E>(db: &TestDatabase, case: &ViewerCase, id: Uuid) -> bool
where
    E: RowPolicy,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    E::find_by_id(id).filter(E::visible_to(&case.viewer)).one(&db.owner).await.unwrap().is_some()
}

/// Inserts the same row again. The policies are checked before the key.
async fn can_insert<E>(tx: &DatabaseTransaction, row: &E::Model) -> bool
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let inside = tx.begin().await.unwrap();
    let row = row.clone().into_active_model().reset_all();
    is_allowed(E::insert(row).exec_without_returning(&inside).await.map(|_| true))
}

/// Updates the row with its own values.
async fn can_update<E>(tx: &DatabaseTransaction, row: &E::Model) -> bool
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let inside = tx.begin().await.unwrap();
    let update = E::update_many().set(row.clone().into_active_model().reset_all()).filter(key::<E>(row));
    is_allowed(update.exec(&inside).await.map(|done| done.rows_affected == 1))
}

async fn can_delete<E: EntityTrait>(tx: &DatabaseTransaction, row: &E::Model) -> bool {
    let inside = tx.begin().await.unwrap();
    is_allowed(E::delete_many().filter(key::<E>(row)).exec(&inside).await.map(|done| done.rows_affected == 1))
}

/// Returns whether the policies allowed the write. An error of another constraint means that they did.
fn is_allowed(outcome: Result<bool, DbErr>) -> bool {
    match outcome {
        Ok(is_allowed) => is_allowed,
        Err(error) if error.to_string().contains("row-level security") => false,
        // The server's role has no privilege to change rows that are only added.
        Err(error) if error.to_string().contains("permission denied") => false,
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_) | SqlErr::ForeignKeyConstraintViolation(_)) => true,
            _ => panic!("{error}"),
        },
    }
}

fn key<E: EntityTrait>(row: &E::Model) -> sea_orm::Condition {
    use sea_orm::ColumnTrait;
    E::PrimaryKey::iter().fold(sea_orm::Condition::all(), |all, key| {
        let column = key.into_column();
        let value: Value = row.get(column);
        all.add(column.eq(value))
    })
}
