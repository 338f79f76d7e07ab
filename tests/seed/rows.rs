use super::{database, plan, seed};
use crate::support::postgres;
use dossier_domain::validation;
use dossier_policy::{Audience, EventSubject};
use entities::{
    client, conversation, counter, document, document_version, event, invoice, invoice_line, message, organization,
    payment, user, validation_request, validation_step,
};
use sea_orm::{ActiveEnum, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Returns all rows of all tables.
async fn everything(db: &DatabaseConnection) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    macro_rules! all {
        ($($entity:ident),*) => {
            $(for row in entities::$entity::Entity::find().all(db).await.unwrap() {
                assert!(rows.insert(format!("{} {row:?}", stringify!($entity))));
            })*
        };
    }
    entities::for_each_entity!(all);
    rows
}

#[tokio::test]
async fn the_same_flags_give_the_same_rows() {
    let [one, two, three] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let first = database(one.path()).await;
    let people = seed(&first, &plan()).await.unwrap();
    let rows = everything(&first).await;
    let second = database(two.path()).await;
    assert_eq!(seed(&second, &plan()).await.unwrap(), people);
    assert!(everything(&second).await == rows, "the same rows, to the last column");
    let other = database(three.path()).await;
    seed(&other, &dossier_seed::generated::Plan { seed: 43, ..plan() }).await.unwrap();
    assert!(everything(&other).await.is_disjoint(&rows), "another seed gives others");
    postgres::with_database(async |db| {
        seed(&db, &plan()).await.unwrap();
        assert!(everything(&db).await == rows, "the same on PostgreSQL");
    })
    .await;
}

#[tokio::test]
async fn other_rows_are_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    seed(&db, &plan()).await.unwrap();
    let again = seed(&db, &plan()).await.unwrap_err();
    assert!(again.contains("holds `seed-42-1` already"), "{again}");
    // A second seed may be added.
    seed(&db, &dossier_seed::generated::Plan { organizations: 1, seed: 7, ..plan() }).await.unwrap();
    let before = everything(&db).await;
    let foreign = organization::Model {
        id: Uuid::now_v7(),
        slug: "seed-8-1".into(),
        ..organization::Entity::find().one(&db).await.unwrap().unwrap()
    };
    sea_orm::ActiveModelTrait::insert(
        sea_orm::ActiveModelTrait::reset_all(organization::ActiveModel::from(foreign)),
        &db,
    )
    .await
    .unwrap();
    let refused = seed(&db, &dossier_seed::generated::Plan { seed: 9, ..plan() }).await.unwrap_err();
    assert!(refused.contains("`seed-8-1`, which `dossier seed` did not make"), "{refused}");
    assert_eq!(everything(&db).await.difference(&before).count(), 1, "nothing but the foreign row was added");
}

#[tokio::test]
async fn numbers_have_no_gaps_and_counters_hold_the_last_one() {
    let (_folder, db) = seeded().await;
    let mut numbers = BTreeMap::<(Uuid, String), Vec<i64>>::new();
    let mut last = HashMap::new();
    for row in event::Entity::find().order_by_asc(event::Column::Number).all(&db).await.unwrap() {
        let previous = last.insert(row.organization_id, row.occurred_at);
        assert!(previous.is_none_or(|previous| previous <= row.occurred_at), "events are in the order of time");
        numbers.entry((row.organization_id, "EVENT".into())).or_default().push(row.number);
    }
    let issued = invoice::Entity::find().filter(invoice::Column::Sequence.is_not_null());
    let mut day = HashMap::new();
    for row in issued.order_by_asc(invoice::Column::Sequence).all(&db).await.unwrap() {
        let series = (row.organization_id, format!("{}-{}", row.kind.to_value(), row.year.unwrap()));
        let previous = day.insert(series.clone(), row.issued_on);
        assert!(previous.is_none_or(|previous| previous <= row.issued_on), "dates follow numbers");
        numbers.entry(series).or_default().push(row.sequence.unwrap().into());
    }
    // Triggers count the changes of access.
    let counters = counter::Entity::find().filter(counter::Column::Name.ne("ACCESS"));
    let mut counters = counters.all(&db).await.unwrap();
    assert_eq!(counters.len(), numbers.len());
    for row in counters.drain(..) {
        let given = &numbers[&(row.organization_id, row.name.clone())];
        assert!(given.iter().copied().eq(1..=row.value), "{}: {given:?}", row.name);
    }
}

