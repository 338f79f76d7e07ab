//! Submitting requests, for the first time and again after changes.

use super::{
    round::{self, VersionIds, Versions},
    step::{NO_DAY, Target, ValidationUseCase, history, kind_of, save},
};
use crate::{check, client::open_dossier, use_case::UseCase};
use chrono::NaiveDate;
use dossier_core::{
    error::{Error, UserError},
    viewer::Actor,
};
use dossier_data::{DomainEvent, WriteTx};
use dossier_policy::ValidationAction;
use entities::{
    client,
    event::ActorKind,
    invoice::{self, Kind},
    message,
    validation_request::{Entity, Model, Status},
    validation_step::{self as step, Action},
};
use uuid::Uuid;

/// The input for a new validation request.
#[derive(Default)]
pub struct NewRequest {
    /// The dossier.
    pub client: Uuid,
    /// The title.
    pub title: String,
    /// The description.
    pub description: Option<String>,
    /// The document versions that it is about.
    pub versions: VersionIds,
    /// The quote that it is about.
    pub quote: Option<Uuid>,
    /// The message that it is about.
    pub message: Option<Uuid>,
    /// The day until which it should be decided. Only those who decide may set it.
    pub due_on: Option<NaiveDate>,
}

/// Submits a request to the agency. The client sees what the client submits. A request of the agency is internal until
/// it is shared.
pub async fn submit(tx: &WriteTx, new: NewRequest) -> Result<Uuid, Error> {
    let title = check::line("title", &new.title, check::NAME)?;
    let description = check::optional("description", new.description.as_deref(), check::TEXT, check::text)?;
    let versions = Versions::lock(tx, new.versions).await?;
    let dossier = open_dossier(tx, new.client, "client_id").await?;
    versions.require_of(&dossier)?;
    check_quote(tx, new.quote, &dossier).await?;
    check_message(tx, new.message, &dossier).await?;
    let Actor { kind, user, name } = tx.viewer.actor();
    let row = Model {
        id: tx.new_id(),
        organization_id: dossier.organization_id,
        client_id: dossier.id,
        document_version_id: versions.first(),
        quote_id: new.quote,
        message_id: new.message,
        title,
        description,
        status: Status::Pending,
        internal: kind != ActorKind::Client,
        submitter_id: user,
        submitter_name: name,
        submitter_kind: kind,
        due_on: new.due_on,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
        ..Model::default()
    };
    if new.due_on.is_some() {
        tx.authorize_row::<Entity>(ValidationUseCase::SetDueDate.permission(), row.clone())?;
    }
    let step = first_of_round(history(tx, &row, Action::Submitted, None).await?);
    insert(tx, &dossier, row, step, &versions).await
}

/// Inserts a request, the step that begins its first round, and its versions.
pub(super) async fn insert(
    tx: &WriteTx,
    dossier: &client::Model,
    row: Model,
    step: step::Model,
    versions: &Versions,
) -> Result<Uuid, Error> {
    let row = Model { round_id: step.id, due_order: row.due_on.unwrap_or(NO_DAY), ..row };
    let event = DomainEvent::added(kind_of(step.action), dossier, &row);
    let row = tx.insert(tx.authorize_row::<Entity>(ValidationAction::Submit, row)?, event).await?;
    tx.insert_part(&row, step).await?;
    versions.insert(tx, &row).await?;
    Ok(row.id)
}

/// Submits a request again after changes, perhaps with other versions. Without them, the versions stay the same.
pub async fn resubmit(tx: &WriteTx, target: Target, versions: Option<VersionIds>) -> Result<Uuid, Error> {
    let use_case = ValidationUseCase::Resubmit;
    let before = tx.authorize::<Entity>(target.id, "id", use_case.permission()).await?;
    check::revision(target.expected, before.revision)?;
    // Documents are locked before the dossier, as everywhere. Otherwise, two transactions could wait for each other
    // forever.
    let versions = match versions {
        Some(versions) => Versions::lock(tx, versions).await?,
        None => round::versions_of_round(tx, &before).await?,
    };
    let dossier = tx.visible::<client::Entity>(before.client_id, "id").await?;
    use_case.check(tx, &before, &dossier).await?;
    versions.require_of(&dossier)?;
    let after = Model { document_version_id: versions.first(), decision_reason: None, ..before.clone() };
    let step = first_of_round(history(tx, &after, Action::Resubmitted, None).await?);
    let after = Model { round_id: step.id, ..after };
    let after = save(tx, &dossier, &before, after, step).await?;
    versions.insert(tx, &after).await?;
    Ok(after.id)
}

/// Returns a step that begins a round.
pub(super) fn first_of_round(step: step::Model) -> step::Model {
    step::Model { round_id: step.id, ..step }
}

async fn check_quote(tx: &WriteTx, quote: Option<Uuid>, dossier: &client::Model) -> Result<(), Error> {
    let Some(quote) = quote else { return Ok(()) };
    let row = tx.get::<invoice::Entity>(quote).await?.filter(|row| row.kind == Kind::Quote);
    let row = row.ok_or_else(|| UserError::not_found("quote_id"))?;
    if row.client_id == dossier.id {
        Ok(())
    } else {
        Err(UserError::invalid("quote_id", "must be a quote of the same dossier").into())
    }
}

async fn check_message(tx: &WriteTx, message: Option<Uuid>, dossier: &client::Model) -> Result<(), Error> {
    let Some(message) = message else { return Ok(()) };
    // Locked, so that nobody changes it meanwhile.
    let row = tx.visible::<message::Entity>(message, "message_id").await?;
    if row.client_id != dossier.id {
        return Err(UserError::invalid("message_id", "must be a message of the same dossier").into());
    }
    if row.deleted_at.is_some() {
        return Err(UserError::conflict("This message is deleted.").into());
    }
    Ok(())
}
