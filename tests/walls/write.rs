//! Compares inserts, updates and deletes.

use super::{Ground, viewers::Seat};
use dossier_policy::{Reach, Rows, reaches};
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
struct Verdict {
    added: bool,
    changed: bool,
    removed: bool,
}

/// The first difference of each entity.
pub(super) type Differences = BTreeMap<&'static str, String>;

#[tokio::test]
async fn rules_and_policies_allow_the_same_writes_and_a_fault_in_either_is_found() {
    let ground = Ground::prepare().await;
    let found = differences(&ground, false, |_| true).await;
    assert!(found.is_empty(), "{found:#?}");
    // Imitates mistakes: the new row is not checked, under one rule and then the other.
    let tried = |name: &str| EVERYWHERE.contains(&name);
    let unnoticed = |found: &Differences| EVERYWHERE.iter().filter(|name| !found.contains_key(*name)).count();
    assert_eq!(unnoticed(&differences(&ground, true, tried).await), 0);
    for table in EVERYWHERE {
        ground.as_owner(&format!("ALTER POLICY added ON {table} WITH CHECK (true)")).await;
    }
    assert_eq!(unnoticed(&differences(&ground, false, tried).await), 0);
}

/// The entities for which the mistakes must be noticed.
const EVERYWHERE: [&str; 12] = [
    "client",
    "document",
    "message",
    "invoice",
    "payment",
    "event",
    "site",
    "session",
    "counter",
    "job",
    "job_detail",
    "schedule",
];

pub(super) async fn differences(ground: &Ground, careless_rule: bool, among: impl Fn(&str) -> bool) -> Differences {
    let mut found = Differences::new();
    for seat in one_of_each(ground) {
        macro_rules! compare {
            ($($entity:ident),*) => {$(
                if among(stringify!($entity)) {
                    let told = compare::<entities::$entity::Entity>(ground, seat, careless_rule).await;
                    if let Some(told) = told {
                        found.entry(stringify!($entity)).or_insert(told);
                    }
                }
            )*};
        }
        entities::for_each_entity!(compare);
    }
    found
}

/// Returns one viewer of each kind, role and organization.
fn one_of_each(ground: &Ground) -> impl Iterator<Item = &Seat> {
    let kind = |seat: &Seat| {
        let name = seat.name().split([' ', '(']).next().unwrap_or_default().to_owned();
        (name, seat.role, seat.viewer.organization())
    };
    let mut taken = HashSet::new();
    ground.seats.iter().filter(move |seat| taken.insert(kind(seat)))
}

async fn compare<E>(ground: &Ground, seat: &Seat, careless_rule: bool) -> Option<String>
where
    E: Rows,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + std::fmt::Debug,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let tx = seat.taken(&ground.server).await;
    let rows = E::find().all(&ground.owner).await.unwrap();
    let step = rows.len().div_ceil(ROWS).max(1);
    for row in rows.into_iter().step_by(step) {
        let reached = careless_rule || is_reached::<E>(ground, seat, &row).await;
        let seen =
            E::find().filter(E::visible_to(&seat.viewer)).filter(key::<E>(&row)).one(&ground.owner).await.unwrap();
        let by_rule = Verdict { added: reached, changed: seen.is_some() && reached, removed: seen.is_some() };
        let by_wall = Verdict {
            added: added::<E>(&tx, &row).await,
            changed: changed::<E>(&tx, &row).await,
            removed: removed::<E>(&tx, &row).await,
        };
        if by_rule != by_wall {
            let name = seat.name();
            return Some(format!("{name}\nrow rule: {by_rule:?}\nrow level security: {by_wall:?}\n{row:?}"));
        }
    }
    None
}

/// The checks before a write.
async fn is_reached<E: Rows>(ground: &Ground, seat: &Seat, row: &E::Model) -> bool {
    match reaches(&seat.viewer, E::resource_scope(row)) {
        Reach::Known(known) => known,
        Reach::IfClient(id) => is_seen::<client::Entity>(ground, seat, id).await,
        Reach::IfSite(id) => is_seen::<site::Entity>(ground, seat, id).await,
        Reach::IfMembership(id) => is_seen::<membership::Entity>(ground, seat, id).await,
    }
}

async fn is_seen<E>(ground: &Ground, seat: &Seat, id: Uuid) -> bool
where
    E: Rows,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    E::find_by_id(id).filter(E::visible_to(&seat.viewer)).one(&ground.owner).await.unwrap().is_some()
}

/// Inserts the same row again. The policies are checked before the key.
async fn added<E>(tx: &DatabaseTransaction, row: &E::Model) -> bool
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let inside = tx.begin().await.unwrap();
    let row = row.clone().into_active_model().reset_all();
    passed(E::insert(row).exec_without_returning(&inside).await.map(|_| true))
}

/// Updates the row with its own values.
async fn changed<E>(tx: &DatabaseTransaction, row: &E::Model) -> bool
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let inside = tx.begin().await.unwrap();
    let update = E::update_many().set(row.clone().into_active_model().reset_all()).filter(key::<E>(row));
    passed(update.exec(&inside).await.map(|done| done.rows_affected == 1))
}

async fn removed<E: EntityTrait>(tx: &DatabaseTransaction, row: &E::Model) -> bool {
    let inside = tx.begin().await.unwrap();
    passed(E::delete_many().filter(key::<E>(row)).exec(&inside).await.map(|done| done.rows_affected == 1))
}

/// Returns whether the policies allowed the write. An error of another constraint means that they did.
fn passed(outcome: Result<bool, DbErr>) -> bool {
    match outcome {
        Ok(passed) => passed,
        Err(error) if error.to_string().contains("row-level security") => false,
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
