//! `dossier seed`: generates agencies with their dossiers, at any size, for development and measurements. The same
//! flags give the same rows. The rows look as if people had used the domain's functions. They are written without
//! these, because they insert one row at a time.
//!
//! An agency is generated in parts of several dossiers, one part after the other in time. Events and numbers are
//! therefore in order, and memory is bounded for any size.

mod billing;
mod conversation;
mod document;
mod invoice;
mod people;
mod plan;
mod random;
mod rows;
mod story;
mod validation;
mod words;

pub use plan::Plan;
pub use random::Random;

use argon2::{Argon2, password_hash::PasswordHasher};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::error::BoxError;
use entities::{membership::Role, organization};
use futures::{StreamExt, stream};
use indicatif::ProgressBar;
use people::{People, identity};
use rows::Rows;
use sea_orm::{ActiveEnum, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, TransactionTrait};
use std::pin::pin;
use story::Period;

/// A person who can sign in.
#[derive(Debug, serde::Serialize)]
pub struct Person<'a> {
    /// The address for sign-in.
    pub email: &'a str,
    /// The password. All people have the same, because hashing one for each would take longer than everything else.
    pub password: &'a str,
    /// The role.
    pub role: String,
    /// The organization's slug.
    pub organization: &'a str,
}

/// The time at which the agencies are created: 1 September 2024.
const BEGIN: DateTime<Utc> = match DateTime::from_timestamp(1_725_148_800, 0) {
    Some(time) => time,
    None => DateTime::UNIX_EPOCH,
};

/// The length of their history: two years, up to a fixed day, so that the same flags always give the same rows.
const LASTS: TimeDelta = TimeDelta::days(730);

/// The number of organizations that `PostgreSQL` writes at once. `SQLite` has one writer.
const ORGANIZATIONS_AT_ONCE: usize = 4;

/// A generated organization.
struct GeneratedOrganization {
    slug: String,
    people: Vec<(String, Role)>,
    rows: u64,
}

/// Generates all organizations and writes each in a transaction. Returns the number of rows. `introduce` is called for
/// each person who can sign in, after the commit.
pub async fn run(
    db: &DatabaseConnection,
    plan: &Plan,
    bar: &ProgressBar,
    mut introduce: impl FnMut(Person<'_>) -> Result<(), BoxError>,
) -> Result<u64, BoxError> {
    require_seeded(db, plan).await?;
    let (password, hash) = password(plan.seed)?;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let at_once = if postgres { ORGANIZATIONS_AT_ONCE } else { 1 };
    // The first organization is written alone, so that the database then has statistics of its tables.
    let first = stream::once(organization(db, plan, 1, &hash, bar));
    let others = stream::iter(2..=plan.organizations).map(|number| organization(db, plan, number, &hash, bar));
    let mut all = pin!(first.chain(others.buffered(at_once)));
    let mut written = 0;
    while let Some(generated) = all.next().await {
        let GeneratedOrganization { slug, people, rows } = generated?;
        written += rows;
        for (email, role) in &people {
            introduce(Person { email, password: &password, role: role.to_value(), organization: &slug })?;
        }
    }
    if postgres {
        db.execute_unprepared("ANALYZE").await?;
    }
    Ok(written)
}

async fn organization(
    db: &DatabaseConnection,
    plan: &Plan,
    number: u32,
    hash: &str,
    bar: &ProgressBar,
) -> Result<GeneratedOrganization, BoxError> {
    let mut random = Random::new(plan.seed, number.into());
    let mut rows = Rows::default();
    let people = People::create(plan, number, BEGIN, hash, &mut random, &mut rows);
    let tx = db.begin().await?;
    let part = plan.dossiers_in_memory();
    let parts = plan.clients.div_ceil(part).max(1);
    let lasts = (LASTS - TimeDelta::days(1)) / i32::try_from(parts)?;
    let mut written = 0;
    for index in 0..parts {
        let from = BEGIN + TimeDelta::days(1) + lasts * i32::try_from(index)?;
        let period = Period { from, until: from + lasts };
        let dossiers = (index * part)..plan.clients.min((index + 1) * part);
        let count = dossiers.len() as u64;
        for turn in dossiers {
            story::add_dossier(plan, &people, &mut random, &mut rows, turn, period);
        }
        rows.number(people.organization.id, &mut random);
        let earliest = number == 1 && index == 0;
        written += rows.write(&tx, bar, earliest && db.get_database_backend() == DbBackend::Postgres).await?;
        if earliest {
            let all = u64::from(plan.organizations) * u64::from(plan.clients);
            bar.set_length(written * all / count.max(1));
        }
    }
    written += rows.write_counters(people.organization.id, &tx, bar).await?;
    tx.commit().await?;
    Ok(GeneratedOrganization { slug: people.organization.slug, people: rows.people, rows: written })
}

/// Refuses a database with an organization that seeding did not create. Generated people have guessable passwords, and
/// unchecked rows must not be mixed with real ones.
async fn require_seeded(db: &DatabaseConnection, plan: &Plan) -> Result<(), BoxError> {
    #[expect(clippy::disallowed_methods, reason = "it looks at all organizations, on nobody's behalf")]
    let there = organization::Entity::find().all(db).await?;
    for row in there {
        let number = row.slug.strip_prefix(&format!("seed-{}-", plan.seed)).and_then(|rest| rest.parse::<u32>().ok());
        if number.is_some_and(|number| number <= plan.organizations) {
            let slug = row.slug;
            return Err(format!("the database holds `{slug}` already; give another --seed, or another database").into());
        }
        if !is_seeded(&row) {
            return Err(format!(
                "the database holds the organization `{}`, which `dossier seed` did not make. Everybody whom it makes \
                 has a password that follows from --seed; they are not put among others. Give a database of its own by \
                 DATABASE_URL",
                row.slug
            )
            .into());
        }
    }
    Ok(())
}

/// Returns whether seeding created the organization. Its slug then contains the seed, and its id follows from that.
fn is_seeded(row: &organization::Model) -> bool {
    let Some((seed, number)) = row.slug.strip_prefix("seed-").and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    let (Ok(seed), Ok(number)) = (seed.parse(), number.parse::<u32>()) else { return false };
    identity(seed, number, &mut Random::new(seed, number.into()), BEGIN) == (row.id, row.slug.clone())
}

/// Returns the common password and its hash, which is also the same for each run.
fn password(seed: u64) -> Result<(String, String), BoxError> {
    let mut random = Random::new(seed, 0);
    let password = format!("graine-{:016x}", random.draw());
    let salt = [random.draw().to_be_bytes(), random.draw().to_be_bytes()].concat();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    let hash: argon2::password_hash::phc::PasswordHash = hash.map_err(|error| error.to_string())?;
    Ok((password, hash.to_string()))
}
