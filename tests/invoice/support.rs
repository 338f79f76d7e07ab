//! Helpers for billing.

use crate::support::{Actor, Value, World, json};
use dossier_core::viewer::{SystemPurpose, Viewer};

/// Returns a line with this net amount, at 20 %.
pub fn line(unit_price: &str) -> Value {
    json!({ "description": "Conseil", "unitPrice": unit_price, "vatRate": "20" })
}

fn id(payload: &Value, node: &str) -> String {
    payload[node]["id"].as_str().unwrap().to_owned()
}

/// Drafts an invoice of one line and returns its id.
pub async fn draft_invoice(actor: &Actor, client: &str, unit_price: &str) -> String {
    let input = json!({ "clientId": client, "title": "Site web", "lines": [line(unit_price)] });
    id(&actor.does("createInvoice", input, "invoice { id }").await, "invoice")
}

/// Drafts and issues an invoice of one line and returns its id.
pub async fn issued_invoice(actor: &Actor, client: &str, unit_price: &str) -> String {
    let invoice = draft_invoice(actor, client, unit_price).await;
    actor.does("issueInvoice", json!({ "id": invoice }), "").await;
    invoice
}

/// Drafts a quote of one line and returns its id.
pub async fn draft_quote(actor: &Actor, client: &str) -> String {
    let input = json!({ "clientId": client, "title": "Site web", "note": "Acompte de 30 %", "lines": [line("1000")] });
    id(&actor.does("createQuote", input, "quote { id }").await, "quote")
}

/// Drafts and issues a quote of one line and returns its id.
pub async fn issued_quote(actor: &Actor, client: &str) -> String {
    let quote = draft_quote(actor, client).await;
    actor.does("issueQuote", json!({ "id": quote }), "").await;
    quote
}

/// Drafts a credit note over these lines, or over the whole invoice, and returns its id.
pub async fn draft_credit_note(actor: &Actor, invoice: &str, lines: Value) -> String {
    let input = json!({ "invoiceId": invoice, "lines": lines });
    id(&actor.does("createCreditNote", input, "creditNote { id }").await, "creditNote")
}

/// Records a transfer and returns the payment's id.
pub async fn pay(actor: &Actor, invoice: &str, amount: &str) -> String {
    let input = json!({ "invoiceId": invoice, "amount": amount, "method": "TRANSFER" });
    id(&actor.does("recordPayment", input, "payment { id }").await, "payment")
}

/// Returns the state, and the amounts due, paid and credited of an invoice.
pub async fn state(actor: &Actor, invoice: &str) -> Vec<String> {
    let query = "query($id: ID!) { invoice(id: $id) {
        status amountDue { amount } paidTotal { amount } creditedTotal { amount }
    } }";
    let invoice = actor.query(query, json!({ "id": invoice })).await["invoice"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    vec![
        text(&invoice["status"]),
        text(&invoice["amountDue"]["amount"]),
        text(&invoice["paidTotal"]["amount"]),
        text(&invoice["creditedTotal"]["amount"]),
    ]
}

/// Sets the last day of a quote or an invoice, as if time had passed.
pub async fn age(world: &World, id: &str, last_day: chrono::NaiveDate) {
    use entities::invoice::{Column, Entity, Model};
    use sea_orm::ColumnTrait;
    let system = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(system).await.unwrap();
    let id = crate::support::fixtures::uuid(id);
    let before = tx.find::<Entity>().filter(Column::Id.eq(id)).one().await.unwrap().unwrap();
    let after = dossier_domain::invoice::with_keys(Model {
        valid_until: before.valid_until.map(|_| last_day),
        due_on: before.due_on.map(|_| last_day),
        ..before.clone()
    });
    let before = tx.authorize_row::<Entity>(dossier_policy::InvoiceAction::Bill, before).unwrap();
    tx.update_part(&before, &*before, after).await.unwrap();
    tx.commit().await.unwrap();
}
