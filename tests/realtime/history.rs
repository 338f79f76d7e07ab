//! The true history: the outbox, read with SQL at the end, and samples of its length over time.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, QueryResult, Statement};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A row of the outbox.
#[derive(Clone, Debug)]
pub struct Row {
    pub number: i64,
    pub client: Uuid,
    pub kind: String,
    /// The kind of the subject.
    pub about: String,
    pub subject: Uuid,
    pub actor: Option<Uuid>,
    pub actor_name: String,
    pub occurred_at: DateTime<Utc>,
    pub before: Option<Side>,
    pub after: Option<Side>,
}

/// The properties of the subject on one side of the event.
#[derive(Clone, Debug, Default)]
pub struct Side {
    pub site: Option<Uuid>,
    pub zone: Option<String>,
    pub visible: Option<bool>,
    pub internal: Option<bool>,
    pub draft: Option<bool>,
}

/// The events of one organization. Row `n` has number `n + 1`.
#[derive(Clone, Default)]
pub struct Log {
    pub rows: Vec<Row>,
    /// The numbers of the events about a subject.
    by_subject: HashMap<Uuid, Vec<i64>>,
    /// The numbers of the events about this subject at that time.
    by_time: HashMap<(Uuid, DateTime<Utc>), Vec<i64>>,
    samples: Vec<Sample>,
}

/// The length of the outbox at some time between the query and its answer.
#[derive(Clone, Copy)]
pub struct Sample {
    pub asked: Instant,
    pub answered: Instant,
    pub last: i64,
}

impl Log {
    pub fn new(rows: Vec<Row>, samples: Vec<Sample>) -> Self {
        let mut log = Self { samples, ..Self::default() };
        for (row, number) in rows.iter().zip(1..) {
            assert_eq!(row.number, number, "the outbox has a gap");
            log.by_subject.entry(row.subject).or_default().push(number);
            log.by_time.entry((row.subject, row.occurred_at)).or_default().push(number);
        }
        log.rows = rows;
        log
    }

    pub fn last(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap()
    }

    pub fn row(&self, number: i64) -> &Row {
        &self.rows[usize::try_from(number - 1).unwrap()]
    }

    /// Returns the rows after a number.
    pub fn after(&self, number: i64) -> &[Row] {
        &self.rows[usize::try_from(number).unwrap().min(self.rows.len())..]
    }

    /// Returns the numbers of the events about this subject at that time.
    pub fn at(&self, subject: Uuid, time: DateTime<Utc>) -> &[i64] {
        self.by_time.get(&(subject, time)).map_or(&[], Vec::as_slice)
    }

    /// Returns the numbers of the events about a subject.
    pub fn about(&self, subject: Uuid) -> &[i64] {
        self.by_subject.get(&subject).map_or(&[], Vec::as_slice)
    }

    /// Returns the last event about a subject, up to this number.
    pub fn latest(&self, subject: Uuid, up_to: i64) -> Option<&Row> {
        let numbers = self.about(subject);
        let count = numbers.partition_point(|number| *number <= up_to);
        count.checked_sub(1).map(|last| self.row(numbers[last]))
    }

    /// Returns the number up to which all events were certainly committed.
    pub fn min_committed(&self, time: Instant) -> i64 {
        let count = self.samples.partition_point(|sample| sample.answered <= time);
        count.checked_sub(1).map_or(0, |last| self.samples[last].last)
    }

    /// Returns the number after which no event can have been committed.
    pub fn max_committed(&self, time: Instant) -> i64 {
        let before = self.samples.partition_point(|sample| sample.asked < time);
        self.samples.get(before).map_or(self.last(), |sample| sample.last).min(self.last())
    }

    /// Returns the last time at which an event was certainly not committed.
    pub fn not_before(&self, number: i64) -> Option<Instant> {
        let before = self.samples.partition_point(|sample| sample.last < number);
        before.checked_sub(1).map(|last| self.samples[last].asked)
    }
}

/// The samples of each organization.
type Samples = Arc<Mutex<HashMap<Uuid, Vec<Sample>>>>;

/// Samples the length of the outbox all the time.
pub struct Sampler {
    watching: tokio::task::JoinHandle<()>,
    samples: Samples,
}

impl Sampler {
    pub fn begin(db: DatabaseConnection) -> Self {
        let samples = Arc::new(Mutex::new(HashMap::new()));
        let watching = tokio::spawn(sample_all(db, samples.clone()));
        Self { watching, samples }
    }

    /// Returns the history so far.
    pub async fn read(&self, db: &DatabaseConnection) -> BTreeMap<Uuid, Log> {
        let mut rows = BTreeMap::<Uuid, Vec<Row>>::new();
        let all = "SELECT * FROM event ORDER BY organization_id, number";
        for found in query(db, all).await.unwrap() {
            rows.entry(found.try_get("", "organization_id").unwrap()).or_default().push(row(&found).unwrap());
        }
        let samples = self.samples.lock().unwrap();
        rows.into_iter().map(|(id, rows)| (id, Log::new(rows, samples.get(&id).cloned().unwrap_or_default()))).collect()
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

async fn sample_all(db: DatabaseConnection, samples: Samples) {
    loop {
        let asked = Instant::now();
        // The database is dropped at the end of the test.
        let Ok(found) = ends(&db).await else { return };
        add_samples(&mut samples.lock().unwrap(), asked, found);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn add_samples(samples: &mut HashMap<Uuid, Vec<Sample>>, asked: Instant, found: Vec<(Uuid, i64)>) {
    let answered = Instant::now();
    for (organization, last) in found {
        samples.entry(organization).or_default().push(Sample { asked, answered, last });
    }
}

/// Returns the number of the last event of each organization.
pub async fn ends(db: &DatabaseConnection) -> Result<Vec<(Uuid, i64)>, DbErr> {
    let rows = query(db, "SELECT organization_id, value FROM counter WHERE name = 'EVENT'").await?;
    rows.iter().map(|row| Ok((row.try_get("", "organization_id")?, row.try_get("", "value")?))).collect()
}

/// Connects as the owner of the tables, who is not subject to Row Level Security.
pub async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.unwrap()
}

pub async fn query(db: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await
}

fn row(found: &QueryResult) -> Result<Row, DbErr> {
    Ok(Row {
        number: found.try_get("", "number")?,
        client: found.try_get("", "client_id")?,
        kind: found.try_get("", "kind")?,
        about: found.try_get("", "subject_kind")?,
        subject: found.try_get("", "subject_id")?,
        actor: found.try_get("", "actor_id")?,
        actor_name: found.try_get("", "actor_name")?,
        occurred_at: found.try_get("", "occurred_at")?,
        before: side(found, "before")?,
        after: side(found, "after")?,
    })
}

fn side(found: &QueryResult, name: &str) -> Result<Option<Side>, DbErr> {
    if !found.try_get::<bool>("", &format!("{name}_present"))? {
        return Ok(None);
    }
    Ok(Some(Side {
        site: found.try_get("", &format!("{name}_site_id"))?,
        zone: found.try_get("", &format!("{name}_zone"))?,
        visible: found.try_get("", &format!("{name}_visible"))?,
        internal: found.try_get("", &format!("{name}_internal"))?,
        draft: found.try_get("", &format!("{name}_draft"))?,
    }))
}
