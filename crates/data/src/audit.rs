//! The writing side of the audit log. A transaction appends its entries when it commits, so that an entry exists exactly if
//! the action happened.

use super::{ReadTx, Transaction, audit_chain, options::RlsMode, outbox};
use dossier_core::{
    clock::new_id,
    error::Error,
    viewer::{Actor, Member},
};
use entities::{
    audit_detail,
    audit_entry::{Action, Column, Entity, Model, Refusal},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The name of the series that numbers entries.
pub const SERIES: &str = "AUDIT";

/// The maximum number of rows in one statement. Both databases limit the number of values.
const MAX_ROWS: usize = 500;

/// The network and the device from which a request came, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network, such as `192.0.2.0/24`.
    pub network: Option<String>,
    /// The device, as its program presents itself.
    pub device: Option<String>,
}

/// The names, addresses and texts of an entry, which can be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditDetail {
    /// The name of the actor.
    pub actor_name: String,
    /// The network from which they acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The device with which they acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The name of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// A text of the actor, such as a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The changed properties of the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<AuditChange>,
}

/// A changed property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// The name of the property in the domain, such as `legal_name`.
    pub field: String,
    /// Its value before. `None` if it was empty.
    pub before: Option<String>,
    /// Its value afterwards. `None` if it is empty.
    pub after: Option<String>,
}

impl AuditDetail {
    /// Reads a stored detail.
    pub fn read(row: &audit_detail::Model) -> Result<Self, Error> {
        serde_json::from_str(&row.content).map_err(Error::internal)
    }
}

/// The person who acted, if it is not the viewer of the transaction.
#[derive(Clone, Debug)]
pub struct Author {
    /// The name and the kind.
    pub actor: Actor,
    /// The membership in which they acted.
    pub membership: Option<Uuid>,
    /// The session with which they acted.
    pub session: Option<Uuid>,
}

impl Author {
    /// Returns the viewer. Another organization does not learn the membership in which they act.
    fn of(read_tx: &ReadTx, organization: Uuid) -> Self {
        let member = read_tx.viewer.member().filter(|member| member.organization == organization);
        Self {
            actor: read_tx.viewer.actor(),
            membership: member.map(|member| member.membership),
            session: member.and_then(Member::session),
        }
    }
}

/// An entry that has no position in a log yet.
#[derive(Clone, Debug)]
pub struct AuditRecord {
    action: Action,
    subject: Uuid,
    organization: Option<Uuid>,
    client: Option<Uuid>,
    author: Option<Author>,
    refusal: Option<Refusal>,
    detail: AuditDetail,
}

impl AuditRecord {
    /// Creates the record of an action of the viewer about the row with this key, whose type follows from the action.
    pub fn new(action: Action, subject: Uuid) -> Self {
        let (organization, client, author, refusal) = (None, None, None, None);
        Self { action, subject, organization, client, author, refusal, detail: AuditDetail::default() }
    }

    /// Sets the organization, if it is not the viewer's.
    #[must_use]
    pub fn within(self, organization: Uuid) -> Self {
        Self { organization: Some(organization), ..self }
    }

    /// Sets the client whose dossier the action is about.
    #[must_use]
    pub fn of_client(self, client: Option<Uuid>) -> Self {
        Self { client, ..self }
    }

    /// Sets the person who acted, if it is not the viewer.
    #[must_use]
    pub fn by(self, author: Author) -> Self {
        Self { author: Some(author), ..self }
    }

