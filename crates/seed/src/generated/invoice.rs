//! Generates the life of a quote, an invoice or a credit note: drafted, issued, answered, paid, credited.

use super::{
    story::Story,
    words::{PROJECTS, REFUSALS},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use dossier_core::{money, viewer::Actor};
use dossier_domain::{calendar, invoice::with_status};
use entities::{
    event::Kind as DomainEvent,
    invoice::{Kind, Model, Status},
    invoice_line as line,
    payment::{self, Method},
};
use uuid::Uuid;

/// The time until a quote expires or an invoice is due, in days.
const TERM: u64 = 30;

const METHODS: &[Method] =
    &[Method::Transfer, Method::Transfer, Method::Card, Method::DirectDebit, Method::Cheque, Method::Cash];

impl Story<'_> {
    pub(super) fn draft(
        &mut self,
        at: DateTime<Utc>,
        author: &Actor,
        kind: Kind,
        origin: Option<&Model>,
        lines: Vec<SoldLine>,
    ) -> Model {
        // These values are small enough: no sum reaches the limit.
        let totals = money::Totals::of(lines.iter().map(|line| (line.vat_rate, line.net_amount))).unwrap_or_default();
        let title = match origin {
            Some(origin) => origin.title.clone(),
            None => (*self.random.one(PROJECTS)).to_owned(),
        };
        let row = Model {
            id: self.random.id(at),
            organization_id: self.dossier.organization_id,
            client_id: self.dossier.id,
            kind,
            status: Status::Draft,
            year: None,
            sequence: None,
            title,
            note: None,
            currency: self.people.organization.currency.clone(),
            issued_on: None,
            due_on: None,
            valid_until: None,
            origin_id: origin.map(|origin| origin.id),
            net_total: totals.net,
            vat_total: totals.vat,
            total: totals.total,
            paid_total: 0,
            credited_total: 0,
            refusal_reason: None,
            decided_at: None,
            revision: 1,
            created_at: at,
            updated_at: at,
            ..Model::default()
        };
        for (position, line) in (1..).zip(lines) {
            let id = self.random.id(at);
            self.rows.lines.push(line.of(id, &row, position));
        }
        let event = match kind {
            Kind::Quote => DomainEvent::QuoteCreated,
            Kind::Invoice => DomainEvent::InvoiceCreated,
            Kind::CreditNote => DomainEvent::CreditNoteCreated,
        };
        self.added(at, author, event, &row);
        row
    }

    /// Issues a document without its number. Numbers follow when the order of all issued documents is known.
    pub(super) fn issue(&mut self, before: &Model, author: &Actor) -> Model {
        let at = self.later(before.updated_at);
        let today = self.day(at);
        let term = today.checked_add_days(Days::new(TERM));
        let (valid_until, due_on, event) = match before.kind {
            Kind::Quote => (term, None, DomainEvent::QuoteIssued),
            Kind::Invoice => (None, term, DomainEvent::InvoiceIssued),
            Kind::CreditNote => (None, None, DomainEvent::CreditNoteIssued),
        };
        let (year, issued_on) = (Some(today.year()), Some(today));
        let after = Model { year, issued_on, valid_until, due_on, status: Status::Issued, ..before.clone() };
        self.rows.issue(at, after.id);
        self.update_bill(before, after, at, author, event)
    }

    pub(super) fn answer(&mut self, before: &Model, status: Status) -> Model {
        let at = self.later(before.updated_at);
        let answerer = match &self.client {
            Some(client) => client.clone(),
            None => self.decider().actor,
        };
        let refused = status == Status::Refused;
        let refusal_reason = refused.then(|| (*self.random.one(REFUSALS)).to_owned());
        let after = Model { status, decided_at: Some(at), refusal_reason, ..before.clone() };
        self.update_bill(
            before,
            after,
            at,
            &answerer,
            if refused { DomainEvent::QuoteRefused } else { DomainEvent::QuoteAccepted },
        )
    }

    pub(super) fn pay(&mut self, before: &Model, amount: i64) -> Model {
        let method = *self.random.one(METHODS);
        self.payment(before, amount, method, None)
    }

    /// Records a payment, its reversal by the bank, and a second payment.
    pub(super) fn reverse_and_pay_again(&mut self, before: &Model) -> Model {
        let paid = self.payment(before, before.total, Method::DirectDebit, None);
        let bounced = self.rows.payments.last().map(|payment| payment.id);
        let unpaid = self.payment(&paid, -before.total, Method::DirectDebit, bounced);
        self.pay(&unpaid, before.total)
    }

    fn payment(&mut self, before: &Model, amount: i64, method: Method, reverses_id: Option<Uuid>) -> Model {
        let at = self.later(before.updated_at);
        let recorder = self.decider().actor;
        let row = payment::Model {
            id: self.random.id(at),
            organization_id: before.organization_id,
            client_id: before.client_id,
            invoice_id: before.id,
            amount,
            method,
            received_on: self.day(at),
            reference: None,
            reverses_id,
            reason: reverses_id.map(|_| "Prélèvement rejeté par la banque.".to_owned()),
            recorder_id: recorder.user,
            recorder_name: recorder.name.clone(),
            recorder_kind: recorder.kind,
            created_at: at,
        };
        self.rows.payments.push(row);
        let after = with_status(Model { paid_total: before.paid_total + amount, ..before.clone() });
        let event = if reverses_id.is_some() { DomainEvent::PaymentReversed } else { DomainEvent::PaymentRecorded };
        self.update_bill(before, after, at, &recorder, event)
    }

    /// Generates a credit note, issued or not. Returns also the invoice after it.
    pub(super) fn credit(&mut self, invoice: Model, lines: Vec<SoldLine>, issued: bool) -> (Model, Option<Model>) {
        let at = self.later(invoice.updated_at);
        let author = self.decider().actor;
        let draft = self.draft(at, &author, Kind::CreditNote, Some(&invoice), lines);
        if !issued {
            return (invoice, Some(draft));
        }
        let note = self.issue(&draft, &author);
        let (revision, credited_total) = (invoice.revision + 1, invoice.credited_total + note.total);
        // The credit note's event covers both.
        let invoice = with_status(Model { revision, credited_total, updated_at: note.updated_at, ..invoice });
        (invoice, Some(note))
    }

    fn update_bill(
        &mut self,
        before: &Model,
        after: Model,
        at: DateTime<Utc>,
        actor: &Actor,
        event: DomainEvent,
    ) -> Model {
        let after = Model { revision: before.revision + 1, updated_at: at, ..after };
        self.changed(at, actor, event, before, &after);
        after
    }

    /// Returns the day in the organization's time zone.
    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        calendar::day(at, self.people.time_zone)
    }
}

/// A line that has no document yet.
#[derive(Clone)]
pub(super) struct SoldLine {
    pub description: &'static str,
    pub quantity: i64,
    pub unit_price: i64,
    pub vat_rate: i32,
    pub net_amount: i64,
}

impl SoldLine {
    fn of(self, id: Uuid, row: &Model, position: i32) -> line::Model {
        line::Model {
            id,
            organization_id: row.organization_id,
            client_id: row.client_id,
            invoice_id: row.id,
            position,
            description: self.description.to_owned(),
            quantity: self.quantity,
            unit_price: self.unit_price,
            vat_rate: self.vat_rate,
            net_amount: self.net_amount,
        }
    }
}
