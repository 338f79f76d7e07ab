//! Days in the organization's time zone. At midnight in Paris, an invoice gets another day than at the same moment in
//! London.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use dossier_core::error::Error;
use dossier_data::ReadTx;
use entities::organization;

/// Returns the day in this time zone.
pub fn day(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// Returns today's day in the viewer's organization.
pub async fn today(tx: &ReadTx) -> Result<NaiveDate, Error> {
    let zone = match tx.viewer.member() {
        Some(member) => member.time_zone,
        None => organization(tx).await?.time_zone.parse().map_err(Error::internal)?,
    };
    Ok(day(tx.now, zone))
}

/// Returns the viewer's organization.
pub async fn organization(tx: &ReadTx) -> Result<organization::Model, Error> {
    let row = tx.get::<organization::Entity>(tx.organization()?).await?;
    row.ok_or_else(|| Error::internal("a viewer's organization is not there"))
}

/// Returns the day this many days later.
pub fn later(day: NaiveDate, days: u64) -> Result<NaiveDate, Error> {
    day.checked_add_days(Days::new(days)).ok_or_else(|| Error::internal("a day beyond the calendar"))
}
