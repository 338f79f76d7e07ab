//! The use cases of quotes, invoices, credit notes and payments, and the state that each needs.

use super::{due, expired};
use crate::{calendar, use_case::UseCase};
use chrono::NaiveDate;
use dossier_core::{
    error::{Error, UserError},
    money,
    viewer::Member,
};
use dossier_data::ReadTx;
use dossier_policy::{InvoiceAction, permit};
use entities::{
    invoice::{Column, Entity, Kind, Model, Status},
    invoice_line as line, payment,
};
use sea_orm::{ColumnTrait, EnumIter};
use std::borrow::Cow;
use uuid::Uuid;

/// The default time until a quote expires or an invoice is due, in days.
const TERM: u64 = 30;

/// The use cases of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum QuoteUseCase {
    /// Change the draft.
    Update,
    /// Delete the draft.
    Delete,
    /// Number the draft and freeze it.
    Issue,
    /// Accept it for the client.
    Accept,
    /// Refuse it for the client.
    Refuse,
    /// Draft an invoice from it.
    ConvertToInvoice,
}

/// The use cases of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum InvoiceUseCase {
    /// Change the draft.
    Update,
    /// Delete the draft.
    Delete,
    /// Number the draft and freeze it.
    Issue,
    /// Record a payment.
    RecordPayment,
    /// Draft a credit note.
    CreateCreditNote,
}

/// The use cases of a credit note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum CreditNoteUseCase {
    /// Change the draft.
    Update,
    /// Delete the draft.
    Delete,
    /// Number the draft and freeze it.
    Issue,
}

/// The use cases of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum PaymentUseCase {
    /// Reverse it.
    Reverse,
}

impl UseCase for QuoteUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        let action = match self {
            Self::Accept | Self::Refuse => InvoiceAction::Answer,
            Self::Update | Self::Delete | Self::Issue | Self::ConvertToInvoice => InvoiceAction::Bill,
        };
        permit::<Entity>(member, action, row)
    }

    fn adds_to(self, row: &Model) -> Option<Uuid> {
        (self == Self::ConvertToInvoice).then_some(row.client_id)
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        match self {
            Self::Update | Self::Delete => Ok(require_draft(row)?),
            Self::Issue => require_issuable(tx, row).await,
            Self::Accept => {
                require_unanswered(row)?;
                if expired(row, calendar::today(tx).await?) {
                    return Err(UserError::conflict("This quote has expired. Ask for a new one.").into());
                }
                Ok(())
            }
            Self::Refuse => Ok(require_unanswered(row)?),
            Self::ConvertToInvoice => require_convertible(tx, row).await,
        }
    }
}

impl UseCase for InvoiceUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        permit::<Entity>(member, InvoiceAction::Bill, row)
    }

    fn adds_to(self, row: &Model) -> Option<Uuid> {
        (self == Self::CreateCreditNote).then_some(row.client_id)
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        match self {
            Self::Update | Self::Delete => Ok(require_draft(row)?),
            Self::Issue => require_issuable(tx, row).await,
            Self::RecordPayment | Self::CreateCreditNote => {
                require_issued(row)?;
                if due(row) == 0 {
                    let advice = if self == Self::CreateCreditNote { advice(row) } else { "" };
                    return Err(UserError::conflict(format!("Nothing is due for this invoice.{advice}")).into());
                }
                Ok(())
            }
        }
    }
}

impl UseCase for CreditNoteUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        permit::<Entity>(member, InvoiceAction::Bill, row)
    }

    fn adds_to(self, _: &Model) -> Option<Uuid> {
        None
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        match self {
            Self::Update | Self::Delete => Ok(require_draft(row)?),
            Self::Issue => require_issuable(tx, row).await,
        }
    }
}

impl UseCase for PaymentUseCase {
    type Row = payment::Model;

    /// The permission is that for its invoice, which everybody sees who sees the payment.
    fn permit(self, member: &Member, row: &payment::Model) -> Result<(), Cow<'static, str>> {
        let invoice = Model { id: row.invoice_id, client_id: row.client_id, ..Model::default() };
        permit::<Entity>(member, InvoiceAction::Bill, &invoice)
    }

    fn adds_to(self, _: &payment::Model) -> Option<Uuid> {
        None
    }

    async fn check_state(self, tx: &ReadTx, row: &payment::Model) -> Result<(), Error> {
        match self {
            Self::Reverse => require_reversible(tx, row).await,
        }
    }
}

