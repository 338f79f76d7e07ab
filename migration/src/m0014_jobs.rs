//! Jobs, which are work that outlives the request that caused it, and the progress of recurring jobs.
//!
//! The content of a job is in a table of its own, because workers lease the jobs of all organizations and must not see
//! their content.

use crate::prelude::*;
use sea_orm_migration::schema::{big_integer_null, small_integer};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(job(manager)).await?;
        for (name, columns, condition) in INDEXES {
            let sql = format!("CREATE {name} ON job ({columns}) WHERE {condition}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        manager.create_table(job_detail()).await?;
        create_indexes(manager, "job_detail", &[&["organization_id", "caused_by"]]).await?;
        manager.create_table(schedule(manager)).await?;
        create_indexes(manager, "session", &[EXPIRY]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_indexes(manager, "session", &[EXPIRY]).await?;
        drop_tables(manager, &["schedule", "job_detail", "job"]).await
    }
}

/// A job deletes the expired sessions of each organization.
const EXPIRY: &[&str] = &["organization_id", "expires_at"];

fn job(manager: &SchemaManager<'_>) -> TableCreateStatement {
    organization_table("job")
        .col(sort_key(manager, "kind"))
        .col(text_null("unique_key"))
        .col(small_integer("priority"))
        .col(string_len("state", 24))
        .col(timestamp_with_time_zone("run_at"))
        .col(integer("attempts"))
        .col(integer("max_attempts"))
        .col(big_integer("lease_number"))
        .col(uuid_null("leased_by"))
        .col(timestamp_with_time_zone_null("leased_until"))
        .col(boolean("cancel_requested"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("started_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .index(&mut unique(&["organization_id", "id"]))
        .check(one_of("state", &["QUEUED", "RUNNING", "DONE", "DEAD", "CANCELLED"]))
        .check(rule("leased_while_running", "(state = 'RUNNING') = (leased_by IS NOT NULL)"))
        .check(rule("leased_until_a_time", "(leased_by IS NULL) = (leased_until IS NULL)"))
        .check(rule("finished_at_a_time", "(state IN ('DONE', 'DEAD', 'CANCELLED')) = (finished_at IS NOT NULL)"))
        .check(rule("attempts_not_negative", "attempts >= 0 AND max_attempts > 0"))
        .take()
}

/// The beginning of the statement, the columns, and the condition. An index that a claim reads contains no finished
/// jobs.
const INDEXES: [(&str, &str, &str); 6] = [
    ("UNIQUE INDEX job_unique_key_idx", "organization_id, kind, unique_key", "state IN ('QUEUED', 'RUNNING')"),
    ("INDEX job_priority_idx", "priority, run_at, id", "state = 'QUEUED'"),
    ("INDEX job_group_idx", "priority, organization_id, kind, run_at, id", "state = 'QUEUED'"),
    ("INDEX job_running_idx", "leased_until", "state = 'RUNNING'"),
    ("INDEX job_dead_idx", "kind", "state = 'DEAD'"),
    ("INDEX job_finished_idx", "organization_id, finished_at", "finished_at IS NOT NULL"),
];

fn job_detail() -> TableCreateStatement {
    table("job_detail")
        .col(pk_uuid("job_id"))
        .col(uuid("organization_id"))
        .col(text("payload"))
        .col(uuid_null("caused_by"))
        .col(big_integer("progress_done"))
        .col(big_integer_null("progress_total"))
        .col(text_null("error"))
        .foreign_key(&mut to_organization())
        .foreign_key(&mut within_organization("job_id", "job"))
        .foreign_key(&mut within_organization("caused_by", "membership"))
        .check(rule("progress_not_negative", "progress_done >= 0 AND (progress_total IS NULL OR progress_total >= 0)"))
        .take()
}

fn schedule(manager: &SchemaManager<'_>) -> TableCreateStatement {
    table("schedule")
        .col(uuid("organization_id"))
        .col(sort_key(manager, "name"))
        .col(timestamp_with_time_zone("last_occurrence_at"))
        .primary_key(Index::create().col("organization_id").col("name"))
        .foreign_key(&mut to_organization())
        .take()
}
