//! The bytes of a document at one time. Its object's key is unique and never changes.
use crate::document::Status;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub document_id: Uuid,
    /// Counts from 1 within the document.
    pub number: i32,
    pub status: Status,
    pub storage_key: String,
    /// The multipart upload under way.
    pub upload_id: Option<String>,
    /// Media type (RFC 6838).
    pub content_type: String,
    /// In bytes.
    pub size: i64,
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub uploader_id: Option<Uuid>,
    pub uploader_name: String,
    pub created_at: DateTimeUtc,
    /// When its bytes were discarded: the upload was cancelled or expired, or the document was deleted.
    pub discarded_at: Option<DateTimeUtc>,
    /// When its bytes, discarded before, were gone from the store. From then on they do not count.
    pub released_at: Option<DateTimeUtc>,
    /// When the sweep of the store looks at it next. Null: there is nothing to end and nothing to remove.
    pub sweep_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
