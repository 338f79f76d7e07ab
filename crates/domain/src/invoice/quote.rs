//! The answer to a quote, and the invoice that follows from it.

use super::{draft, expired, lines, managed, save};
use crate::{calendar, check, client::open_dossier};
use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, WriteTx};
use dossier_policy::InvoiceAction;
use entities::{
    event,
    invoice::{Column, Entity, Kind, Model, Status},
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// The maximum length of a reason.
const REASON: usize = 1_000;

/// Accepts a quote for the client. It fails after the last day.
pub async fn accept(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = require_unanswered(tx, id, expected).await?;
    if expired(&before, calendar::today(tx).await?) {
        return Err(UserError::conflict("This quote has expired. Ask for a new one.").into());
    }
    let after = Model { status: Status::Accepted, decided_at: Some(tx.now), ..before.clone() };
    save(tx, &before, after, event::Kind::QuoteAccepted).await?;
    Ok(id)
}

/// Refuses a quote for the client.
pub async fn refuse(tx: &WriteTx, id: Uuid, reason: Option<String>, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = require_unanswered(tx, id, expected).await?;
    let refusal_reason = check::optional("reason", reason.as_deref(), REASON, check::text)?;
    let after = Model { status: Status::Refused, decided_at: Some(tx.now), refusal_reason, ..before.clone() };
    save(tx, &before, after, event::Kind::QuoteRefused).await?;
    Ok(id)
}

/// Drafts the invoice of an accepted quote, once. The quote itself does not change, so that its client does not notice.
pub async fn convert(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let quote = managed(tx, id, "id", Kind::Quote, InvoiceAction::Bill).await?.into_row();
    if quote.status != Status::Accepted {
        return Err(UserError::conflict("Only an accepted quote can become an invoice.").into());
    }
    let made = tx.find_whole::<Entity>()?.filter(Column::Kind.eq(Kind::Invoice)).filter(Column::OriginId.eq(id));
    if made.exists().await? {
        return Err(UserError::conflict("An invoice was already created from this quote.").into());
    }
    let dossier = open_dossier(tx, quote.client_id, "id").await?;
    let lines = lines::of(tx, &quote).await?;
    let blank = draft::blank(tx, Kind::Invoice, &dossier, quote.currency)?;
    let row = Model { title: quote.title, note: quote.note, origin_id: Some(id), ..blank };
    draft::insert(tx, &dossier, row, lines).await
}

async fn require_unanswered(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Allowed<Entity>, Error> {
    let row = managed(tx, id, "id", Kind::Quote, InvoiceAction::Answer).await?;
    check::revision(expected, row.revision)?;
    match row.status {
        Status::Issued => Ok(row),
        Status::Draft => Err(UserError::conflict("This quote is a draft. Issue it first.").into()),
        Status::Accepted => Err(UserError::conflict("This quote is already accepted.").into()),
        Status::Refused => Err(UserError::conflict("This quote is already refused.").into()),
        Status::PartiallyPaid | Status::Paid => Err(Error::internal("a quote in the state of an invoice")),
    }
}
