//! Claiming due jobs under a lease.
//!
//! One claim at a time, over all processes: a lock of the transaction on `PostgreSQL`, the write lock on `SQLite`. Only
//! so can limits hold that count the jobs of all processes. A claim takes milliseconds, and up to as many jobs as the
//! process has free workers.

use super::{
    Lease, Sql,
    choose::{Candidate, Capacity, Group, Running, choose, limits},
};
use crate::Error;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};
use uuid::Uuid;

/// The lock that claims of all processes wait for.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('dossier jobs claim'))";

/// Up to so many due jobs of a priority are considered one by one. With more, the first jobs of so many groups are
/// considered, too: a group is what is queued of one organization and kind. No organization waits behind the many jobs
/// of another.
const CONSIDERED: usize = 32;

/// With which group of each priority the next claim goes on, where there are too many to consider.
#[derive(Debug, Default)]
pub(crate) struct Rotation(HashMap<i16, Group>);

/// A job that this process runs from now on.
#[derive(Clone, Debug)]
pub(crate) struct ClaimedJob {
    pub(crate) lease: Lease,
    pub(crate) kind: String,
    /// Which attempt begins; the first is 1.
    pub(crate) attempt: u32,
    pub(crate) max_attempts: u32,
    pub(crate) cancel_requested: bool,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    organization_id: Uuid,
    kind: String,
    run_at: DateTime<Utc>,
}

#[derive(Debug, FromQueryResult)]
struct RunningRow {
    id: Uuid,
    organization_id: Uuid,
    kind: String,
    priority: i16,
    run_at: DateTime<Utc>,
    expired: bool,
}

#[derive(Debug, FromQueryResult)]
struct GroupRow {
    organization_id: Uuid,
    kind: String,
}

#[derive(Debug, FromQueryResult)]
struct Priority {
    priority: i16,
}

#[derive(Debug, FromQueryResult)]
struct ClaimedRow {
    id: Uuid,
    organization_id: Uuid,
    kind: String,
    attempts: i32,
    max_attempts: i32,
    lease_number: i64,
    cancel_requested: bool,
}

/// The first queued job of each priority: each is found by a step of its own in the index.
const PRIORITIES: &str = "WITH RECURSIVE heads(id) AS ( \
        SELECT (SELECT id FROM job WHERE state = 'QUEUED' ORDER BY priority, run_at, id LIMIT 1) \
        UNION ALL \
        SELECT (SELECT job.id FROM job WHERE job.state = 'QUEUED' AND job.priority > head.priority \
            ORDER BY job.priority, job.run_at, job.id LIMIT 1) \
        FROM heads JOIN job head ON head.id = heads.id)";

/// Returns whether a claim may find something. It waits for no lock.
pub(crate) async fn is_due(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, Error> {
    let mut sql = Sql::new(tx, now);
    let time = sql.now();
    let statement = sql.statement(format!(
        "{PRIORITIES} SELECT 1 AS due WHERE \
         EXISTS (SELECT 1 FROM heads JOIN job ON job.id = heads.id WHERE job.run_at <= {time}) \
         OR EXISTS (SELECT 1 FROM job WHERE state = 'RUNNING' AND leased_until <= {time})"
    ));
    Ok(tx.query_one_raw(statement).await?.is_some())
}

/// Claims due jobs, and jobs whose lease has expired, for this worker.
pub(crate) async fn claim(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    worker: Uuid,
    lease: Duration,
    mut capacity: Capacity,
    rotation: &mut Rotation,
) -> Result<Vec<ClaimedJob>, Error> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_raw(Sql::new(tx, now).statement(LOCK)).await?;
    }
    let (mut running, mut by_priority) = running(tx, now).await?;
    for priority in due_priorities(tx, now).await? {
        by_priority.entry(priority).or_default();
    }
    let mut chosen = Vec::new();
    for (priority, mut candidates) in by_priority.into_iter().rev() {
        if capacity.jobs == 0 {
            break;
        }
        let due = first_due(tx, now, priority).await?;
        if due.len() > CONSIDERED {
            let groups = groups(tx, now, priority, rotation).await?;
            let limits = limits(&groups, &running, &capacity);
            candidates.extend(jobs_of(tx, now, priority, groups.iter().zip(limits)).await?);
        }
        candidates.extend(due);
        let mut seen = HashSet::new();
        candidates.retain(|candidate| seen.insert(candidate.job));
        chosen.extend(choose(candidates, &mut running, &mut capacity));
    }
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    take(tx, now, worker, lease, chosen.into_iter().map(|candidate| candidate.job)).await
}