/// Fails unless the row is a draft.
pub(super) fn require_draft(row: &Model) -> Result<(), UserError> {
    if row.status == Status::Draft {
        return Ok(());
    }
    Err(UserError::conflict(match row.kind {
        Kind::Quote => "An issued quote cannot be changed. Create a new one instead.",
        Kind::Invoice => "An issued invoice cannot be changed. Correct it with a credit note.",
        Kind::CreditNote => "An issued credit note cannot be changed.",
    }))
}

/// Fails unless an invoice can get a payment or a credit note.
pub(super) fn require_issued(invoice: &Model) -> Result<(), UserError> {
    if invoice.status == Status::Draft {
        return Err(UserError::conflict("This invoice is a draft. Issue it first."));
    }
    Ok(())
}

/// Fails unless the draft can be numbered and frozen.
pub(super) async fn require_issuable(tx: &ReadTx, row: &Model) -> Result<(), Error> {
    require_draft(row)?;
    if !tx.find::<line::Entity>().exists_of(line::Column::InvoiceId, row.id).await? {
        return Err(UserError::conflict("This draft has no lines. Add at least one.").into());
    }
    dated(row.clone(), calendar::today(tx).await?)?;
    if row.kind == Kind::CreditNote {
        let invoice = tx.get::<Entity>(credited_invoice(row)?).await?;
        let invoice = invoice.ok_or_else(|| Error::internal("a credit note is seen whose invoice is not"))?;
        require_issued(&invoice)?;
        require_creditable(&invoice, row.total)?;
    }
    Ok(())
}

/// Returns the invoice that a credit note corrects.
pub(super) fn credited_invoice(credit_note: &Model) -> Result<Uuid, Error> {
    credit_note.origin_id.ok_or_else(|| Error::internal("a credit note without an invoice"))
}

/// Sets the last day, which must not be over.
pub(super) fn dated(row: Model, today: NaiveDate) -> Result<Model, Error> {
    let last = |given: Option<NaiveDate>, purpose: &str| match given {
        Some(last) if last < today => Err(UserError::conflict(format!(
            "The last day to {purpose} is {last}, and today is {today}. Change the draft first."
        ))
        .into()),
        Some(last) => Ok(Some(last)),
        None => calendar::later(today, TERM).map(Some),
    };
    Ok(match row.kind {
        Kind::Quote => Model { valid_until: last(row.valid_until, "accept this quote")?, ..row },
        Kind::Invoice => Model { due_on: last(row.due_on, "pay this invoice")?, ..row },
        Kind::CreditNote => row,
    })
}

/// Fails if a credit note would exceed the amount due.
pub(super) fn require_creditable(invoice: &Model, total: i64) -> Result<(), UserError> {
    let due = due(invoice);
    if total <= due {
        return Ok(());
    }
    let shown = |amount| format!("{} {}", money::decimal_amount(amount, &invoice.currency), invoice.currency);
    Err(UserError::conflict(format!(
        "This would credit {}, but only {} of the invoice is neither paid nor credited.{}",
        shown(total),
        shown(due),
        advice(invoice)
    )))
}

fn advice(invoice: &Model) -> &'static str {
    if invoice.paid_total > 0 { " To credit a paid amount, reverse its payment first." } else { "" }
}

fn require_unanswered(quote: &Model) -> Result<(), Error> {
    match quote.status {
        Status::Issued => Ok(()),
        Status::Draft => Err(UserError::conflict("This quote is a draft. Issue it first.").into()),
        Status::Accepted => Err(UserError::conflict("This quote is already accepted.").into()),
        Status::Refused => Err(UserError::conflict("This quote is already refused.").into()),
        Status::PartiallyPaid | Status::Paid => Err(Error::internal("a quote in the state of an invoice")),
    }
}

async fn require_convertible(tx: &ReadTx, quote: &Model) -> Result<(), Error> {
    if quote.status != Status::Accepted {
        return Err(UserError::conflict("Only an accepted quote can become an invoice.").into());
    }
    let made = tx.find_whole::<Entity>()?.filter(Column::Kind.eq(Kind::Invoice));
    if made.exists_of(Column::OriginId, quote.id).await? {
        return Err(UserError::conflict("An invoice was already created from this quote.").into());
    }
    Ok(())
}

async fn require_reversible(tx: &ReadTx, payment: &payment::Model) -> Result<(), Error> {
    if payment.reverses_id.is_some() {
        let message = "This is a reversal, which cannot be reversed. Record a new payment instead.";
        return Err(UserError::conflict(message).into());
    }
    if tx.find_whole::<payment::Entity>()?.exists_of(payment::Column::ReversesId, payment.id).await? {
        return Err(UserError::conflict("This payment is already reversed.").into());
    }
    Ok(())
}
