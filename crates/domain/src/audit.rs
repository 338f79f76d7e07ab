//! The audit log: what use cases record beyond the viewer's own action, and the verification of the chain.

use crate::session::Choice;
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
    membership::{self, Role},
    user,
};
use sea_orm::{ColumnTrait, sea_query::Order};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The number of entries that are verified together.
const BATCH: u64 = 1_000;

/// Returns the person of a membership as the author of an action.
pub(crate) fn author(membership: &membership::Model, name: &str, session: Option<Uuid>) -> Author {
    let kind = if membership.role == Role::Client { ActorKind::Client } else { ActorKind::Member };
    let actor = Actor { kind, user: Some(membership.user_id), name: name.to_owned() };
    Author { actor, membership: Some(membership.id), session }
}

/// Returns the name of a person, or an empty text if the viewer does not see them.
pub(crate) async fn name_of(tx: &ReadTx, user: Uuid) -> Result<String, Error> {
    Ok(tx.get::<user::Entity>(user).await?.map(|user| user.display_name).unwrap_or_default())
}

/// Records an action about a person in each organization where they have an active membership.
pub(crate) fn record_in_each(
    tx: &WriteTx,
    choices: &[Choice],
    action: Action,
    complete: impl Fn(AuditRecord, &Choice) -> AuditRecord,
) {
    let mut recorded = HashSet::new();
    for choice in choices.iter().filter(|choice| recorded.insert(choice.organization.id)) {
        let Choice { membership, organization } = choice;
        let record = AuditRecord::new(action, membership.id).within(organization.id).of_client(membership.client_id);
        tx.audit(complete(record, choice));
    }
}

/// Records that the viewer gets links to these versions of private documents.
pub async fn record_downloads(tx: &WriteTx, versions: &[Uuid]) -> Result<(), Error> {
    for id in versions {
        let missing = || Error::internal("a link to a document was made that the viewer does not see");
        let version = tx.get::<document_version::Entity>(*id).await?.ok_or_else(missing)?;
        let document = tx.get::<document::Entity>(version.document_id).await?.ok_or_else(missing)?;
        let record = AuditRecord::new(Action::PrivateDocumentDownloaded, *id).of_client(Some(version.client_id));
        tx.audit(record.named(document.name));
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
    let is_of_entry = |detail: &audit_detail::Model| {
        audit_chain::detail_hash(&detail.salt, &detail.content) == entry.detail_hash
    };
    match entry {
        _ if entry.sequence != last + 1 => Err(Fault::Missing),
        _ if entry.format != audit_chain::FORMAT => Err(Fault::UnknownFormat),
        _ if entry.previous_hash != head => Err(Fault::Unchained),
        _ if entry.hash != audit_chain::hash(entry) => Err(Fault::Changed),
        _ if !detail.is_none_or(is_of_entry) => Err(Fault::DetailChanged),
        _ => Ok(()),
    }
}
