//! Rows of quotes, invoices, credit notes and payments.

use super::{CLIENT, ORGANIZATION, USER, id, insert_row, now, today};
use entities::{event, invoice, invoice_line, payment};
use sea_orm::prelude::*;

pub async fn fill(db: &DatabaseConnection) -> Result<(), DbErr> {
    use invoice::{Kind, Status};
    insert_row(db, invoice(71, Kind::Quote, Status::Accepted, Some(1), None)).await?;
    insert_row(db, invoice(72, Kind::Invoice, Status::Issued, Some(1), Some(71))).await?;
    insert_row(db, invoice(73, Kind::Invoice, Status::PartiallyPaid, Some(2), None)).await?;
    insert_row(db, invoice(74, Kind::CreditNote, Status::Issued, Some(1), Some(72))).await?;
    insert_row(db, invoice(75, Kind::Invoice, Status::Draft, None, None)).await?;
    let (organization_id, client_id) = (id(ORGANIZATION), id(CLIENT));
    for (number, position) in [(76, 1), (77, 2)] {
        let line = invoice_line::Model {
            id: id(number),
            organization_id,
            client_id,
            invoice_id: id(72),
            position,
            description: "Work".into(),
            quantity: 1_500,
            unit_price: -10_000,
            vat_rate: 2_000,
            net_amount: -15_000,
        };
        insert_row(db, line).await?;
    }
    for (number, amount, reverses) in [(81, 100, None), (82, 200, None), (83, -100, Some(81)), (84, -200, Some(82))] {
        let row = payment::Model {
            id: id(number),
            organization_id,
            client_id,
            invoice_id: id(72),
            amount,
            method: payment::Method::DirectDebit,
            received_on: today(),
            reference: Some("A reference".into()),
            reverses_id: reverses.map(id),
            reason: Some("A reason".into()),
            recorder_id: Some(id(USER)),
            recorder_name: "Somebody".into(),
            recorder_kind: event::ActorKind::Member,
            created_at: now(),
        };
        insert_row(db, row).await?;
    }
    Ok(())
}

fn invoice(
    number: u128,
    kind: invoice::Kind,
    status: invoice::Status,
    sequence: Option<i32>,
    request_context: Option<u128>,
) -> invoice::Model {
    let credited_total = if kind == invoice::Kind::Invoice { 20 } else { 0 };
    invoice::Model {
        id: id(number),
        organization_id: id(ORGANIZATION),
        client_id: id(CLIENT),
        kind,
        status,
        year: sequence.map(|_| 2026),
        sequence,
        title: "Work".into(),
        note: Some("Thank you".into()),
        currency: "EUR".into(),
        issued_on: sequence.map(|_| today()),
        due_on: Some(today()),
        valid_until: Some(today()),
        origin_id: request_context.map(id),
        net_total: 100,
        vat_total: 20,
        total: 120,
        paid_total: credited_total,
        credited_total,
        refusal_reason: Some("Too dear".into()),
        decided_at: Some(now()),
        revision: 1,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
        search_key: "work".into(),
        due_order: today(),
        number_order: sequence.map_or(i64::MAX, i64::from),
    }
}
