//! Comments on validation requests.

use super::step::{Target, ValidationUseCase, begin_step};
use crate::{assignee, check, mail::SendMail};
use dossier_core::{
    error::{Error, UserError},
    viewer::Actor,
};
use dossier_data::{DomainEvent, WriteTx};
use entities::{document_version as version, event::Kind, validation_comment::Model, validation_version as part};
use sea_orm::ColumnTrait;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The maximum number of members that a comment mentions.
const MAX_MENTIONS: usize = 20;

/// The input for a comment.
pub struct NewComment {
    /// The request.
    pub request: Uuid,
    /// The text.
    pub body: String,
    /// Whether only the agency reads it.
    pub internal: bool,
    /// The version that it is about.
    pub version: Option<Uuid>,
    /// The memberships of the mentioned people.
    pub mentions: Vec<Uuid>,
}

/// Comments on a request. Everybody who sees the request reads the comment, or the agency alone.
pub async fn comment(tx: &WriteTx, new: NewComment) -> Result<Uuid, Error> {
    let body = check::text("body", &new.body, check::TEXT)?;
    let use_case = if new.internal { ValidationUseCase::CommentInternally } else { ValidationUseCase::Comment };
    let (request, dossier) = begin_step(tx, Target { id: new.request, expected: None }, use_case).await?;
    let internal = new.internal || request.internal;
    if let Some(version) = new.version {
        tx.get::<version::Entity>(version).await?.ok_or_else(|| UserError::not_found("document_version_id"))?;
        let of_request = tx.find::<part::Entity>().filter(part::Column::DocumentVersionId.eq(version));
        if !of_request.filter(part::Column::RequestId.eq(request.id)).exists().await? {
            let message = "must be a version that the request is or was about";
            return Err(UserError::invalid("document_version_id", message).into());
        }
    }
    let mentions: BTreeSet<_> = new.mentions.into_iter().collect();
    if mentions.len() > MAX_MENTIONS {
        return Err(UserError::invalid("mention_ids", format!("must have at most {MAX_MENTIONS} members")).into());
    }
    for member in &mentions {
        assignee::check_mention(tx, *member, &dossier, internal).await?;
    }
    let Actor { kind, user, name } = tx.viewer.actor();
    let row = Model {
        id: tx.new_id(),
        organization_id: dossier.organization_id,
        client_id: dossier.id,
        request_id: request.id,
        document_version_id: new.version,
        body,
        internal: new.internal,
        mentions: mentions.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" "),
        author_kind: kind,
        author_id: user,
        author_name: name,
        created_at: tx.now,
    };
    let event = DomainEvent::changed(Kind::ValidationCommented, &dossier, &*request, &*request);
    tx.record(&request, if new.internal { event.agency_only() } else { event });
    let row = tx.insert_part(&request, row).await?;
    for member in mentions {
        tx.enqueue_job(&SendMail::Mentioned { comment: row.id, request: request.id, member }).await?;
    }
    Ok(row.id)
}

/// Returns the memberships that a comment mentions.
pub fn mentioned(comment: &Model) -> impl Iterator<Item = Uuid> {
    comment.mentions.split_whitespace().filter_map(|key| key.parse().ok())
}
