//! Lists and verifies the audit log of an organization.

use super::{organization::within, output};
use crate::graphql::subject_id;
use clap::{Args, Subcommand};
use dossier_core::{
    error::BoxError,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{AuditDetail, Database};
use dossier_domain::audit::{self, Verification};
use entities::{audit_detail, audit_entry};
use sea_orm::ActiveEnum;
use uuid::Uuid;

/// `dossier audit …`
#[derive(Clone, Subcommand)]
pub enum AuditCommand {
    /// Verify that the audit log of an organization is complete and unchanged. Prints the number of entries, of which how many
    /// have erased details, and the hash of the last entry, separated by tabs. If you note this hash elsewhere, you can prove
    /// later that the entries up to it are still the same.
    Verify(OfOrganization),
    /// List the audit log of an organization, oldest first: position, time, action, reason of a refusal, actor, id of the
    /// subject, its name, and network, separated by tabs.
    List(OfOrganization),
}

/// The organization of a log.
#[derive(Args, Clone)]
pub struct OfOrganization {
    /// Slug of the organization.
    #[arg(long)]
    organization: String,
}

/// Runs `dossier audit`.
pub async fn audit(database: &Database, command: AuditCommand) -> Result<(), BoxError> {
    let (AuditCommand::Verify(log) | AuditCommand::List(log)) = &command;
    let organization = within(database, &log.organization).await?.organization()?;
    match command {
        AuditCommand::Verify(_) => verify(database, organization).await,
        AuditCommand::List(_) => list(database, organization).await,
    }
}

async fn verify(database: &Database, organization: Uuid) -> Result<(), BoxError> {
    match audit::verify(database, organization).await? {
        Verification::Intact { entries, erased, head } => Ok(output::line(format!("{entries}\t{erased}\t{head}"))?),
        Verification::Broken { sequence, fault } => {
            Err(format!("the audit log is broken: the entry {sequence} {}", fault.message()).into())
        }
    }
}

async fn list(database: &Database, organization: Uuid) -> Result<(), BoxError> {
    let mut last = 0;
    loop {
        let tx = database.read_as(Viewer::system(organization, SystemPurpose::Command)).await?;
        let entries = audit::entries_after(&tx, last).await?;
        drop(tx);
        let Some((entry, _)) = entries.last() else { return Ok(()) };
        last = entry.sequence;
        for (entry, detail) in &entries {
            output::line(row(entry, detail.as_ref())?)?;
        }
    }
}

fn row(entry: &audit_entry::Model, detail: Option<&audit_detail::Model>) -> Result<String, BoxError> {
    let AuditDetail { actor_name, subject_name, network, .. } =
        detail.map(AuditDetail::read).transpose()?.unwrap_or_default();
    let or_none = |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned());
    let fields = [
        entry.sequence.to_string(),
        entry.created_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        entry.action.to_value(),
        or_none(entry.refusal.map(|refusal| refusal.to_value())),
        or_none(Some(actor_name)),
        subject_id(entry),
        or_none(subject_name),
        or_none(network),
    ];
    Ok(fields.join("\t"))
}
