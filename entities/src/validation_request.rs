//! Something that waits for a human decision in the hub.
use crate::client;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    /// What is to be validated, when it is a document: exactly this version.
    pub document_version_id: Option<Uuid>,
    pub title: String,
    pub description: Option<String>,
    pub status: Status,
    /// Not shared with the client (yet).
    pub internal: bool,
    pub internal_note: Option<String>,
    /// Why it was decided as it was, for everybody who sees the request.
    pub decision_reason: Option<String>,
    pub submitter_id: Option<Uuid>,
    pub submitter_name: String,
    pub assignee_id: Option<Uuid>,
    pub decided_at: Option<DateTimeUtc>,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Related<client::Entity> for Entity {
    fn to() -> RelationDef {
        Self::belongs_to(client::Entity).from(Column::ClientId).to(client::Column::Id).into()
    }
}

/// Where a request stands: `PENDING → APPROVED | REJECTED | CHANGES_REQUESTED | CANCELLED`,
/// `CHANGES_REQUESTED → PENDING | CANCELLED`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Waits for a decision.
    #[default]
    Pending,
    /// Accepted; final.
    Approved,
    /// Turned down; final.
    Rejected,
    /// Sent back to whoever submitted it; resubmitting makes it `PENDING` again.
    ChangesRequested,
    /// Withdrawn; final.
    Cancelled,
}
