//! Days are those of the organization's time zone: what is issued at midnight in Paris is not issued at ten in London.

use crate::{access::Unit, failure::Failure};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use entities::organization;

/// The day that it is somewhere.
pub fn day(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// The day that it is in the viewer's organization.
pub async fn today(unit: &Unit) -> Result<NaiveDate, Failure> {
    let zone = match unit.viewer.member() {
        Some(member) => member.time_zone,
        None => organization(unit).await?.time_zone.parse().map_err(Failure::internal)?,
    };
    Ok(day(unit.now, zone))
}

/// The viewer's organization.
pub async fn organization(unit: &Unit) -> Result<organization::Model, Failure> {
    let row = unit.get::<organization::Entity>(unit.organization()?).await?;
    row.ok_or_else(|| Failure::internal("a viewer's organization is not there"))
}

/// So many days later.
pub fn later(day: NaiveDate, days: u64) -> Result<NaiveDate, Failure> {
    day.checked_add_days(Days::new(days)).ok_or_else(|| Failure::internal("a day beyond the calendar"))
}
