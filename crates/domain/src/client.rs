//! Opens, changes and closes dossiers.

use super::{
    check,
    organization::open_site,
    use_case::{UseCase, require_open},
};
use dossier_core::{
    error::{Error, UserError},
    viewer::{Grant, Member},
};
use dossier_data::{Allowed, DomainEvent, ReadTx, WriteTx};
use dossier_policy::{ClientAction, ConversationAction, InvoiceAction, ValidationAction, permit};
use entities::{
    client::{Column, Entity, Model, Status, Track},
    conversation,
    event::Kind,
    invoice, validation_request,
};
use sea_orm::{ColumnTrait, EnumIter};
use std::borrow::Cow;
use uuid::Uuid;

/// The input for a new client.
pub struct NewClient {
    /// The name of the person or company.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The address for invoices.
    pub billing_address: Option<String>,
    /// The portal that they use.
    pub track: Track,
    /// The agency's relation with them. [`Status::Archived`] is not allowed.
    pub status: Status,
    /// The site they belong to.
    pub site: Option<Uuid>,
    /// Notes that only the agency sees.
    pub internal_notes: Option<String>,
}

/// Changes to a client. `None` leaves a field as it is. `Some(None)` empties a field that may be empty.
#[derive(Default)]
pub struct Changes {
    /// The new name.
    pub name: Option<String>,
    /// The new address.
    pub email: Option<Option<String>>,
    /// The new number.
    pub phone: Option<Option<String>>,
    /// The new address for invoices.
    pub billing_address: Option<Option<String>>,
    /// The new track.
    pub track: Option<Track>,
    /// The new status. Archiving is a separate action.
    pub status: Option<Status>,
    /// The new site.
    pub site: Option<Option<Uuid>>,
    /// The new notes.
    pub internal_notes: Option<Option<String>>,
}

impl Changes {
    /// Returns whether only contact details change. Clients may change these themselves.
    fn contact_only(&self) -> bool {
        self.name.is_none()
            && self.track.is_none()
            && self.status.is_none()
            && self.site.is_none()
            && self.internal_notes.is_none()
    }
}

/// The use cases of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum ClientUseCase {
    /// Change email, phone and billing address.
    UpdateContact,
    /// Change all other data.
    Update,
    /// Close the dossier.
    Archive,
    /// Reopen it.
    Restore,
    /// Open a conversation in the dossier.
    StartConversation,
    /// Submit a request in the dossier.
    SubmitValidationRequest,
    /// Draft a quote.
    CreateQuote,
    /// Draft an invoice.
    CreateInvoice,
    /// Set the legal hold, or replace its reason.
    SetLegalHold,
    /// Lift the legal hold.
    LiftLegalHold,
}

impl UseCase for ClientUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        let client_id = row.id;
        match self {
            Self::UpdateContact => permit::<Entity>(member, ClientAction::ChangeContact, row),
            Self::Update => permit::<Entity>(member, ClientAction::Change, row),
            Self::Archive | Self::Restore => permit::<Entity>(member, ClientAction::Archive, row),
            Self::SetLegalHold | Self::LiftLegalHold => permit::<Entity>(member, ClientAction::Hold, row),
            Self::StartConversation => {
                let new = conversation::Model { client_id, ..conversation::Model::default() };
                permit::<conversation::Entity>(member, ConversationAction::Start, &new)
            }
            Self::SubmitValidationRequest => {
                let new = validation_request::Model { client_id, ..validation_request::Model::default() };
                permit::<validation_request::Entity>(member, ValidationAction::Submit, &new)
            }
            Self::CreateQuote | Self::CreateInvoice => {
                let new = invoice::Model { client_id, ..invoice::Model::default() };
                permit::<invoice::Entity>(member, InvoiceAction::Bill, &new)
            }
        }
    }

    fn adds_to(self, _: &Model) -> Option<Uuid> {
        None
    }

    async fn check_state(self, _: &ReadTx, row: &Model) -> Result<(), Error> {
        match self {
            Self::Archive if row.status == Status::Archived => {
                return Err(UserError::conflict("This client is already archived.").into());
            }
            Self::LiftLegalHold if row.held_at.is_none() => {
                return Err(UserError::conflict("This dossier is under no legal hold.").into());
            }
            Self::UpdateContact | Self::Update | Self::Archive | Self::SetLegalHold | Self::LiftLegalHold => {}
            Self::Restore => drop(status_after_restore(row)?),
            Self::StartConversation | Self::SubmitValidationRequest | Self::CreateQuote | Self::CreateInvoice => {
                require_open(row)?;
            }
        }
        Ok(())
    }
}

fn status_after_restore(row: &Model) -> Result<Status, UserError> {
    row.status_before_archive.ok_or_else(|| UserError::conflict("This client is not archived."))
}

/// Opens a dossier.
pub async fn create(tx: &WriteTx, new: NewClient) -> Result<Uuid, Error> {
    let name = check::line("name", &new.name, check::NAME)?;
    let row = Model {
        id: tx.new_id(),
        organization_id: tx.organization()?,
        name_key: check::sort_key(&name),
        name,
        track: new.track,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
        ..Model::default()
    };
    let changes = Changes {
        email: Some(new.email),
        phone: Some(new.phone),
        billing_address: Some(new.billing_address),
        status: Some(new.status),
        site: Some(new.site),
        internal_notes: Some(new.internal_notes),
        ..Changes::default()
    };
    let row = tx.authorize_row::<Entity>(ClientAction::Create, row)?;
    let row = tx.authorize_row::<Entity>(ClientAction::Create, apply(tx, row.into_row(), changes).await?)?;
    let event = DomainEvent::added(Kind::ClientCreated, &row, &*row);
    Ok(tx.insert(row, event).await?.id)
}

