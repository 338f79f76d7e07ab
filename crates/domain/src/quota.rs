//! How much storage the documents of an organization may take, and how much of it open uploads may hold.
//!
//! An announced upload is a reservation: its bytes count from then on, until the store holds nothing of it and can
//! receive nothing more. Announcing costs a caller nothing; therefore reservations are bounded by shares of the storage
//! that is left, and no member and no dossier can take it from the others.

use super::{calendar, organization::storage_limit};
use dossier_core::error::{Error, UserError};
use dossier_data::{ReadTx, ScopedQuery, WriteTx};
use dossier_policy::versions_in_zone;
use entities::{
    counter,
    document::{Status, Zone},
    document_version::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

/// Counts the bytes that the store holds of the organization's documents, or may still receive. Triggers keep it, once
/// there is a number.
const STORED: &str = "STORED";

/// How many uploads of one member may be open.
pub const MAX_OPEN: usize = 100;

/// The open uploads of one member hold at most a quarter of the storage that is left.
const MEMBER_SHARE: i64 = 4;

/// The open uploads to one dossier hold at most half of the storage that is left.
const DOSSIER_SHARE: i64 = 2;

/// A share is at least 1 MiB, so that the last bytes can be used.
const LEAST_SHARE: i64 = 1 << 20;

/// Makes sure that an upload of this size to this dossier may be announced. Until the transaction ends, no other upload
/// of the organization can be.
pub async fn check(tx: &WriteTx, client: Uuid, size: i64) -> Result<(), Error> {
    let limit = storage_limit(&calendar::organization(tx).await?);
    let left = limit.saturating_sub(lock_stored(tx).await?);
    if size > left {
        return Err(UserError::conflict(
            "Too little storage is left for this file. Delete documents, cancel open uploads, or have the storage \
             limit raised.",
        )
        .into());
    }
    let Some(member) = tx.viewer.member() else { return Ok(()) };
    let theirs = Condition::any().add(Column::UploaderId.eq(member.user)).add(Column::ClientId.eq(client));
    let open =
        tx.find_whole::<Entity>()?.filter(Column::SweepAt.is_not_null()).filter(Column::Status.ne(Status::Ready));
    let open = open.filter(theirs).all().await?;
    let held = |which: &dyn Fn(&Model) -> bool| open.iter().filter(|row| which(row)).map(|row| row.size).sum();
    let own = |row: &Model| row.uploader_id == Some(member.user);
    if open.iter().filter(|row| own(row)).count() >= MAX_OPEN {
        let message = format!("You have {MAX_OPEN} open uploads. Complete or cancel some of them first.");
        return Err(UserError::conflict(message).into());
    }
    if exceeds(MEMBER_SHARE, left, held(&own), size) {
        return Err(UserError::conflict(
            "With this file, your open uploads would hold more than a quarter of the remaining storage. Complete or \
             cancel some of them, or have the storage limit raised.",
        )
        .into());
    }
    if exceeds(DOSSIER_SHARE, left, held(&|row| row.client_id == client), size) {
        return Err(UserError::conflict(
            "With this file, the open uploads to this dossier would hold more than half of the remaining storage. \
             Complete or cancel some of them, or have the storage limit raised.",
        )
        .into());
    }
    Ok(())
}

/// Whether so much more would be over the share. What is held already counts as left.
fn exceeds(share: i64, left: i64, held: i64, size: i64) -> bool {
    held.saturating_add(size) > (left.saturating_add(held) / share).max(LEAST_SHARE)
}

/// The bytes that count, locked until the transaction ends.
pub(super) async fn lock_stored(tx: &WriteTx) -> Result<i64, Error> {
    let find = || tx.find::<counter::Entity>().filter(counter::Column::Name.eq(STORED)).for_update();
    if let Some(stored) = find().one().await? {
        return Ok(stored.value);
    }
    // Others wait for this row; therefore nothing is announced and nothing released while the sum is read.
    tx.raise(STORED, 0).await?;
    let sum = used(tx, Holder::Organization(tx.organization()?), None).await?;
    tx.raise(STORED, sum).await?;
    Ok(sum)
}

/// Returns the number of bytes that count.
pub async fn stored(tx: &ReadTx) -> Result<i64, Error> {
    let counted = tx.find::<counter::Entity>().filter(counter::Column::Name.eq(STORED));
    let (organization, value) = (counter::Column::OrganizationId, vec![counter::Column::Value]);
    let counted = counted.sums_of(organization, tx.organization()?, Vec::new(), value).await?;
    match counted.iter().flat_map(|sum| &sum.of).next() {
        Some(stored) => Ok(*stored),
        None => used(tx, Holder::Organization(tx.organization()?), None).await,
    }
}

/// Whose bytes are counted.
#[derive(Clone, Copy, Debug)]
pub enum Holder {
    /// An organization.
    Organization(Uuid),
    /// A dossier.
    Dossier(Uuid),
}

/// Returns the number of bytes of a dossier, or of the organization, that count. All versions of a document belong to its
/// present zone. Discarded bytes count until they are gone from the store, and those in the trash until they are purged. An
/// object that several versions share counts once.
pub async fn used(tx: &ReadTx, holder: Holder, zone: Option<Zone>) -> Result<i64, Error> {
    let versions = tx.find_whole::<Entity>()?.filter(Column::ReleasedAt.is_null());
    let versions = versions.filter(Column::RestoredFrom.is_null());
    let versions = match zone {
        Some(zone) => versions.filter(versions_in_zone(tx.organization()?, zone)),
        None => versions,
    };
    sum(versions, holder).await
}

/// Returns the number of bytes that open uploads reserve, received or not.
pub async fn reserved(tx: &ReadTx, holder: Holder) -> Result<i64, Error> {
    // Only these wait for the sweep, which an index supports.
    let open = tx.find_whole::<Entity>()?.filter(Column::SweepAt.is_not_null()).filter(Column::DiscardedAt.is_null());
    sum(open.filter(Column::Status.ne(Status::Ready)), holder).await
}

async fn sum(versions: ScopedQuery<'_, Entity>, holder: Holder) -> Result<i64, Error> {
    let (column, id) = match holder {
        Holder::Organization(id) => (Column::OrganizationId, id),
        Holder::Dossier(id) => (Column::ClientId, id),
    };
    let sums = versions.sums_of(column, id, Vec::new(), vec![Column::Size]).await?;
    Ok(sums.iter().flat_map(|sum| &sum.of).sum())
}

#[cfg(test)]
mod tests {
    use super::{DOSSIER_SHARE, LEAST_SHARE, MEMBER_SHARE, exceeds};

    const GIB: i64 = 1 << 30;

    #[test]
    fn a_share_leaves_the_rest_to_others() {
        assert!(!exceeds(MEMBER_SHARE, 100 * GIB, 0, 25 * GIB));
        assert!(exceeds(MEMBER_SHARE, 100 * GIB, 0, 25 * GIB + 1));
        assert!(exceeds(MEMBER_SHARE, 75 * GIB, 25 * GIB, 1));
        assert!(!exceeds(DOSSIER_SHARE, 75 * GIB, 25 * GIB, 25 * GIB));
        assert!(exceeds(DOSSIER_SHARE, 50 * GIB, 50 * GIB, 1));
    }

    #[test]
    fn the_last_bytes_can_be_used() {
        assert!(!exceeds(MEMBER_SHARE, 10, 0, 10));
        assert!(!exceeds(MEMBER_SHARE, LEAST_SHARE, 0, LEAST_SHARE));
        assert!(exceeds(MEMBER_SHARE, LEAST_SHARE, LEAST_SHARE, 1));
    }
}