    /// Sets the reason of a refusal.
    #[must_use]
    pub fn refused(self, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..self }
    }

    /// Sets the name of the subject.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.detail.subject_name = Some(name.into());
        self
    }

    /// Sets the text of the actor.
    #[must_use]
    pub fn note(mut self, note: Option<&str>) -> Self {
        self.detail.note = note.map(str::to_owned);
        self
    }

    /// Sets the network and the device, as far as they are known, if they are not those of the request.
    #[must_use]
    pub fn from_device(mut self, network: Option<String>, device: Option<String>) -> Self {
        (self.detail.network, self.detail.device) = (network, device);
        self
    }

    /// Adds a property if its value has changed.
    #[must_use]
    pub fn change(mut self, field: &str, before: Option<String>, after: Option<String>) -> Self {
        if before != after {
            self.detail.changes.push(AuditChange { field: field.to_owned(), before, after });
        }
        self
    }

    /// Returns whether it contains a changed property.
    pub fn has_changes(&self) -> bool {
        !self.detail.changes.is_empty()
    }

    /// Converts the record to rows. The hashes of the entry are still missing.
    fn rows(
        self,
        read_tx: &ReadTx,
        organization: Uuid,
        origin: &Origin,
    ) -> Result<(Model, audit_detail::Model), Error> {
        let author = self.author.unwrap_or_else(|| Author::of(read_tx, organization));
        let Author { actor, membership, session } = author;
        let mut detail = AuditDetail { actor_name: actor.name, ..self.detail };
        detail.network = detail.network.or_else(|| origin.network.clone());
        detail.device = detail.device.or_else(|| origin.device.clone());
        let changed: Vec<_> = detail.changes.iter().map(|change| change.field.as_str()).collect();
        let changed = (!changed.is_empty()).then(|| changed.join(" "));
        let (id, salt) = (new_id(read_tx.now), audit_chain::new_salt()?);
        let content = serde_json::to_string(&detail).map_err(Error::internal)?;
        let entry = Model {
            id,
            organization_id: organization,
            format: audit_chain::FORMAT,
            created_at: read_tx.now,
            action: self.action,
            refusal: self.refusal,
            actor_kind: actor.kind,
            actor_id: actor.user,
            membership_id: membership,
            session_id: session,
            subject_id: self.subject,
            client_id: self.client,
            changed,
            detail_hash: audit_chain::detail_hash(&salt, &content),
            ..Model::default()
        };
        Ok((entry, audit_detail::Model { entry_id: id, organization_id: organization, salt, content }))
    }
}

/// Appends the records to the logs of their organizations. The logs are locked in the order of the organizations' ids, so
/// that two transactions cannot wait for each other forever.
pub(super) async fn append(read_tx: &ReadTx, origin: &Origin, records: Vec<AuditRecord>) -> Result<(), Error> {
    let mut logs = BTreeMap::<Uuid, Vec<AuditRecord>>::new();
    for record in records {
        let organization = record.organization.map_or_else(|| read_tx.organization(), Ok)?;
        logs.entry(organization).or_default().push(record);
    }
    for (organization, records) in logs {
        let own = read_tx.viewer.organization() == Some(organization);
        let tx = read_tx.tx.with(if own { RlsMode::Whole } else { RlsMode::WholeOf(organization) });
        let rows = records.into_iter().map(|record| record.rows(read_tx, organization, origin));
        append_rows(&tx, organization, rows.collect::<Result<_, _>>()?).await?;
    }
    Ok(())
}

/// Numbers the entries, adds their hashes, and inserts them. The row of the counter stays locked until the commit, so that
/// nobody else appends in between.
async fn append_rows(
    tx: &Transaction,
    organization: Uuid,
    rows: Vec<(Model, audit_detail::Model)>,
) -> Result<(), Error> {
    let count = i64::try_from(rows.len()).map_err(Error::internal)?;
    let before = outbox::increase(tx, organization, SERIES, count).await? - count;
    let mut previous_hash = hash_at(tx, organization, before).await?;
    let (mut entries, mut details) = (Vec::new(), Vec::new());
    for (sequence, (entry, detail)) in (before + 1..).zip(rows) {
        let mut entry = Model { sequence, previous_hash: previous_hash.clone(), ..entry };
        entry.hash = audit_chain::hash(&entry);
        previous_hash.clone_from(&entry.hash);
        entries.push(entry.into_active_model().reset_all());
        details.push(detail.into_active_model().reset_all());
    }
    for entries in entries.chunks(MAX_ROWS) {
        Entity::insert_many(entries.to_vec()).exec_without_returning(tx).await?;
    }
    for details in details.chunks(MAX_ROWS) {
        audit_detail::Entity::insert_many(details.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Returns the hash of an entry. If somebody has removed the entry by hand, the log starts again, because work must go on.
/// The verification then reports the missing entry.
async fn hash_at(tx: &Transaction, organization: Uuid, sequence: i64) -> Result<String, Error> {
    if sequence == 0 {
        return Ok(audit_chain::FIRST.to_owned());
    }
    let at = Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Sequence.eq(sequence));
    Ok(at.one(tx).await?.map_or_else(|| audit_chain::FIRST.to_owned(), |entry| entry.hash))
}