/// Changes a client.
pub async fn update(tx: &WriteTx, id: Uuid, changes: Changes, expected_revision: Option<i32>) -> Result<Uuid, Error> {
    let action = if changes.contact_only() { ClientAction::ChangeContact } else { ClientAction::Change };
    let before = tx.authorize::<Entity>(id, "id", action).await?;
    check::revision(expected_revision, before.revision)?;
    let after = apply(tx, before.clone(), changes).await?;
    let moved = after.site_id != before.site_id;
    save(tx, &before, after, if moved { Kind::ClientMoved } else { Kind::ClientUpdated }).await
}

/// Closes a dossier. It can still be read, but takes no new content.
pub async fn archive(tx: &WriteTx, id: Uuid, expected_revision: Option<i32>) -> Result<Uuid, Error> {
    let before = tx.authorize::<Entity>(id, "id", ClientAction::Archive).await?;
    check::revision(expected_revision, before.revision)?;
    ClientUseCase::Archive.check_state(tx, &before).await?;
    let after = Model { status: Status::Archived, status_before_archive: Some(before.status), ..before.clone() };
    save(tx, &before, after, Kind::ClientArchived).await
}

/// Reopens an archived dossier with its status from before.
pub async fn restore(tx: &WriteTx, id: Uuid, expected_revision: Option<i32>) -> Result<Uuid, Error> {
    let before = tx.authorize::<Entity>(id, "id", ClientAction::Archive).await?;
    check::revision(expected_revision, before.revision)?;
    let status = status_after_restore(&before)?;
    if let Some(site) = before.site_id {
        open_site(tx, site, "id").await.map_err(|error| match error {
            Error::User(_) => UserError::conflict("The site of this client is closed. Open it again first.").into(),
            other => other,
        })?;
    }
    let after = Model { status, status_before_archive: None, ..before.clone() };
    save(tx, &before, after, Kind::ClientRestored).await
}

/// Returns a dossier to which the caller is about to add something. It must be visible and not archived.
pub async fn open_dossier(tx: &WriteTx, id: Uuid, field: &str) -> Result<Model, Error> {
    let dossier = tx.visible::<Entity>(id, field).await?;
    require_open(&dossier)?;
    Ok(dossier)
}

/// Returns the dossier of a row that the viewer sees, locked against changes. The event's reference locks the dossier
/// after the event has got its number. Without this earlier lock, it could wait for somebody who changes the dossier
/// and who waits for that number.
pub async fn dossier_of(tx: &WriteTx, id: Uuid) -> Result<Model, Error> {
    let dossier = tx.find::<Entity>().filter(Column::Id.eq(id)).for_key_share().one().await?;
    dossier.ok_or_else(|| Error::internal("a row is seen whose dossier is not"))
}

async fn save(tx: &WriteTx, before: &Allowed<Entity>, after: Model, kind: Kind) -> Result<Uuid, Error> {
    if after == **before {
        return Ok(before.id);
    }
    let notes_alone = after == Model { internal_notes: after.internal_notes.clone(), ..Model::clone(before) };
    if notes_alone {
        // The revision and the time stay the same, because the client would notice a change of them.
        let event = DomainEvent::changed(kind, &after, &**before, &after).agency_only();
        return Ok(tx.update(before, after, event).await?.id);
    }
    let after = Model { revision: before.revision + 1, updated_at: tx.now, ..after };
    let event = DomainEvent::changed(kind, &after, &**before, &after);
    Ok(tx.update(before, after, event).await?.id)
}

async fn apply(tx: &WriteTx, mut row: Model, changes: Changes) -> Result<Model, Error> {
    if let Some(name) = changes.name {
        row.name = check::line("name", &name, check::NAME)?;
        row.name_key = check::sort_key(&row.name);
    }
    if let Some(email) = changes.email {
        row.email = check::given(email.as_deref()).map(|email| check::email("email", email)).transpose()?;
    }
    if let Some(phone) = changes.phone {
        row.phone = check::optional("phone", phone.as_deref(), 40, check::line)?;
    }
    if let Some(address) = changes.billing_address {
        row.billing_address = check::optional("billing_address", address.as_deref(), 1_000, check::text)?;
    }
    if let Some(notes) = changes.internal_notes {
        row.internal_notes = check::optional("internal_notes", notes.as_deref(), check::TEXT, check::text)?;
    }
    row.track = changes.track.unwrap_or(row.track);
    if let Some(status) = changes.status.filter(|status| *status != row.status || *status == Status::Archived) {
        if status == Status::Archived || row.status == Status::Archived {
            return Err(UserError::invalid("status", "use the actions for archiving and restoring a client").into());
        }
        row.status = status;
    }
    if let Some(site) = changes.site.filter(|site| site.is_none() || *site != row.site_id) {
        row.site_id = within_sites(tx, site).await?;
    }
    Ok(row)
}

/// Fails unless the dossier stays within the viewer's sites.
async fn within_sites(tx: &WriteTx, site: Option<Uuid>) -> Result<Option<Uuid>, Error> {
    match site {
        Some(site) => Ok(Some(open_site(tx, site, "site_id").await?.id)),
        None if tx.viewer.member().is_some_and(|member| member.grant == Grant::Manager) => {
            Err(UserError::invalid("site_id", "must be one of your sites").into())
        }
        None => Ok(None),
    }
}
