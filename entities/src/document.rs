//! One named file in a zone of a dossier, with its versions.
use crate::actor::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub zone: Zone,
    pub name: String,
    /// The name without accents and case, by which both databases order alike.
    pub name_key: String,
    pub status: Status,
    /// The version the client sees, not always the newest; none: hidden. Set is what *visible* means.
    pub published_version_id: Option<Uuid>,
    pub uploader_id: Option<Uuid>,
    pub uploader_name: String,
    pub uploader_kind: ActorKind,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// When it was moved to the trash.
    pub deleted_at: Option<DateTimeUtc>,
    /// When its bytes were discarded for good. A document without a complete version skips the trash.
    pub purged_at: Option<DateTimeUtc>,
    /// The person who moved it to the trash.
    pub deleter_id: Option<Uuid>,
    pub deleter_name: Option<String>,
    pub deleter_kind: Option<ActorKind>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A part of a dossier, with visibility rules of its own. The agency's local `_bmad/` workbench is none: it stays
/// local.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Zone {
    /// Notes, drafts, work in progress: never shown to the client.
    #[default]
    Private,
    /// Briefs and deliverables.
    Documents,
    /// Recordings of calls and their transcripts.
    Visios,
    /// Exported conversations.
    Chat,
    /// PDF of quotes, invoices and receipts.
    Invoices,
    /// Logos, images, what the client brought.
    Assets,
}

/// How far an upload has come. A document has the status of its latest upload until one is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Requested; the bytes have not all arrived.
    #[default]
    Pending,
    /// The bytes have arrived, and a job compares them with what was announced.
    Verifying,
    /// Stored. Size, type and SHA-256 are verified.
    Ready,
    /// The bytes were not accepted. The upload can be requested again.
    Failed,
}
