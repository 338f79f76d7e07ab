//! `dossier jobs`, and the metrics of jobs.

use super::{
    kinds::{Numbered, Unique},
    support::TestQueue,
};
use crate::support::{
    Value,
    process::{command, run},
};
use dossier_jobs::{JobError, Registry};
use entities::job::State;
use std::time::Duration;
use uuid::Uuid;

fn lines(queue: &TestQueue, arguments: &[&str]) -> Vec<Value> {
    let printed = run(queue.app.folder(), arguments);
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refused(queue: &TestQueue, arguments: &[&str]) -> String {
    let output = command(queue.app.folder()).args(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_jobs_are_listed_retried_and_discarded() {
    let queue = TestQueue::new(2).await;
    queue.app.write_configuration();
    let registry = Registry::default().with(&(), |(), job: Numbered, _| async move {
        if job.number == 0 { Err(JobError::permanent("The store said no")) } else { Ok(()) }
    });
    let handle = queue.runner(registry).start();
    let (dead, done) = (queue.add(&Numbered { number: 0 }).await, queue.add(&Numbered { number: 1 }).await);
    let queued = queue.add(&Unique("a".to_owned())).await;
    queue.until_state(dead, State::Dead).await;
    queue.until_state(done, State::Done).await;
    handle.shutdown(Duration::from_secs(1)).await;

    let listed = lines(&queue, &["jobs", "list", "--state", "dead"]);
    assert_eq!(listed.len(), 1, "{listed:#?}");
    let job = &listed[0];
    assert_eq!(
        (&job["id"], &job["state"], &job["kind"]),
        (&dead.to_string().into(), &"DEAD".into(), &"test.numbered".into())
    );
    assert_eq!((&job["organization"], &job["error"]), (&"agency-0".into(), &"The store said no".into()));
    assert_eq!((&job["attempts"], &job["maxAttempts"]), (&1.into(), &3.into()));
    assert!(job["payload"].is_null() && job["finishedAt"].is_string());
    let of_kind = lines(&queue, &["jobs", "list", "--kind", "test.numbered", "--organization", "agency-0"]);
    let ids: Vec<_> = of_kind.iter().map(|job| job["id"].as_str().unwrap().parse::<Uuid>().unwrap()).collect();
    assert_eq!(ids, [done, dead], "newest first");
    let limited = ["jobs", "list", "--kind", "test.numbered", "--limit", "1"];
    assert_eq!(lines(&queue, &limited).len(), 1);
    assert!(lines(&queue, &["jobs", "list", "--kind", "test.unique", "--organization", "agency-1"]).is_empty());

    let metrics = queue.app.parts.metrics.read_and_render().await.unwrap();
    for line in [
        r#"dossier_jobs{kind="test.numbered",state="dead"} 1"#,
        r#"dossier_jobs{kind="test.unique",state="queued"} 1"#,
        r#"dossier_job_oldest_seconds{kind="test.unique"} "#,
        r#"dossier_job_attempts_total{kind="events.clear",outcome="dead"} 0"#,
    ] {
        assert!(metrics.lines().any(|other| other.starts_with(line)), "{line} is not in\n{metrics}");
    }

    let id = dead.to_string();
    assert_eq!(lines(&queue, &["jobs", "retry", &id])[0]["state"], "QUEUED");
    assert_eq!((queue.job(dead).await.state, queue.job(dead).await.attempts), (State::Queued, 0));
    let both = lines(&queue, &["jobs", "discard", &id, &queued.to_string()]);
    assert_eq!(both.iter().filter(|line| line["state"] == "CANCELLED").count(), 2);
    assert_eq!(queue.job(queued).await.state, State::Cancelled);
    // Another job has taken its key since it was discarded.
    queue.add(&Unique("a".to_owned())).await;
    assert!(refused(&queue, &["jobs", "retry", &queued.to_string()]).contains("the same unique key"));
    assert!(refused(&queue, &["jobs", "retry", &done.to_string()]).contains("is done"));
    assert!(refused(&queue, &["jobs", "discard", &done.to_string()]).contains("is finished"));
    let nobodys = Uuid::now_v7().to_string();
    assert!(refused(&queue, &["jobs", "discard", &nobodys]).contains("there is no job"));
    assert!(refused(&queue, &["jobs", "list", "--organization", "nowhere"]).contains("no organization has the slug"));
}
