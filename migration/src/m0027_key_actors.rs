//! API keys as a kind of actor, and the audit actions of refused proofs and resent invitations.

use crate::{m0025_external_identities, prelude::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in KINDS {
            replace_values(manager, table, column, OLD_ACTORS, ACTORS).await?;
        }
        replace_values(manager, "audit_entry", "action", &m0025_external_identities::actions(), &actions()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Rows that have a new value refuse this on PostgreSQL.
        replace_values(manager, "audit_entry", "action", &actions(), &m0025_external_identities::actions()).await?;
        for (table, column) in KINDS {
            replace_values(manager, table, column, ACTORS, OLD_ACTORS).await?;
        }
        Ok(())
    }
}

const KINDS: [(&str, &str); 10] = [
    ("api_key", "creator_kind"),
    ("audit_entry", "actor_kind"),
    ("document", "uploader_kind"),
    ("document_version", "uploader_kind"),
    ("event", "actor_kind"),
    ("invitation", "inviter_kind"),
    ("message", "author_kind"),
    ("payment", "recorder_kind"),
    ("validation_request", "submitter_kind"),
    ("validation_step", "actor_kind"),
];

const OLD_ACTORS: &[&str] = &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"];
const ACTORS: &[&str] = &["CLIENT", "MEMBER", "API_KEY", "ASSISTANT", "SYSTEM"];

/// All actions, in the order of the enum.
pub fn actions() -> Vec<&'static str> {
    let after = |action| match action {
        "SIGN_IN_REFUSED" => vec![action, "PROOF_REFUSED"],
        "MEMBER_INVITED" => vec![action, "INVITATION_RESENT"],
        _ => vec![action],
    };
    m0025_external_identities::actions().into_iter().flat_map(after).collect()
}
