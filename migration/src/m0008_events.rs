//! Counters, and the outbox that they number.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(counter()).await?;
        manager.create_table(event()).await?;
        create_indexes(manager, "event", &[&["organization_id", "client_id", "number"]]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["event", "counter"]).await
    }
}

fn counter() -> TableCreateStatement {
    table("counter")
        .col(uuid("organization_id"))
        .col(text("name"))
        .col(big_integer("value"))
        .primary_key(Index::create().col("organization_id").col("name"))
        .foreign_key(&mut to_organization())
        .check(rule("value_not_negative", "value >= 0"))
        .take()
}

/// Neither the subject nor the sites are foreign keys, because an event outlives its subject.
fn event() -> TableCreateStatement {
    event_columns()
        .primary_key(Index::create().col("organization_id").col("number"))
        .index(&mut unique(&["id"]))
        .foreign_key(&mut to_organization())
        .foreign_key(&mut within_organization("client_id", "client"))
        .foreign_key(&mut to_user("actor_id"))
        .check(one_of("kind", KINDS))
        .check(one_of("subject_kind", SUBJECT_KINDS))
        .check(one_of("actor_kind", &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"]))
        .check(one_of("before_zone", ZONES))
        .check(one_of("after_zone", ZONES))
        .check(rule("number_positive", "number > 0"))
        .take()
}

fn event_columns() -> TableCreateStatement {
    table("event")
        .col(uuid("organization_id"))
        .col(big_integer("number"))
        .col(uuid("id"))
        .col(integer("format"))
        .col(uuid("client_id"))
        .col(string_len("kind", 40))
        .col(string_len("subject_kind", 24))
        .col(uuid("subject_id"))
        .col(string_len("actor_kind", 24))
        .col(uuid_null("actor_id"))
        .col(text("actor_name"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(boolean("before_present"))
        .col(uuid_null("before_site_id"))
        .col(string_len_null("before_zone", 24))
        .col(boolean_null("before_visible"))
        .col(boolean_null("before_internal"))
        .col(boolean_null("before_draft"))
        .col(boolean("after_present"))
        .col(uuid_null("after_site_id"))
        .col(string_len_null("after_zone", 24))
        .col(boolean_null("after_visible"))
        .col(boolean_null("after_internal"))
        .col(boolean_null("after_draft"))
        .take()
}

const ZONES: &[&str] = &["PRIVATE", "DOCUMENTS", "VISIOS", "CHAT", "INVOICES", "ASSETS"];

const SUBJECT_KINDS: &[&str] = &["CLIENT", "DOCUMENT", "CONVERSATION", "MESSAGE", "VALIDATION_REQUEST", "INVOICE"];

const KINDS: &[&str] = &[
    "CLIENT_CREATED",
    "CLIENT_UPDATED",
    "CLIENT_MOVED",
    "CLIENT_ARCHIVED",
    "CLIENT_RESTORED",
    "DOCUMENT_UPLOAD_REQUESTED",
    "DOCUMENT_UPLOADED",
    "DOCUMENT_PUBLISHED",
    "DOCUMENT_UNPUBLISHED",
    "DOCUMENT_MOVED",
    "DOCUMENT_RENAMED",
    "DOCUMENT_DELETED",
    "CONVERSATION_STARTED",
    "CONVERSATION_CLOSED",
    "MESSAGE_POSTED",
    "VALIDATION_SUBMITTED",
    "VALIDATION_RESUBMITTED",
    "VALIDATION_SHARED",
    "VALIDATION_ASSIGNED",
    "VALIDATION_APPROVED",
    "VALIDATION_REJECTED",
    "VALIDATION_CHANGES_REQUESTED",
    "VALIDATION_CANCELLED",
    "QUOTE_CREATED",
    "QUOTE_UPDATED",
    "QUOTE_ISSUED",
    "QUOTE_ACCEPTED",
    "QUOTE_REFUSED",
    "INVOICE_CREATED",
    "INVOICE_UPDATED",
    "INVOICE_ISSUED",
    "PAYMENT_RECORDED",
    "PAYMENT_REVERSED",
    "CREDIT_NOTE_CREATED",
    "CREDIT_NOTE_ISSUED",
];
