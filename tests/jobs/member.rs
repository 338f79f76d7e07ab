//! A job runs with the present rights of the member who caused it.

use super::{kinds::Unique, support};
use crate::support::World;
use dossier_core::{
    scope::{Scope, Scopes},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Database;
use dossier_jobs::{Enqueued, JobContext, JobError, QueueDatabase, QueueViewer, Registry, Runner};
use entities::{
    client,
    job::{self, State},
    job_detail,
};
use sea_orm::EntityTrait;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;
use uuid::Uuid;

type Seen = Arc<Mutex<Vec<(String, BTreeSet<Uuid>)>>>;

async fn look((database, seen): (Database, Seen), job: Unique, context: JobContext) -> Result<(), JobError> {
    let tx = database.read_for_job(&context).await?;
    let rows = tx.find::<client::Entity>().all().await?;
    seen.lock().unwrap().push((job.0, rows.into_iter().map(|row| row.id).collect()));
    let tx = database.write_for_job(&context).await?;
    assert_eq!(tx.viewer.member().map(|member| member.membership), context.caused_by);
    Ok(())
}

async fn finished(database: &Database, id: Uuid) -> State {
    loop {
        let tx = database.begin_read(QueueViewer::Worker).await.unwrap();
        let job = job::Entity::find_by_id(id).one(&tx).await.unwrap().unwrap();
        if job.finished_at.is_some() || job.attempts > 1 {
            return job.state;
        }
        drop(tx);
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_sees_the_rows_of_the_member_who_caused_it() {
    let world = World::new().await;
    let database = &world.app.parts.database;
    let seen = Seen::default();
    let registry = Registry::default().with(&(database.clone(), seen.clone()), look);
    let handle = Runner::new(database.clone(), registry, support::settings(), Uuid::now_v7()).start();
    let mut all = BTreeSet::new();
    for (name, actor) in world.actors() {
        let Some(credentials) = world.app.credentials(actor) else { continue };
        let tx = database.write(&credentials).await.unwrap();
        let rows = tx.find::<client::Entity>().all().await.unwrap();
        let expected: BTreeSet<_> = rows.into_iter().map(|row| row.id).collect();
        // Members enqueue jobs, but cannot see them.
        let Enqueued::Added(id) = tx.enqueue_job(&Unique(name.to_owned())).await.unwrap() else { panic!("{name}") };
        assert_eq!(tx.find::<job::Entity>().count().await.unwrap(), 0);
        assert_eq!(tx.find::<job_detail::Entity>().count().await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(finished(database, id).await, State::Done, "{name}");
        assert_eq!(seen.lock().unwrap().pop().unwrap(), (name.to_owned(), expected.clone()));
        all.insert(expected);
    }
    assert!(all.len() > 2, "they see different clients");

    // What a session that lacks a scope causes lacks it, too.
    let limited = world.app.limited(&world.operator, Scopes::ALL.without(Scope::ClientsRead)).await;
    let tx = database.write(&world.app.credentials(&limited).unwrap()).await.unwrap();
    let Enqueued::Added(id) = tx.enqueue_job(&Unique("limited".to_owned())).await.unwrap() else { panic!() };
    tx.commit().await.unwrap();
    assert_eq!(finished(database, id).await, State::Done);
    assert_eq!(seen.lock().unwrap().pop().unwrap(), ("limited".to_owned(), BTreeSet::new()));

    handle.shutdown(Duration::from_secs(1)).await;

    // The operator is suspended before the job runs.
    let tx = database.write(&world.app.credentials(&world.operator).unwrap()).await.unwrap();
    let Enqueued::Added(id) = tx.enqueue_job(&Unique("suspended".to_owned())).await.unwrap() else { panic!() };
    let user = tx.member().unwrap().user;
    tx.commit().await.unwrap();
    let tx = database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    dossier_domain::member::suspend_person(&tx, user).await.unwrap();
    tx.commit().await.unwrap();
    let registry = Registry::default().with(&(database.clone(), seen.clone()), look);
    let handle = Runner::new(database.clone(), registry, support::settings(), Uuid::now_v7()).start();
    let error = loop {
        let tx = database.begin_read(QueueViewer::System(world.organization)).await.unwrap();
        if let Some(error) = job_detail::Entity::find_by_id(id).one(&tx).await.unwrap().unwrap().error {
            break error;
        }
        drop(tx);
        sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(error, "The membership or its organization is suspended.");
    assert!(seen.lock().unwrap().is_empty());
    handle.shutdown(Duration::from_secs(1)).await;
}