/// Counts the jobs that are running. Those whose lease has expired are candidates instead, by priority.
async fn running(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<(Running, BTreeMap<i16, Vec<Candidate>>), Error> {
    let mut sql = Sql::new(tx, now);
    let time = sql.now();
    let statement = sql.statement(format!(
        "SELECT id, organization_id, kind, priority, run_at, leased_until <= {time} AS expired \
         FROM job WHERE state = 'RUNNING'"
    ));
    let (mut running, mut expired) = (Running::default(), BTreeMap::<_, Vec<_>>::new());
    for row in RunningRow::find_by_statement(statement).all(tx).await? {
        if row.expired {
            let RunningRow { id, organization_id, kind, priority, run_at, .. } = row;
            expired.entry(priority).or_default().push(Row { id, organization_id, kind, run_at }.candidate());
        } else {
            running.add(&row.kind, row.organization_id);
        }
    }
    Ok((running, expired))
}

/// The priorities at which jobs are due.
async fn due_priorities(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<i16>, Error> {
    let mut sql = Sql::new(tx, now);
    let time = sql.now();
    let statement = sql.statement(format!(
        "{PRIORITIES} SELECT job.priority FROM heads JOIN job ON job.id = heads.id WHERE job.run_at <= {time}"
    ));
    Ok(Priority::find_by_statement(statement).all(tx).await?.into_iter().map(|row| row.priority).collect())
}

/// The jobs of a priority that have been due for longest, one more than are considered.
async fn first_due(tx: &impl ConnectionTrait, now: DateTime<Utc>, priority: i16) -> Result<Vec<Candidate>, Error> {
    let mut sql = Sql::new(tx, now);
    let (time, priority) = (sql.now(), sql.bind(priority));
    let statement = sql.statement(format!(
        "SELECT id, organization_id, kind, run_at FROM job \
         WHERE state = 'QUEUED' AND priority = {priority} AND run_at <= {time} ORDER BY run_at, id LIMIT {}",
        CONSIDERED + 1
    ));
    Ok(Row::find_by_statement(statement).all(tx).await?.into_iter().map(Row::candidate).collect())
}

/// The next groups of a priority. After the last one, the first follow in the next claim.
async fn groups(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    priority: i16,
    rotation: &mut Rotation,
) -> Result<Vec<Group>, Error> {
    let last = rotation.0.remove(&priority);
    let mut groups = groups_after(tx, now, priority, last.as_ref()).await?;
    if groups.is_empty() && last.is_some() {
        groups = groups_after(tx, now, priority, None).await?;
    }
    if let Some(last) = groups.last().filter(|_| groups.len() == CONSIDERED) {
        rotation.0.insert(priority, last.clone());
    }
    Ok(groups)
}

/// Each group is found by a step of its own in the index, whatever the number of jobs.
async fn groups_after(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    priority: i16,
    last: Option<&Group>,
) -> Result<Vec<Group>, Error> {
    let mut sql = Sql::new(tx, now);
    let priority = sql.bind(priority);
    let queued = format!("SELECT job.id FROM job WHERE job.state = 'QUEUED' AND job.priority = {priority}");
    let in_order = "ORDER BY job.organization_id, job.kind, job.run_at, job.id LIMIT 1";
    // Two steps rather than a comparison of rows, for which SQLite would go through all jobs of the organization.
    let next = |organization: &str, kind: &str| {
        format!(
            "coalesce( \
                ({queued} AND job.organization_id = {organization} AND job.kind > {kind} {in_order}), \
                ({queued} AND job.organization_id > {organization} {in_order}))"
        )
    };
    let first = match last {
        Some(last) => next(&sql.bind(last.organization), &sql.bind(last.kind.clone())),
        None => format!("({queued} {in_order})"),
    };
    let following = next("head.organization_id", "head.kind");
    let statement = sql.statement(format!(
        "WITH RECURSIVE heads(id, step) AS ( \
            SELECT {first}, 1 \
            UNION ALL \
            SELECT {following}, step + 1 FROM heads JOIN job head ON head.id = heads.id WHERE step < {CONSIDERED}) \
         SELECT job.organization_id, job.kind FROM heads JOIN job ON job.id = heads.id ORDER BY step"
    ));
    let rows = GroupRow::find_by_statement(statement).all(tx).await?;
    Ok(rows.into_iter().map(|row| Group { organization: row.organization_id, kind: row.kind }).collect())
}

/// The first due jobs of these groups, of each up to its limit.
async fn jobs_of(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    priority: i16,
    groups: impl Iterator<Item = (&Group, usize)>,
) -> Result<Vec<Candidate>, Error> {
    let mut sql = Sql::new(tx, now);
    let (time, priority) = (sql.now(), sql.bind(priority));
    let mut of_groups = Vec::new();
    for (group, limit) in groups.filter(|(_, limit)| *limit > 0) {
        let (organization, kind) = (sql.bind(group.organization), sql.bind(group.kind.clone()));
        of_groups.push(format!(
            "SELECT * FROM (SELECT id, organization_id, kind, run_at FROM job WHERE state = 'QUEUED' \
             AND priority = {priority} AND organization_id = {organization} AND kind = {kind} AND run_at <= {time} \
             ORDER BY run_at, id LIMIT {limit}) AS of_group"
        ));
    }
    if of_groups.is_empty() {
        return Ok(Vec::new());
    }
    let statement = sql.statement(of_groups.join(" UNION ALL "));
    Ok(Row::find_by_statement(statement).all(tx).await?.into_iter().map(Row::candidate).collect())
}

/// Leases these jobs, as far as nobody has changed them meanwhile.
async fn take(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    worker: Uuid,
    lease: Duration,
    jobs: impl Iterator<Item = Uuid>,
) -> Result<Vec<ClaimedJob>, Error> {
    let mut sql = Sql::new(tx, now);
    let (time, until) = (sql.now(), sql.after(lease)?);
    let (worker, jobs, skip_locked) = (sql.bind(worker), sql.bind_all(jobs), sql.skip_locked());
    let statement = sql.statement(format!(
        "UPDATE job SET state = 'RUNNING', attempts = attempts + 1, lease_number = lease_number + 1, \
         leased_by = {worker}, leased_until = {until}, started_at = {time} \
         WHERE id IN (SELECT id FROM job WHERE id IN ({jobs}) \
            AND (state = 'QUEUED' OR state = 'RUNNING' AND leased_until <= {time}) {skip_locked}) \
         RETURNING id, organization_id, kind, attempts, max_attempts, lease_number, cancel_requested"
    ));
    Ok(ClaimedRow::find_by_statement(statement).all(tx).await?.into_iter().map(ClaimedRow::job).collect())
}

impl Row {
    fn candidate(self) -> Candidate {
        let Self { id, organization_id, kind, run_at } = self;
        Candidate { job: id, organization: organization_id, kind, run_at }
    }
}

impl ClaimedRow {
    fn job(self) -> ClaimedJob {
        ClaimedJob {
            lease: Lease { job: self.id, organization: self.organization_id, number: self.lease_number },
            kind: self.kind,
            attempt: u32::try_from(self.attempts).unwrap_or_default(),
            max_attempts: u32::try_from(self.max_attempts).unwrap_or_default(),
            cancel_requested: self.cancel_requested,
        }
    }
}
