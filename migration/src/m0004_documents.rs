//! Documents and their versions, which refer to each other.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut document = document(manager);
        // SQLite accepts a key to a table that does not exist yet, and cannot add one later. PostgreSQL is the
        // opposite.
        if manager.get_database_backend() == DbBackend::Sqlite {
            document.foreign_key(&mut published_version());
        }
        manager.create_table(document).await?;
        create_indexes(
            manager,
            "document",
            &[&["organization_id", "client_id", "zone", "name_key", "id"], &["organization_id", "updated_at", "id"]],
        )
        .await?;
        manager.create_table(document_version()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.create_foreign_key(published_version()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let part = match manager.get_database_backend() {
            DbBackend::Sqlite => "UPDATE document SET published_version_id = NULL",
            _ => "ALTER TABLE document DROP CONSTRAINT document_published_version_fkey",
        };
        manager.get_connection().execute_unprepared(part).await?;
        drop_tables(manager, &["document_version", "document"]).await
    }
}

fn document(manager: &SchemaManager<'_>) -> TableCreateStatement {
    dossier_table("document")
        .col(string_len("zone", 24))
        .col(text("name"))
        .col(sort_key(manager, "name_key"))
        .col(string_len("status", 24))
        .col(uuid_null("published_version_id"))
        .col(uuid_null("uploader_id"))
        .col(text("uploader_name"))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(timestamp_with_time_zone_null("deleted_at"))
        .index(&mut unique(&["organization_id", "client_id", "id"]))
        .foreign_key(&mut to_user("uploader_id"))
        .check(one_of("zone", &["PRIVATE", "DOCUMENTS", "VISIOS", "CHAT", "INVOICES", "ASSETS"]))
        .check(one_of("status", &["PENDING", "READY"]))
        .check(rule("private_unpublished", "zone <> 'PRIVATE' OR published_version_id IS NULL"))
        .take()
}

fn document_version() -> TableCreateStatement {
    dossier_table("document_version")
        .col(uuid("document_id"))
        .col(integer("number"))
        .col(string_len("status", 24))
        .col(text("storage_key"))
        .col(text_null("upload_id"))
        .col(text("content_type"))
        .col(big_integer("size"))
        .col(text("sha256"))
        .col(uuid_null("uploader_id"))
        .col(text("uploader_name"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(&["organization_id", "client_id", "id"]))
        .index(&mut unique(&["organization_id", "client_id", "document_id", "id"]))
        .index(&mut unique(&["document_id", "number"]))
        .foreign_key(&mut within_dossier("document_id", "document"))
        .foreign_key(&mut to_user("uploader_id"))
        .check(one_of("status", &["PENDING", "READY"]))
        .check(rule("number_positive", "number > 0"))
        .check(rule("size_not_negative", "size >= 0"))
        .check(rule("sha256_length", "length(sha256) = 64"))
        .take()
}

/// Contains the document too, so that the published version is a version of this document.
fn published_version() -> ForeignKeyCreateStatement {
    reference(
        &["organization_id", "client_id", "id", "published_version_id"],
        "document_version",
        &["organization_id", "client_id", "document_id", "id"],
    )
    .name("document_published_version_fkey")
    .from_tbl("document")
    .take()
}
