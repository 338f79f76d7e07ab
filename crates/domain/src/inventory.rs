//! Compares the objects in the store with those that the database names, in both directions.

use super::preview;
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Database;
use dossier_storage::Objects;
use entities::{
    document::Status,
    document_version::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, sea_query::Order};
use uuid::Uuid;

/// How many versions are read together.
const BATCH: u64 = 1_000;

/// A difference between the store and the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// No version names this object.
    Orphan {
        /// The key of the object.
        key: String,
        /// Its size in bytes.
        size: u64,
    },
    /// A complete version has no object, or lacks a preview.
    Missing {
        /// The key of the object.
        key: String,
        /// The version.
        version: Uuid,
    },
    /// The object of a complete version has another size.
    WrongSize {
        /// The key of the object.
        key: String,
        /// The version.
        version: Uuid,
        /// The size of the version in bytes.
        expected: i64,
        /// The size of the object in bytes.
        size: u64,
    },
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The number of objects.
    pub objects: usize,
    /// The differences.
    pub differences: Vec<Difference>,
}

/// Compares the objects of an organization. It may run while the server works: what changes meanwhile is no difference,
/// because each difference is looked at again.
pub async fn compare(database: &Database, objects: &Objects, organization: Uuid) -> Result<Inventory, Error> {
    // An upload is announced before its object can exist. Objects are therefore listed before the rows are read.
    let mut stored = objects.list(&format!("{organization}/")).await?;
    let mut inventory = Inventory { objects: stored.len(), ..Inventory::default() };
    let mut after = Uuid::nil();
    loop {
        let versions = versions(database, organization, after).await?;
        let Some(last) = versions.last() else { break };
        after = last.id;
        for version in versions {
            let size = stored.remove(&version.storage_key);
            for key in preview::keys(&version) {
                let is_missing = stored.remove(&key).is_none() && preview::preview_of(&version, 0).is_some();
                if is_missing && has_object(&version) && objects.size(&key).await?.is_none() {
                    inventory.differences.push(Difference::Missing { key, version: version.id });
                }
            }
            if size != u64::try_from(version.size).ok() && has_object(&version) {
                inventory.differences.extend(confirm(database, objects, organization, version).await?);
            }
        }
    }
    // No version names the remaining objects. An object may have been removed since it was listed.
    for key in stored.into_keys() {
        if let Some(size) = objects.size(&key).await? {
            inventory.differences.push(Difference::Orphan { key, size });
        }
    }
    Ok(inventory)
}

/// Deletes the objects that no version names. Returns their number.
pub async fn delete_orphans(objects: &Objects, inventory: &mut Inventory) -> Result<usize, Error> {
    let (mut deleted, mut rest) = (0, Vec::new());
    for difference in std::mem::take(&mut inventory.differences) {
        if let Difference::Orphan { key, .. } = &difference {
            objects.delete(key).await?;
            deleted += 1;
        } else {
            rest.push(difference);
        }
    }
    inventory.differences = rest;
    Ok(deleted)
}

/// Returns whether a version must have an object.
fn has_object(version: &Model) -> bool {
    version.status == Status::Ready && version.discarded_at.is_none()
}

/// The next versions whose objects may be in the store. A restored version has the object of another one.
async fn versions(database: &Database, organization: Uuid, after: Uuid) -> Result<Vec<Model>, Error> {
    let tx = database.read_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    let versions = tx.find_whole::<Entity>()?.filter(Column::ReleasedAt.is_null()).filter(Column::Id.gt(after));
    let versions = versions.filter(Column::RestoredFrom.is_null());
    versions.order_by(Column::Id, Order::Asc).limit(BATCH).all().await
}

/// Looks again at a version whose object was missing or of another size. Its upload or its removal may have ended since.
async fn confirm(
    database: &Database,
    objects: &Objects,
    organization: Uuid,
    version: Model,
) -> Result<Option<Difference>, Error> {
    let Model { id, storage_key: key, size: expected, .. } = version;
    let size = objects.size(&key).await?;
    let tx = database.read_as(Viewer::system(organization, SystemPurpose::Storage)).await?;
    let row = tx.find_whole::<Entity>()?.filter(Column::Id.eq(id)).one().await?;
    if row.as_ref().is_none_or(|row| !has_object(row)) {
        return Ok(None);
    }
    Ok(match size {
        None => Some(Difference::Missing { key, version: id }),
        Some(size) if i64::try_from(size) == Ok(expected) => None,
        Some(size) => Some(Difference::WrongSize { key, version: id, expected, size }),
    })
}
