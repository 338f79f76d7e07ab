//! Credit notes, which correct issued invoices. Together they never exceed the amount due. To refund a payment, the
//! agency reverses it, and the amount is due again.

use super::{
    Changes, InvoiceUseCase, billed_invoice, draft, lines, managed, revised,
    use_case::{credited_invoice, require_creditable, require_draft, require_issued},
    with_status,
};
use crate::{check, use_case::UseCase};
use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, WriteTx};
use dossier_policy::InvoiceAction;
use entities::{
    client,
    invoice::{Entity, Kind, Model},
};
use uuid::Uuid;

/// The input for a new credit note.
pub struct NewCreditNote {
    /// The invoice to correct.
    pub invoice: Uuid,
    /// The title. By default, it is the invoice's title.
    pub title: Option<String>,
    /// The text below the lines, such as the reason.
    pub note: Option<String>,
    /// The credited lines. By default, these are all lines of the invoice.
    pub lines: Option<Vec<lines::NewLine>>,
}

/// Drafts a credit note for an issued invoice.
pub async fn create(tx: &WriteTx, new: NewCreditNote) -> Result<Uuid, Error> {
    let invoice = billed_invoice(tx, new.invoice, "invoice_id").await?;
    let dossier = tx.visible::<client::Entity>(invoice.client_id, "invoice_id").await?;
    InvoiceUseCase::CreateCreditNote.check(tx, &invoice, &dossier).await?;
    let blank = draft::blank(tx, Kind::CreditNote, &dossier, invoice.currency.clone())?;
    let title = check::given(new.title.as_deref()).map_or_else(|| Ok(invoice.title.clone()), draft::title)?;
    let row = Model { title, note: draft::note(new.note.as_deref())?, origin_id: Some(invoice.id), ..blank };
    let lines = match new.lines {
        Some(lines) => lines::priced(&lines, &row.currency)?,
        None => lines::of(tx, &invoice).await?,
    };
    require_credit(&invoice, lines::with_totals(row.clone(), &lines)?.total)?;
    draft::insert(tx, &dossier, row, lines).await
}

/// Changes the draft of a credit note. It must still credit more than 0, and not more than what is due.
pub async fn update(tx: &WriteTx, id: Uuid, changes: Changes, expected: Option<i32>) -> Result<Uuid, Error> {
    let before = managed(tx, id, "id", Kind::CreditNote, InvoiceAction::Bill).await?;
    check::revision(expected, before.revision)?;
    require_draft(&before)?;
    let invoice = billed_invoice(tx, credited_invoice(&before)?, "id").await?;
    let mut after = before.clone();
    if let Some(title) = changes.title {
        after.title = draft::title(&title)?;
    }
    if let Some(note) = changes.note {
        after.note = draft::note(note.as_deref())?;
    }
    let lines = changes.lines.map(|lines| lines::priced(&lines, &before.currency)).transpose()?;
    if let Some(lines) = &lines {
        require_credit(&invoice, lines::with_totals(after.clone(), lines)?.total)?;
    }
    draft::store(tx, &before, after, lines).await?;
    Ok(id)
}

fn require_credit(invoice: &Model, total: i64) -> Result<(), UserError> {
    if total == 0 {
        return Err(UserError::invalid("lines", "must credit more than 0"));
    }
    require_creditable(invoice, total)
}

/// Applies a credit note that is being issued to its invoice. The amount due is checked again, because since the draft,
/// a payment may have come in, or another credit note may have been issued.
pub(super) async fn apply(tx: &WriteTx, credit_note: &Allowed<Entity>) -> Result<(), Error> {
    let invoice = billed_invoice(tx, credited_invoice(credit_note)?, "id").await?;
    require_issued(&invoice)?;
    require_creditable(&invoice, credit_note.total)?;
    let credited = Model { credited_total: invoice.credited_total + credit_note.total, ..invoice.clone() };
    tx.update_part(credit_note, &*invoice, revised(tx, &invoice, with_status(credited))).await.map(drop)
}
