//! Enqueueing recurring work, once among all processes.
//!
//! Whoever enqueues an occurrence notes it in the organization's row of the schedule in the same transaction. The row is
//! locked meanwhile, so another process finds the occurrence noted.

use super::{Missed, Occurrence, Recurring, Schedules};
use crate::{
    Enqueued, Error, OrganizationZone, QueueDatabase, QueueTransaction, QueueViewer, Wakeup,
    queue::{Sql, database_time},
    text::describe,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

/// How often the list of organizations is read.
const REFRESH: Duration = Duration::from_mins(1);

/// When an organization is tried again whose schedule could not be advanced.
const RETRY: Duration = Duration::from_secs(30);

/// How late an occurrence may be enqueued that is not made up when it is missed.
const LATE: TimeDelta = TimeDelta::minutes(15);

/// Enqueues recurring work.
pub(crate) struct Scheduler<D> {
    pub(crate) database: D,
    pub(crate) schedules: Schedules,
    pub(crate) wakeup: Wakeup,
}

/// What a process remembers of an organization.
struct Known {
    zone: OrganizationZone,
    /// When its schedule is to be looked at again.
    due: Instant,
}

#[derive(FromQueryResult)]
struct Row {
    name: String,
    last_occurrence_at: DateTime<Utc>,
}

impl<D: QueueDatabase> Scheduler<D> {
    /// Runs forever.
    pub(crate) async fn run(self) {
        let mut known = HashMap::new();
        let mut refresh = Instant::now();
        loop {
            if refresh <= Instant::now() {
                refresh = Instant::now() + REFRESH;
                match self.database.organizations().await {
                    Ok(organizations) => update(&mut known, organizations),
                    Err(error) => {
                        let error = describe(&error);
                        tracing::warn!(error, "the organizations could not be listed; the scheduler tries again later");
                    }
                }
            }
            for known in known.values_mut().filter(|known| known.due <= Instant::now()) {
                known.due = Instant::now() + self.advance_or_warn(known.zone).await;
            }
            sleep_until(known.values().map(|known| known.due).min().unwrap_or(refresh).min(refresh)).await;
        }
    }

    async fn advance_or_warn(&self, zone: OrganizationZone) -> Duration {
        self.advance(zone).await.unwrap_or_else(|error| {
            let (organization, error) = (zone.id, describe(&error));
            tracing::warn!(%organization, error, "a schedule could not be advanced; the scheduler tries again later");
            RETRY
        })
    }

    /// Enqueues what is due in an organization. Returns how long nothing else is.
    pub(crate) async fn advance(&self, zone: OrganizationZone) -> Result<Duration, Error> {
        let tx = self.database.begin_write(QueueViewer::System(zone.id)).await?;
        let rows = lock_rows(&tx, zone.id).await?;
        let now = database_time(&tx, tx.now()).await?;
        let mut added = false;
        let mut next = None;
        for recurring in &self.schedules.0 {
            match rows.get(recurring.name) {
                Some(last) => added |= advance_one(&tx, recurring, zone, *last, now).await?,
                None => begin(&tx, recurring, zone.id, now).await?,
            }
            let following = recurring.every.next(zone.time_zone, zone.id, now);
            next = [next, following].into_iter().flatten().min();
        }
        tx.commit().await?;
        if added {
            self.wakeup.wake();
        }
        let pause = next.and_then(|next| (next - now).to_std().ok());
        Ok(pause.unwrap_or(REFRESH))
    }
}

/// Keeps what is known of organizations that are still listed in the same time zone.
fn update(known: &mut HashMap<Uuid, Known>, organizations: Vec<OrganizationZone>) {
    let mut before = std::mem::take(known);
    for zone in organizations {
        let due =
            before.remove(&zone.id).filter(|known| known.zone == zone).map_or_else(Instant::now, |known| known.due);
        known.insert(zone.id, Known { zone, due });
    }
}

/// Reads how far the schedules of an organization have come, and keeps others from advancing them.
async fn lock_rows(tx: &impl QueueTransaction, organization: Uuid) -> Result<HashMap<String, DateTime<Utc>>, Error> {
    let mut sql = Sql::new(tx, tx.now());
    let (organization, for_update) = (sql.bind(organization), sql.for_update());
    let statement = sql.statement(format!(
        "SELECT name, last_occurrence_at FROM schedule WHERE organization_id = {organization} ORDER BY name {for_update}"
    ));
    let rows = Row::find_by_statement(statement).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.last_occurrence_at)).collect())
}

/// Begins with the first occurrence after now.
async fn begin(
    tx: &impl ConnectionTrait,
    recurring: &Recurring,
    organization: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut sql = Sql::new(tx, now);
    let (organization, name, now) = (sql.bind(organization), sql.bind(recurring.name), sql.bind(now));
    let statement = sql.statement(format!(
        "INSERT INTO schedule (organization_id, name, last_occurrence_at) VALUES ({organization}, {name}, {now}) \
         ON CONFLICT DO NOTHING"
    ));
    tx.execute_raw(statement).await?;
    Ok(())
}

/// Enqueues the last occurrence, if it is new. Returns whether a job was added.
async fn advance_one(
    tx: &impl QueueTransaction,
    recurring: &Recurring,
    zone: OrganizationZone,
    last: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let latest = recurring.every.latest(zone.time_zone, zone.id, now);
    let Some(at) = latest.filter(|latest| *latest > last) else { return Ok(false) };
    let skipped = recurring.missed == Missed::Skip && now - at > LATE;
    let added = if skipped {
        false
    } else {
        let job = recurring.job(Occurrence { organization: zone.id, at })?;
        matches!(job.enqueue(tx, tx.now()).await?, Enqueued::Added(_))
    };
    let mut sql = Sql::new(tx, tx.now());
    let (at, organization, name) = (sql.bind(at), sql.bind(zone.id), sql.bind(recurring.name));
    let statement = sql.statement(format!(
        "UPDATE schedule SET last_occurrence_at = {at} WHERE organization_id = {organization} AND name = {name}"
    ));
    tx.execute_raw(statement).await?;
    Ok(added)
}
