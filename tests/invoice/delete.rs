//! Drafts of quotes, invoices and credit notes are deleted, and nothing else.

use super::support::{draft_credit_note, draft_invoice, draft_quote, issued_invoice, issued_quote, line};
use crate::support::{Actor, World, json};

const EVENTS: &str = "subscription { dossierEvents { type subjectId } }";

async fn delete(actor: &Actor, id: &str) {
    let payload = actor.does("deleteDraft", json!({ "id": id }), "deletedId").await;
    assert_eq!(payload["deletedId"], json!(id));
}

/// Returns whether the viewer finds the row by its id.
async fn exists(actor: &Actor, id: &str) -> bool {
    let query = "query($id: ID!) { node(id: $id) { id } }";
    !actor.query(query, json!({ "id": id })).await["node"].is_null()
}

#[tokio::test]
async fn drafts_of_all_kinds_are_deleted_and_announced() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let drafts = [
        draft_quote(&world.operator, &world.martin_id).await,
        draft_invoice(&world.operator, &world.martin_id, "7").await,
        draft_credit_note(&world.operator, &invoice, json!([line("1")])).await,
    ];
    let mut events = world.owner.socket().await.subscribe(EVENTS, json!({})).await;
    let lists = "{ quotes { totalCount } invoices { totalCount } creditNotes { totalCount } }";
    for id in &drafts {
        delete(&world.manager, id).await;
        let removed = events.next().await["dossierEvents"].clone();
        assert_eq!((&removed["type"], &removed["subjectId"]), (&json!("REMOVED"), &json!(id)), "{removed:#}");
        assert!(!exists(&world.operator, id).await);
        assert_eq!(world.operator.refused("deleteDraft", json!({ "id": id })).await, "NOT_FOUND id");
    }
    let left = world.operator.query(lists, json!({})).await;
    let expected =
        json!({ "quotes": { "totalCount": 0 }, "invoices": { "totalCount": 1 }, "creditNotes": { "totalCount": 0 } });
    assert_eq!(left, expected);
    let lines = world
        .app
        .by_hand("DELETE FROM invoice_line WHERE invoice_id IN (SELECT id FROM invoice WHERE deleted_at IS NOT NULL)");
    assert_eq!(lines.await, 0, "the lines are erased");
    let texts = world
        .app
        .by_hand("UPDATE invoice SET title = title WHERE deleted_at IS NOT NULL AND (title <> '' OR total <> 0)");
    assert_eq!(texts.await, 0, "the content is erased");
}

#[tokio::test]
async fn what_is_issued_stays() {
    let world = World::new().await;
    let quote = issued_quote(&world.operator, &world.martin_id).await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    for id in [&quote, &invoice] {
        assert_eq!(world.owner.refused("deleteDraft", json!({ "id": id })).await, "CONFLICT");
        assert_eq!(world.martin.refused("deleteDraft", json!({ "id": id })).await, "FORBIDDEN");
        assert_eq!(world.stranger.refused("deleteDraft", json!({ "id": id })).await, "NOT_FOUND id");
        assert!(exists(&world.martin, id).await);
    }
    let draft = draft_quote(&world.operator, &world.martin_id).await;
    assert_eq!(world.martin.refused("deleteDraft", json!({ "id": draft })).await, "NOT_FOUND id");
    world.operator.does("updateQuote", json!({ "id": draft, "title": "Autre" }), "").await;
    let old = json!({ "id": draft, "expectedRevision": 1 });
    assert_eq!(world.operator.refused("deleteDraft", old).await, "CONFLICT", "somebody changed it");
    let document = crate::support::actors::mutation("deleteDraft", "");
    assert_eq!(world.operator.code(&document, json!({ "input": { "id": world.martin_id } })).await, "BAD_USER_INPUT");
}

#[tokio::test]
async fn another_invoice_can_be_made_after_one_is_deleted() {
    let world = World::new().await;
    let quote = issued_quote(&world.operator, &world.martin_id).await;
    world.martin.does("acceptQuote", json!({ "id": quote }), "").await;
    let convert = async || {
        let made = world.operator.does("convertQuoteToInvoice", json!({ "id": quote }), "invoice { id }").await;
        made["invoice"]["id"].as_str().unwrap().to_owned()
    };
    let first = convert().await;
    assert_eq!(world.operator.refused("convertQuoteToInvoice", json!({ "id": quote })).await, "CONFLICT");
    delete(&world.operator, &first).await;
    let second = convert().await;
    let issued = world.operator.does("issueInvoice", json!({ "id": second }), "invoice { number }").await;
    assert!(issued["invoice"]["number"].as_str().unwrap().ends_with("-0001"), "no number is missing");
}

#[tokio::test]
async fn a_draft_is_deleted_or_issued_and_never_both() {
    let world = World::new().await;
    for _ in 0..4 {
        let id = draft_invoice(&world.operator, &world.martin_id, "7").await;
        let input = json!({ "id": id });
        let delete = world.operator.mutate("deleteDraft", input.clone(), "deletedId");
        let issue = world.manager.mutate("issueInvoice", input.clone(), "invoice { id }");
        let (deleted, issued) = tokio::join!(delete, issue);
        assert_ne!(deleted["deletedId"].is_null(), issued["invoice"].is_null(), "{deleted} {issued}");
        assert_eq!(exists(&world.operator, &id).await, deleted["deletedId"].is_null());
    }
}
