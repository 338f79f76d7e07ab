//! Compares the visible rows.

use super::{TestDatabase, by_policies, by_rule};
use dossier_core::viewer::{SystemPurpose, Viewer};
use entities::{
    document::{self, Zone},
    event::{self, SubjectKind},
    membership::Role,
};
use sea_orm::{ActiveEnum, EntityName, EntityTrait, Iterable};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the entities for which the two results of some viewer differ, with the first difference of each.
pub(super) async fn differences(
    db: &TestDatabase,
    weaken_rule: bool,
    among: &BTreeSet<&str>,
) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    for case in &db.cases {
        let tx = case.begin(&db.server).await;
        let wider = wider(case);
        let viewer_case = if weaken_rule { &wider } else { case };
        macro_rules! compare {
            ($($entity:ident),*) => {$(
                if among.contains(stringify!($entity)) {
                    let rule = by_rule::<entities::$entity::Entity>(db, viewer_case).await;
                    let policies = by_policies::<entities::$entity::Entity>(&tx).await;
                    if let Some(row) = rule.symmetric_difference(&policies).next() {
                        let by = if rule.contains(row) { "the row rule" } else { "row level security" };
                        let difference = format!("only {by} shows {} this {}: {row}", case.name(), stringify!($entity));
                        found.entry(stringify!($entity)).or_insert(difference);
                    }
                }
            )*};
        }
        entities::for_each_entity!(compare);
    }
    found
}

/// Imitates a mistake: all members of an organization see what Dossier itself sees.
fn wider(case: &super::ViewerCase) -> super::ViewerCase {
    let viewer = match case.viewer.organization() {
        Some(organization) => Viewer::system(organization, SystemPurpose::Command),
        None => Viewer::platform(SystemPurpose::Command),
    };
    super::ViewerCase { viewer, enter: case.enter.clone(), role: case.role }
}

/// Tables whose rule is the same for all members of the organization.
const SEEN_BY_ALL: [&str; 2] = ["counter", "portal"];

#[tokio::test]
async fn rules_and_policies_show_the_same_rows_and_a_fault_in_either_is_found() {
    let db = TestDatabase::prepare().await;
    assert_all_values_occur(&db).await;
    assert_rows_are_visible(&db).await;
    let all: BTreeSet<_> = tables().into_keys().collect();
    let differences_now = differences(&db, false, &all).await;
    assert!(differences_now.is_empty(), "{differences_now:#?}");

    let expected: BTreeSet<_> = all.iter().copied().filter(|entity| !SEEN_BY_ALL.contains(entity)).collect();
    let with_a_weak_rule: BTreeSet<_> = differences(&db, true, &all).await.into_keys().collect();
    assert!(with_a_weak_rule.is_superset(&expected), "unnoticed: {:?}", expected.difference(&with_a_weak_rule));

    for (entity, table) in tables() {
        db.as_owner(&format!("ALTER POLICY seen ON {table} RENAME TO kept")).await;
        db.as_owner(&format!("CREATE POLICY hole ON {table} FOR SELECT USING (true)")).await;
        let found = differences(&db, false, &BTreeSet::from([entity])).await;
        assert!(found.contains_key(entity), "a fault in the policies of {table} went unnoticed");
        db.as_owner(&format!("DROP POLICY hole ON {table}")).await;
        db.as_owner(&format!("ALTER POLICY kept ON {table} RENAME TO seen")).await;
    }
}

/// Fails if no row has some role, zone or subject of events, because then nothing is proven about it.
async fn assert_all_values_occur(db: &TestDatabase) {
    let roles: BTreeSet<_> = db.cases.iter().filter_map(|case| Some(case.role?.to_value())).collect();
    assert_eq!(roles, Role::iter().map(|role| role.to_value()).collect());
    let documents = document::Entity::find().all(&db.owner).await.unwrap();
    let zones: BTreeSet<_> = documents.iter().map(|row| row.zone.to_value()).collect();
    assert_eq!(zones, Zone::iter().map(|zone| zone.to_value()).collect());
    let events = event::Entity::find().all(&db.owner).await.unwrap();
    let subjects: BTreeSet<_> = events.iter().map(|row| row.subject_kind.to_value()).collect();
    assert_eq!(subjects, SubjectKind::iter().map(|kind| kind.to_value()).collect());
    let before: BTreeSet<_> = events.iter().filter_map(|row| Some(row.before_zone?.to_value())).collect();
    let after: BTreeSet<_> = events.iter().filter_map(|row| Some(row.after_zone?.to_value())).collect();
    assert_eq!((&before, &after), (&zones, &zones));
}

/// Fails if a viewer sees nothing, because equal empty results prove nothing.
async fn assert_rows_are_visible(db: &TestDatabase) {
    let mut seen = BTreeMap::<String, usize>::new();
    for case in db.cases.iter().filter(|case| case.role.is_some()) {
        let tx = case.begin(&db.server).await;
        macro_rules! count {
            ($($entity:ident),*) => {$(
                let rows = by_policies::<entities::$entity::Entity>(&tx).await.len();
                *seen.entry(format!("{:?} {}", case.role.unwrap(), stringify!($entity))).or_default() += rows;
            )*};
        }
        entities::for_each_entity!(count);
    }
    for (who, rows) in &seen {
        let money = ["invoice", "invoice_line", "payment"].iter().any(|name| *who == format!("Staff {name}"));
        let hidden = ["membership", "invitation"].iter().any(|name| who.split(' ').nth(1) == Some(name));
        let members =
            hidden && (who.starts_with("Staff") || who.starts_with("Client")) || who == "Client membership_site";
        let queue = ["job", "job_detail", "schedule"].iter().any(|name| who.split(' ').nth(1) == Some(name));
        let owners = [" api_key", " audit_entry", " audit_detail"].iter().any(|name| who.ends_with(name));
        let keys = owners && !who.starts_with("Owner");
        assert_eq!(*rows > 0, !(money || members || queue || keys), "{who}: {rows} rows");
    }
}

/// Returns the table of each entity.
pub(super) fn tables() -> BTreeMap<&'static str, String> {
    let mut tables = BTreeMap::new();
    macro_rules! name {
        ($($entity:ident),*) => {$(
            tables.insert(stringify!($entity), entities::$entity::Entity.table_name().to_owned());
        )*};
    }
    entities::for_each_entity!(name);
    tables
}
