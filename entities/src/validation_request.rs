//! A request that waits for a human decision in the hub.
use crate::{actor::ActorKind, client};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    /// The first version of its round.
    pub document_version_id: Option<Uuid>,
    pub quote_id: Option<Uuid>,
    pub message_id: Option<Uuid>,
    /// The step that began its round.
    pub round_id: Uuid,
    /// The decided request about an earlier version.
    pub previous_id: Option<Uuid>,
    pub title: String,
    pub description: Option<String>,
    pub status: Status,
    /// Whether it is hidden from the client, until it is shared.
    pub internal: bool,
    pub internal_note: Option<String>,
    /// The reason of the decision, for everybody who sees the request.
    pub decision_reason: Option<String>,
    pub submitter_id: Option<Uuid>,
    pub submitter_name: String,
    pub submitter_kind: ActorKind,
    pub assignee_id: Option<Uuid>,
    pub decided_at: Option<DateTimeUtc>,
    /// The day until which it should be decided.
    pub due_on: Option<Date>,
    /// The same day, or a day after all others. Lists are sorted by it.
    pub due_order: Date,
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

/// The status of a request: `PENDING → APPROVED | REJECTED | CHANGES_REQUESTED | CANCELLED`, `CHANGES_REQUESTED →
/// PENDING | CANCELLED`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Waits for a decision.
    #[default]
    Pending,
    /// Approved. This is final.
    Approved,
    /// Rejected. This is final.
    Rejected,
    /// Sent back to the submitter. Resubmitting makes it `PENDING` again.
    ChangesRequested,
    /// Cancelled. This is final.
    Cancelled,
}
