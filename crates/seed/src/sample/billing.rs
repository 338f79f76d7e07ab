//! The sample's bills: a quote with a partly paid invoice, an overdue invoice, a draft, a credit note.

use super::{builder::SampleBuilder, dossiers::Clients, files};
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

/// Creates the bills of the clients.
pub async fn bill(builder: &SampleBuilder<'_>, clients: &Clients) -> Result<(), BoxError> {
    let SampleBuilder { clock, people, .. } = builder;
    let (olivier, julien) = (&people.olivier.credentials, &people.julien.credentials);

    clock.set(58);
    let quote = draft(builder, Kind::Quote, clients.martin, "Boutique en ligne", SHOP).await?;
    issue(builder, Kind::Quote, quote).await?;
    clock.set(50);
    builder.act(julien, |tx| Box::pin(invoice::accept(tx, quote, None))).await?;
    let billed = builder.act(olivier, |tx| Box::pin(invoice::convert(tx, quote))).await?;

    // In the order of time, because a number must not have an earlier date than the one before.
    clock.set(45);
    let overdue = draft(builder, Kind::Invoice, clients.quai, "Catalogue", BOOKS).await?;
    issue(builder, Kind::Invoice, overdue).await?;
    clock.set(25);
    issue(builder, Kind::Invoice, billed).await?;
    let printed = files::pdf("facture-boutique.pdf", "Facture", &["Boutique en ligne", "8 436,00 € TTC"]);
    let printed = builder.upload(olivier, clients.martin, Zone::Invoices, printed).await?;
    builder.act(olivier, |tx| Box::pin(document::publish(tx, printed, None, None))).await?;
    pay(builder, billed, 3_000).await?;

    clock.set(15);
    let portfolio = draft(builder, Kind::Invoice, clients.durand, "Portfolio", PORTFOLIO).await?;
    issue(builder, Kind::Invoice, portfolio).await?;
    let correction = NewCreditNote {
        invoice: portfolio,
        title: Some("Geste commercial".into()),
        note: None,
        lines: Some(lines(&[("Geste commercial sur le portfolio", 10, 100, 20)])),
    };
    let credit = builder.act(olivier, |tx| Box::pin(invoice::create_credit_note(tx, correction))).await?;
    issue(builder, Kind::CreditNote, credit).await?;

    clock.set(1);
    let offer = draft(builder, Kind::Quote, clients.durand, "Carnet d’adresses", CARE).await?;
    issue(builder, Kind::Quote, offer).await?;
    draft(builder, Kind::Invoice, clients.martin, "Maintenance de décembre", CARE).await?;
    Ok(())
}

async fn draft(
    builder: &SampleBuilder<'_>,
    kind: Kind,
    client: Uuid,
    title: &str,
    priced: &[Line],
) -> Result<Uuid, BoxError> {
    let new = NewDraft { client, title: title.into(), note: None, until: None, lines: lines(priced) };
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(invoice::create(tx, kind, new))).await
}

async fn issue(builder: &SampleBuilder<'_>, kind: Kind, id: Uuid) -> Result<Uuid, BoxError> {
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(invoice::issue(tx, kind, id, None))).await
}

async fn pay(builder: &SampleBuilder<'_>, invoice: Uuid, euros: i64) -> Result<Uuid, BoxError> {
    let new = NewPayment {
        invoice,
        amount: Decimal::from(euros),
        method: Method::Transfer,
        received_on: None,
        reference: Some("VIR BOULANGERIE MARTIN".into()),
    };
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(invoice::record_payment(tx, new))).await
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