#[tokio::test]
async fn totals_are_the_sums_of_lines_payments_and_credit_notes() {
    use invoice::{
        Kind::{CreditNote, Invoice, Quote},
        Status::{Accepted, Draft, Issued, Paid, PartiallyPaid, Refused},
    };
    let (_folder, db) = seeded().await;
    let invoices = invoice::Entity::find().all(&db).await.unwrap();
    let lines = invoice_line::Entity::find().all(&db).await.unwrap();
    let payments = payment::Entity::find().all(&db).await.unwrap();
    let half_up = |numerator: i64, denominator: i64| (numerator + denominator / 2) / denominator;
    for row in &invoices {
        let mut by_rate = BTreeMap::<i32, i64>::new();
        for line in lines.iter().filter(|line| line.invoice_id == row.id) {
            assert_eq!(line.net_amount, half_up(line.quantity * line.unit_price, 1_000));
            *by_rate.entry(line.vat_rate).or_default() += line.net_amount;
        }
        let vat: i64 = by_rate.iter().map(|(rate, net)| half_up(net * i64::from(*rate), 10_000)).sum();
        let net: i64 = by_rate.values().sum();
        assert_eq!((row.net_total, row.vat_total, row.total), (net, vat, net + vat));
        let paid: i64 = payments.iter().filter(|payment| payment.invoice_id == row.id).map(|row| row.amount).sum();
        let credited = invoices
            .iter()
            .filter(|note| note.kind == CreditNote && note.status == Issued && note.origin_id == Some(row.id));
        assert_eq!((row.paid_total, row.credited_total), (paid, credited.map(|note| note.total).sum()));
    }
    let states: BTreeSet<_> = invoices.iter().map(|row| (row.kind.to_value(), row.status.to_value())).collect();
    for (kind, status) in [
        (Quote, [Draft, Issued, Accepted, Refused].as_slice()),
        (Invoice, [Draft, Issued, PartiallyPaid, Paid].as_slice()),
        (CreditNote, [Draft, Issued].as_slice()),
    ] {
        for status in status {
            assert!(states.contains(&(kind.to_value(), status.to_value())), "no {kind:?} is {status:?}");
        }
    }
}

#[tokio::test]
async fn requests_have_valid_histories() {
    let (_folder, db) = seeded().await;
    let requests = validation_request::Entity::find().all(&db).await.unwrap();
    let steps = validation_step::Entity::find().order_by_asc(validation_step::Column::Id).all(&db).await.unwrap();
    for row in &requests {
        let mut taken = steps.iter().filter(|step| step.request_id == row.id);
        assert_eq!(taken.next().unwrap().action, validation_step::Action::Submitted);
        let mut status = validation_request::Status::Pending;
        for step in taken {
            status = validation::next(status, step.action).expect("a step that can be taken there");
        }
        assert_eq!(status, row.status);
    }
    let statuses: BTreeSet<_> = requests.iter().map(|row| row.status.to_value()).collect();
    assert_eq!(statuses.len(), 5, "{statuses:?}");
}

/// The last event about a subject records its present visibility.
#[tokio::test]
async fn the_last_event_of_a_subject_has_its_present_audience() {
    let (_folder, db) = seeded().await;
    let clients: HashMap<_, _> =
        client::Entity::find().all(&db).await.unwrap().into_iter().map(|row| (row.id, row)).collect();
    let mut last = HashMap::new();
    let mut revisions = HashMap::<Uuid, i32>::new();
    for row in event::Entity::find().order_by_asc(event::Column::Number).all(&db).await.unwrap() {
        let started = last.contains_key(&row.subject_id);
        assert_eq!(row.before_present, started, "{row:?}");
        if row.kind != event::Kind::ValidationCommented {
            *revisions.entry(row.subject_id).or_default() += 1;
        }
        last.insert(row.subject_id, row);
    }
    macro_rules! check {
        ($($entity:ident)*) => {
            $(for row in $entity::Entity::find().all(&db).await.unwrap() {
                let event = &last[&row.id];
                let dossier = &clients[&event.client_id];
                let now = row.audience(dossier);
                if event.after_present {
                    assert_eq!(after(event), now, "{row:?}");
                }
            })*
        };
    }
    check!(client document conversation message validation_request invoice);
    for row in document::Entity::find().all(&db).await.unwrap() {
        assert_eq!(last[&row.id].after_present, row.deleted_at.is_none());
    }
    for row in validation_request::Entity::find().all(&db).await.unwrap() {
        assert_eq!(revisions[&row.id], row.revision, "each step, and nothing else but comments, is told");
    }
    let people = user::Entity::find().all(&db).await.unwrap();
    assert!(people.iter().all(|row| row.password_hash.is_some()));
    let versions = document_version::Entity::find().all(&db).await.unwrap();
    assert!(versions.iter().all(|row| row.storage_key.contains(&format!("/clients/{}/", row.client_id))));
}

fn after(event: &event::Model) -> Audience {
    Audience {
        site: event.after_site_id,
        zone: event.after_zone,
        visible: event.after_visible,
        internal: event.after_internal,
        draft: event.after_draft,
    }
}

async fn seeded() -> (tempfile::TempDir, DatabaseConnection) {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    seed(&db, &plan()).await.unwrap();
    (folder, db)
}
