//! Generates bills: quotes, their answers, and invoices with their payments.

use super::{invoice::SoldLine, story::Story, words::SERVICES};
use dossier_core::money;
use entities::invoice::{Kind, Model, Status};

/// The life of an invoice.
enum Life {
    Draft,
    Issued,
    /// Half of it is paid.
    Started,
    Paid,
    /// Paid, reversed by the bank, and paid again.
    Bounced,
    /// It is credited in full.
    Credited,
    /// Its first line is credited, and the rest is paid.
    Corrected,
    /// A credit note is drafted.
    Disputed,
}

/// Whether there was a quote, and the life of the invoice. They are used in turn, so that each occurs.
const LIVES: &[(bool, Life)] = &[
    (true, Life::Paid),
    (false, Life::Started),
    (false, Life::Issued),
    (true, Life::Draft),
    (false, Life::Credited),
    (true, Life::Bounced),
    (false, Life::Corrected),
    (true, Life::Disputed),
    (false, Life::Draft),
];

impl Story<'_> {
    pub(super) fn billing(&mut self, count: u32) {
        for number in 0..count {
            let (quoted, life) = &LIVES[(self.turn as usize + number as usize) % LIVES.len()];
            let quote = quoted.then(|| self.accepted_quote());
            self.invoice(life, quote);
        }
        if count > 0 {
            self.open_quote();
        }
    }

    /// Generates a quote without an invoice.
    fn open_quote(&mut self) {
        let at = self.some_time();
        let author = self.decider().actor;
        let lines = self.choose_lines();
        let draft = self.draft(at, &author, Kind::Quote, None, lines);
        let quote = match self.turn % 4 {
            0 => draft,
            1 => {
                let issued = self.issue(&draft, &author);
                self.answer(&issued, Status::Refused)
            }
            _ => self.issue(&draft, &author),
        };
        self.rows.invoices.push(quote);
    }

    fn accepted_quote(&mut self) -> (Model, Vec<SoldLine>) {
        let at = self.some_time();
        let author = self.decider().actor;
        let lines = self.choose_lines();
        let draft = self.draft(at, &author, Kind::Quote, None, lines.clone());
        let issued = self.issue(&draft, &author);
        let quote = self.answer(&issued, Status::Accepted);
        self.rows.invoices.push(quote.clone());
        (quote, lines)
    }

    fn invoice(&mut self, life: &Life, quote: Option<(Model, Vec<SoldLine>)>) {
        let (quote, lines, at) = match quote {
            Some((quote, lines)) => {
                let at = self.later(quote.updated_at);
                (Some(quote), lines, at)
            }
            None => (None, self.choose_lines(), self.some_time()),
        };
        let author = self.decider().actor;
        let draft = self.draft(at, &author, Kind::Invoice, quote.as_ref(), lines.clone());
        if matches!(life, Life::Draft) {
            self.rows.invoices.push(draft);
            return;
        }
        let issued = self.issue(&draft, &author);
        let (row, credit_note) = match life {
            Life::Draft | Life::Issued => (issued, None),
            Life::Started => (self.pay(&issued, issued.total / 2), None),
            Life::Paid => (self.pay(&issued, issued.total), None),
            Life::Bounced => (self.reverse_and_pay_again(&issued), None),
            Life::Credited => self.credit(issued, lines, true),
            Life::Corrected => {
                let (row, credit_note) = self.credit(issued, lines[..1].to_vec(), true);
                let rest = row.total - row.credited_total;
                (if rest > 0 { self.pay(&row, rest) } else { row }, credit_note)
            }
            Life::Disputed => self.credit(issued, lines, false),
        };
        self.rows.invoices.push(row);
        // After the invoice to which it refers.
        self.rows.invoices.extend(credit_note);
    }

    fn choose_lines(&mut self) -> Vec<SoldLine> {
        let rates = self.people.country.vat_rates;
        (0..=1 + self.random.below(3))
            .map(|_| {
                let (description, unit_price, quantity, rate) = *self.random.one(SERVICES);
                let unit_price = unit_price + self.random.below(100).cast_signed();
                // These values are small enough: no product reaches the limit.
                let net_amount = money::net_amount(quantity, unit_price).unwrap_or_default();
                SoldLine { description, quantity, unit_price, vat_rate: rates[rate % rates.len()], net_amount }
            })
            .collect()
    }
}
