//! The audit log: what use cases record beyond the viewer's own action, and the verification of the chain.

use dossier_core::{
    error::Error,
    viewer::{Actor, SystemPurpose, Viewer},
};
use dossier_data::{AUDIT_SERIES, AuditRecord, Author, Database, ReadTx, WriteTx, audit_chain};
use entities::{
    audit_detail,
    audit_entry::{Action, Column, Entity, Model},
    counter, document, document_version,
    event::ActorKind,
    invitation,
    membership::{self, Role},
    user,
};
use sea_orm::{ColumnTrait, sea_query::Order};
use std::collections::HashMap;
use uuid::Uuid;

/// The number of entries that are verified together.
const BATCH: u64 = 1_000;

/// Returns the person of a membership as the author of an action.
pub(crate) fn author(membership: &membership::Model, name: &str, session: Option<Uuid>) -> Author {
    let kind = match membership.role {
        _ if membership.api_key => ActorKind::ApiKey,
        Role::Client => ActorKind::Client,
        _ => ActorKind::Member,
    };
    let actor = Actor { kind, user: Some(membership.user_id), name: name.to_owned() };
    Author { actor, membership: Some(membership.id), session }
}

/// Returns the name of a person, or an empty text if the viewer does not see them.
pub(crate) async fn name_of(tx: &ReadTx, user: Uuid) -> Result<String, Error> {
    Ok(tx.get::<user::Entity>(user).await?.map(|user| user.display_name).unwrap_or_default())
}

/// Returns the record of an action about an invitation.
pub(crate) fn of_invitation(action: Action, row: &invitation::Model) -> AuditRecord {
    AuditRecord::new(action, row.id).of_client(row.client_id).named(&row.email)
}

/// Records that the viewer gets links to these versions of private documents.
pub async fn record_downloads(tx: &WriteTx, ids: &[Uuid]) -> Result<(), Error> {
    let versions = tx.find::<document_version::Entity>();
    let versions = versions.filter(document_version::Column::Id.is_in(ids.iter().copied())).all().await?;
    let of_versions = document::Column::Id.is_in(versions.iter().map(|version| version.document_id));
    let documents = tx.find::<document::Entity>().filter(of_versions).all().await?;
    let names: HashMap<_, _> = documents.into_iter().map(|document| (document.id, document.name)).collect();
    if versions.len() != ids.len() {
        return Err(Error::internal("a link was made to a document that the viewer does not see any more"));
    }
    for version in versions {
        let record = AuditRecord::new(Action::PrivateDocumentDownloaded, version.id);
        let name = names.get(&version.document_id).map_or("", String::as_str);
        tx.audit(record.of_client(Some(version.client_id)).named(name));
    }
    Ok(())
}

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// The log is complete and unchanged.
    Intact {
        /// The number of entries.
        entries: i64,
        /// The number of entries whose details were erased.
        erased: u64,
        /// The hash of the last entry, or 64 zeros.
        head: String,
    },
    /// The log was changed.
    Broken {
        /// The position of the first wrong entry.
        sequence: i64,
        /// The fault.
        fault: Fault,
    },
}

/// A fault of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The entry is not there.
    Missing,
    /// The entry was never appended by Dossier.
    Added,
    /// This version does not know the format of the entry.
    UnknownFormat,
    /// The entry does not contain the hash of the entry before.
    Unchained,
    /// The entry does not have its hash.
    Changed,
    /// The detail does not have the hash in the entry.
    DetailChanged,
}

impl Fault {
    /// Returns the fault in words for the operator.
    pub fn message(self) -> &'static str {
        match self {
            Self::Missing => "is missing",
            Self::Added => "is behind the last entry that Dossier has appended",
            Self::UnknownFormat => "has a format that this version does not know",
            Self::Unchained => "does not contain the hash of the entry before",
            Self::Changed => "was changed",
            Self::DetailChanged => "has a detail that was changed",
        }
    }
}

/// Verifies the log of an organization, in batches.
pub async fn verify(database: &Database, organization: Uuid) -> Result<Verification, Error> {
    let (mut last, mut head, mut erased) = (0, audit_chain::FIRST.to_owned(), 0);
    loop {
        let tx = database.read_as(Viewer::system(organization, SystemPurpose::Command)).await?;
        let batch = entries_after(&tx, last).await?;
        if batch.is_empty() {
            return Ok(match appended(&tx).await?.cmp(&last) {
                std::cmp::Ordering::Greater => Verification::Broken { sequence: last + 1, fault: Fault::Missing },
                std::cmp::Ordering::Less => Verification::Broken { sequence: last, fault: Fault::Added },
                std::cmp::Ordering::Equal => Verification::Intact { entries: last, erased, head },
            });
        }
        for (entry, detail) in batch {
            if let Err(fault) = check(&entry, detail.as_ref(), last, &head) {
                let sequence = if fault == Fault::Missing { last + 1 } else { entry.sequence };
                return Ok(Verification::Broken { sequence, fault });
            }
            erased += u64::from(detail.is_none());
            (last, head) = (entry.sequence, entry.hash);
        }
    }
}

/// Returns the next entries with their details, in order, at most 1,000.
pub async fn entries_after(tx: &ReadTx, sequence: i64) -> Result<Vec<(Model, Option<audit_detail::Model>)>, Error> {
    let entries = tx.find::<Entity>().filter(Column::Sequence.gt(sequence)).order_by(Column::Sequence, Order::Asc);
    let entries = entries.limit(BATCH).all().await?;
    let ids = entries.iter().map(|entry| entry.id);
    let details = tx.find::<audit_detail::Entity>().filter(audit_detail::Column::EntryId.is_in(ids)).all().await?;
    let mut details: HashMap<_, _> = details.into_iter().map(|detail| (detail.entry_id, detail)).collect();
    Ok(entries.into_iter().map(|entry| (entry.clone(), details.remove(&entry.id))).collect())
}

/// Returns the number of entries that Dossier has appended.
async fn appended(tx: &ReadTx) -> Result<i64, Error> {
    let counter = tx.find::<counter::Entity>().filter(counter::Column::Name.eq(AUDIT_SERIES)).one().await?;
    Ok(counter.map_or(0, |counter| counter.value))
}

/// Fails unless an entry and its detail are unchanged and follow the entry before.
fn check(entry: &Model, detail: Option<&audit_detail::Model>, last: i64, head: &str) -> Result<(), Fault> {
    let is_of_entry =
        |detail: &audit_detail::Model| audit_chain::detail_hash(&detail.salt, &detail.content) == entry.detail_hash;
    match entry {
        _ if entry.sequence != last + 1 => Err(Fault::Missing),
        _ if entry.format != audit_chain::FORMAT => Err(Fault::UnknownFormat),
        _ if entry.previous_hash != head => Err(Fault::Unchained),
        _ if entry.hash != audit_chain::hash(entry) => Err(Fault::Changed),
        _ if !detail.is_none_or(is_of_entry) => Err(Fault::DetailChanged),
        _ => Ok(()),
    }
}
