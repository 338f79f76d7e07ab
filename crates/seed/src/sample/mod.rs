//! The sample: a small agency to explore after the first start. People create it through the domain, so that its
//! events, numbers and totals are consistent.

mod billing;
mod builder;
mod clock;
mod dossiers;
mod files;
mod people;

pub use people::SignIn;

use dossier_core::error::BoxError;
use dossier_data::{Database, Notifier, SessionSettings, Source};
use dossier_storage::Objects;

/// Fills an empty database with the sample, and returns the people who can sign in.
pub async fn fill(source: Source, settings: SessionSettings, objects: &Objects) -> Result<Vec<SignIn>, BoxError> {
    let clock = clock::SampleClock::default();
    let database = Database::new(source, settings, clock.clock(), Silent);
    let people = people::create(&database, &clock).await?;
    let builder = builder::SampleBuilder { database: &database, objects, clock: &clock, people: &people };
    let clients = dossiers::open(&builder).await?;
    billing::bill(&builder, &clients).await?;
    people.end_sessions(&database).await?;
    Ok(people.sign_ins())
}

/// Wakes nobody, because nobody reads the database before the sample is complete.
struct Silent;

impl Notifier for Silent {
    fn wake(&self, _: uuid::Uuid) {}
}
