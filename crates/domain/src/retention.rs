//! Legal holds of dossiers and retention of zones stop a purge.

use super::calendar;
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::error::{Error, UserError};
use dossier_data::{Arguments, Columns, Order, ReadTx, Slice};
use entities::{
    client,
    document::{Model, Status, Zone},
    document_version::{Column, Entity},
    organization,
};
use sea_orm::{ActiveEnum, ColumnTrait, Iterable};
use std::ops::RangeInclusive;

/// The numbers of days for which documents can be retained: up to 100 years.
const RETENTION_RANGE: RangeInclusive<i32> = 1..=36_525;

/// The time in which documents of a zone cannot be purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneRetention {
    /// The zone.
    pub zone: Zone,
    /// The number of days, counted from the upload.
    pub days: i32,
}

/// Returns the retention of all zones that have one.
pub fn zone_retention(organization: &organization::Model) -> Vec<ZoneRetention> {
    let parse = |text: &str| {
        let (zone, days) = text.split_once(':')?;
        Some(ZoneRetention { zone: Zone::try_from_value(&zone.to_owned()).ok()?, days: days.parse().ok()? })
    };
    organization.zone_retention.as_deref().unwrap_or_default().split(' ').filter_map(parse).collect()
}

/// Returns the text that stores the retention, in the order of the zones.
pub(super) fn format_zone_retention(retention: &[ZoneRetention]) -> Result<Option<String>, UserError> {
    let mut parts = Vec::new();
    for zone in Zone::iter() {
        match retention.iter().filter(|one| one.zone == zone).collect::<Vec<_>>().as_slice() {
            [] => {}
            [one] if RETENTION_RANGE.contains(&one.days) => parts.push(format!("{}:{}", zone.to_value(), one.days)),
            [_] => {
                let message = format!("must be {} to {} days", RETENTION_RANGE.start(), RETENTION_RANGE.end());
                return Err(UserError::invalid("zone_retention", message));
            }
            _ => return Err(UserError::invalid("zone_retention", "must have each zone once")),
        }
    }
    Ok((!parts.is_empty()).then(|| parts.join(" ")))
}

/// Returns the reason why a document must not be purged now, in words for a person.
pub async fn purge_obstacle(tx: &ReadTx, document: &Model) -> Result<Option<String>, Error> {
    let mut columns = Columns::NONE;
    columns.add([client::Column::Id, client::Column::HeldAt, client::Column::HoldReason]);
    match tx.get_columns::<client::Entity>(document.client_id, columns).await? {
        Some(dossier) => obstacle_within(tx, document, &dossier).await,
        None => Err(Error::internal("a document is seen whose dossier is not")),
    }
}

/// The same, for a dossier that is read already. A caller who purges has locked it, so that nobody sets a hold meanwhile.
pub(super) async fn obstacle_within(
    tx: &ReadTx,
    document: &Model,
    dossier: &client::Model,
) -> Result<Option<String>, Error> {
    if dossier.held_at.is_some() {
        let reason = dossier.hold_reason.as_deref().unwrap_or_default();
        return Ok(Some(format!("The dossier is under a legal hold: {reason}")));
    }
    let retention = zone_retention(&calendar::organization(tx).await?);
    let Some(ZoneRetention { zone, days }) = retention.into_iter().find(|one| one.zone == document.zone) else {
        return Ok(None);
    };
    let Some(uploaded_at) = newest_upload(tx, document).await? else { return Ok(None) };
    let until = uploaded_at + TimeDelta::days(days.into());
    let message = || {
        let (zone, until) = (zone.to_value(), until.format("%Y-%m-%d %H:%M UTC"));
        format!("Documents in {zone} are retained for {days} days after their upload, this one until {until}.")
    };
    Ok((tx.now < until).then(message))
}

/// Returns when the upload of the newest complete version was requested. One statement reads those of many documents.
async fn newest_upload(tx: &ReadTx, document: &Model) -> Result<Option<DateTime<Utc>>, Error> {
    let uploads = tx.find_whole::<Entity>()?.filter(Column::Status.eq(Status::Ready));
    let uploads = uploads.filter(Column::RestoredFrom.is_null());
    let order = Order { column: Some(Column::Number), id: Column::Id, descending: true };
    let slice = Slice::new(order, Arguments { first: Some(1), ..Arguments::default() })?;
    let page = uploads.page_of(Column::DocumentId, document.id, slice).await?;
    Ok(page.rows.first().map(|version| version.created_at))
}
