//! The bytes of a document at one time. The key of its object never changes, and only versions of the same document
//! share one.
use crate::{actor::ActorKind, document::Status};
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
    /// Why the upload failed, while it has not been requested again.
    pub failure_reason: Option<FailureReason>,
    pub storage_key: String,
    /// The multipart upload under way.
    pub upload_id: Option<String>,
    /// Media type (RFC 6838).
    pub content_type: String,
    /// In bytes.
    pub size: i64,
    /// Lower-case hexadecimal. [`UNKNOWN_SHA256`] until the server has computed it, if it was not announced.
    pub sha256: String,
    pub uploader_id: Option<Uuid>,
    pub uploader_name: String,
    pub uploader_kind: ActorKind,
    pub created_at: DateTimeUtc,
    /// When its bytes were discarded: the upload was cancelled or expired, or the document was deleted.
    pub discarded_at: Option<DateTimeUtc>,
    /// When its bytes, discarded before, were gone from the store. From then on they do not count.
    pub released_at: Option<DateTimeUtc>,
    /// When the sweep of the store looks at it next. Null: there is nothing to end and nothing to remove.
    pub sweep_at: Option<DateTimeUtc>,
    /// The media type of the bytes, if they are of another kind than announced.
    pub recognized_type: Option<String>,
    /// The number of the older version that it brought back. Both have the same object, which counts only once.
    pub restored_from: Option<i32>,
    /// Null until it is known whether there are previews.
    pub preview: Option<Preview>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Stands for a SHA-256 that is not yet known. No bytes are known to have it.
pub const UNKNOWN_SHA256: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Why an upload failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FailureReason {
    /// The number of bytes differs from the announced size.
    SizeMismatch,
    /// The SHA-256 of the bytes differs from the announced one.
    #[sea_orm(string_value = "SHA256_MISMATCH")]
    Sha256Mismatch,
    /// The bytes are of another type than the announced one.
    TypeMismatch,
    /// Files of this type are not accepted.
    TypeNotAccepted,
    /// The object store ended the upload.
    UploadLost,
    /// The object store could not be read for too long.
    StoreUnavailable,
    /// The member who completed the upload may no longer add to the dossier.
    NotPermitted,
    /// The scanner found malware in the bytes.
    MalwareFound,
    /// The scanner for malware did not answer for too long.
    ScannerUnavailable,
}

/// The format of the previews of a version. They are objects beside its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Preview {
    /// There are none.
    None,
    /// Opaque pictures.
    Jpeg,
    /// Pictures with transparency.
    Png,
}
