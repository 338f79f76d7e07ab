//! Quotes, invoices and credit notes, their lines, and payments.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(invoice()).await?;
        manager.create_index(one_invoice_of_quote()).await?;
        create_indexes(
            manager,
            "invoice",
            &[
                &["organization_id", "kind", "status", "id"],
                &["organization_id", "client_id", "kind", "id"],
                &["origin_id"],
            ],
        )
        .await?;
        manager.create_table(invoice_line()).await?;
        manager.create_table(payment()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["payment", "invoice_line", "invoice"]).await
    }
}

fn invoice() -> TableCreateStatement {
    let mut table = invoice_columns();
    table
        .index(&mut unique(&["organization_id", "client_id", "id"]))
        // Drafts do not conflict, because their numbers are null.
        .index(&mut unique(&["organization_id", "kind", "year", "sequence"]))
        .foreign_key(&mut within_dossier("origin_id", "invoice"))
        .check(one_of("kind", &["QUOTE", "INVOICE", "CREDIT_NOTE"]))
        .check(one_of("status", &["DRAFT", "ISSUED", "ACCEPTED", "REFUSED", "PARTIALLY_PAID", "PAID"]))
        .check(rule("status_of_kind", STATUS_OF_KIND))
        .check(rule("origin_of_kind", ORIGIN_OF_KIND))
        .check(rule("number_when_issued", NUMBER_WHEN_ISSUED))
        .check(rule("currency_code", "length(currency) = 3"))
        .check(rule("paid_not_negative", "paid_total >= 0"))
        .check(rule("credited_not_negative", "credited_total >= 0"))
        .check(rule("settled_within_total", SETTLED_WITHIN_TOTAL))
        .take()
}

fn invoice_columns() -> TableCreateStatement {
    dossier_table("invoice")
        .col(string_len("kind", 24))
        .col(string_len("status", 24))
        .col(integer_null("year"))
        .col(integer_null("sequence"))
        .col(text("title"))
        .col(text_null("note"))
        .col(text("currency"))
        .col(date_null("issued_on"))
        .col(date_null("due_on"))
        .col(date_null("valid_until"))
        .col(uuid_null("origin_id"))
        .col(big_integer("net_total"))
        .col(big_integer("vat_total"))
        .col(big_integer("total"))
        .col(big_integer("paid_total"))
        .col(big_integer("credited_total"))
        .col(text_null("refusal_reason"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take()
}

const STATUS_OF_KIND: &str = "(kind = 'QUOTE' AND status IN ('DRAFT', 'ISSUED', 'ACCEPTED', 'REFUSED')) \
    OR (kind = 'INVOICE' AND status IN ('DRAFT', 'ISSUED', 'PARTIALLY_PAID', 'PAID')) \
    OR (kind = 'CREDIT_NOTE' AND status IN ('DRAFT', 'ISSUED'))";

const ORIGIN_OF_KIND: &str =
    "(kind <> 'QUOTE' OR origin_id IS NULL) AND (kind <> 'CREDIT_NOTE' OR origin_id IS NOT NULL)";

const NUMBER_WHEN_ISSUED: &str = "(status = 'DRAFT' AND year IS NULL AND sequence IS NULL AND issued_on IS NULL) \
    OR (status <> 'DRAFT' AND year IS NOT NULL AND sequence IS NOT NULL AND issued_on IS NOT NULL)";

const SETTLED_WITHIN_TOTAL: &str = "(kind = 'INVOICE' AND paid_total + credited_total <= total) \
    OR (kind <> 'INVOICE' AND paid_total = 0 AND credited_total = 0)";

/// If two people invoice the same accepted quote at once, the second is refused.
fn one_invoice_of_quote() -> IndexCreateStatement {
    unique(&["origin_id"])
        .name("invoice_of_quote_idx")
        .table("invoice")
        .and_where(Expr::cust("kind = 'INVOICE' AND origin_id IS NOT NULL"))
        .take()
}

fn invoice_line() -> TableCreateStatement {
    dossier_table("invoice_line")
        .col(uuid("invoice_id"))
        .col(integer("position"))
        .col(text("description"))
        .col(big_integer("quantity"))
        .col(big_integer("unit_price"))
        .col(integer("vat_rate"))
        .col(big_integer("net_amount"))
        .index(&mut unique(&["invoice_id", "position"]))
        .foreign_key(&mut within_dossier("invoice_id", "invoice"))
        .check(rule("position_positive", "position > 0"))
        .check(rule("quantity_positive", "quantity > 0"))
        .check(rule("vat_rate_range", "vat_rate BETWEEN 0 AND 10000"))
        .take()
}

fn payment() -> TableCreateStatement {
    dossier_table("payment")
        .col(uuid("invoice_id"))
        .col(big_integer("amount"))
        .col(string_len("method", 24))
        .col(date("received_on"))
        .col(text_null("reference"))
        .col(uuid_null("reverses_id"))
        .col(text_null("reason"))
        .col(text("recorder_name"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(&["reverses_id"]))
        // This order of columns also serves the list of an invoice's payments, besides the key below.
        .index(&mut unique(&["invoice_id", "id", "organization_id", "client_id"]))
        .foreign_key(&mut within_dossier("invoice_id", "invoice"))
        .foreign_key(&mut reversed_payment())
        .check(one_of("method", &["TRANSFER", "CARD", "DIRECT_DEBIT", "CHEQUE", "CASH"]))
        .check(rule("amount_not_zero", "amount <> 0"))
        .check(rule("reversal_negative", "(amount < 0) = (reverses_id IS NOT NULL)"))
        .take()
}

/// Contains the invoice too, so that a reversal is for the same invoice as its payment.
fn reversed_payment() -> ForeignKeyCreateStatement {
    reference(
        &["organization_id", "client_id", "invoice_id", "reverses_id"],
        "payment",
        &["organization_id", "client_id", "invoice_id", "id"],
    )
}
