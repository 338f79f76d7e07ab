//! The sample's money: a quote on its way to being paid, an overdue invoice, a draft, a credit note.

use super::{dossiers::Clients, files, stage::Stage};
use dossier_core::error::BoxError;
use dossier_domain::{
    document,
    invoice::{self, NewCreditNote, NewDraft, NewLine, NewPayment},
};
use entities::{document::Zone, invoice::Kind, payment::Method};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Description, quantity in tenths, price in euros, VAT in percent.
type Line = (&'static str, i64, i64, i64);

const SHOP: &[Line] = &[
    ("Boutique en ligne : conception et intégration", 120, 520, 20),
    ("Formation au fournil", 10, 350, 20),
    ("Photographies, droits compris", 10, 480, 10),
];
const CARE: &[Line] = &[("Maintenance mensuelle", 10, 90, 20)];
const PORTFOLIO: &[Line] = &[("Portfolio en ligne", 50, 450, 20), ("Remise de bienvenue", 10, -150, 20)];
const BOOKS: &[Line] = &[("Catalogue des parutions", 80, 400, 20)];

/// Bills the clients.
pub async fn bill(stage: &Stage<'_>, clients: &Clients) -> Result<(), BoxError> {
    let Stage { hands, cast, .. } = stage;
    let (olivier, julien) = (&cast.olivier.credentials, &cast.julien.credentials);

    hands.set(58);
    let quote = draft(stage, Kind::Quote, clients.martin, "Boutique en ligne", SHOP).await?;
    issue(stage, Kind::Quote, quote).await?;
    hands.set(50);
    stage.act(julien, |tx| Box::pin(invoice::accept(tx, quote, None))).await?;
    let billed = stage.act(olivier, |tx| Box::pin(invoice::convert(tx, quote))).await?;

    // Issued in the order of time: a number is never dated before the one that it follows.
    hands.set(45);
    let overdue = draft(stage, Kind::Invoice, clients.quai, "Catalogue", BOOKS).await?;
    issue(stage, Kind::Invoice, overdue).await?;
    hands.set(25);
    issue(stage, Kind::Invoice, billed).await?;
    let printed = files::pdf("facture-boutique.pdf", "Facture", &["Boutique en ligne", "8 436,00 € TTC"]);
    let printed = stage.upload(olivier, clients.martin, Zone::Invoices, printed).await?;
    stage.act(olivier, |tx| Box::pin(document::publish(tx, printed, None, None))).await?;
    pay(stage, billed, 3_000).await?;

    hands.set(15);
    let portfolio = draft(stage, Kind::Invoice, clients.durand, "Portfolio", PORTFOLIO).await?;
    issue(stage, Kind::Invoice, portfolio).await?;
    let correction = NewCreditNote {
        invoice: portfolio,
        title: Some("Geste commercial".into()),
        note: None,
        lines: Some(lines(&[("Geste commercial sur le portfolio", 10, 100, 20)])),
    };
    let credit = stage.act(olivier, |tx| Box::pin(invoice::create_credit_note(tx, correction))).await?;
    issue(stage, Kind::CreditNote, credit).await?;

    hands.set(1);
    let offer = draft(stage, Kind::Quote, clients.durand, "Carnet d’adresses", CARE).await?;
    issue(stage, Kind::Quote, offer).await?;
    draft(stage, Kind::Invoice, clients.martin, "Maintenance de décembre", CARE).await?;
    Ok(())
}

async fn draft(stage: &Stage<'_>, kind: Kind, client: Uuid, title: &str, priced: &[Line]) -> Result<Uuid, BoxError> {
    let new = NewDraft { client, title: title.into(), note: None, until: None, lines: lines(priced) };
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(invoice::create(tx, kind, new))).await
}

async fn issue(stage: &Stage<'_>, kind: Kind, id: Uuid) -> Result<Uuid, BoxError> {
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(invoice::issue(tx, kind, id, None))).await
}

async fn pay(stage: &Stage<'_>, invoice: Uuid, euros: i64) -> Result<Uuid, BoxError> {
    let new = NewPayment {
        invoice,
        amount: Decimal::from(euros),
        method: Method::Transfer,
        received_on: None,
        reference: Some("VIR BOULANGERIE MARTIN".into()),
    };
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(invoice::record_payment(tx, new))).await
}

fn lines(priced: &[Line]) -> Vec<NewLine> {
    let line = |&(description, tenths, euros, percent): &Line| NewLine {
        description: description.into(),
        quantity: Decimal::new(tenths, 1),
        unit_price: Decimal::from(euros),
        vat_rate: Decimal::from(percent),
    };
    priced.iter().map(line).collect()
}
