//! One step of a validation request's history: who, when and why.
use crate::event::ActorKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub client_id: Uuid,
    pub request_id: Uuid,
    pub action: Action,
    pub reason: Option<String>,
    pub document_version_id: Option<Uuid>,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// What was done with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Put before the agency.
    #[default]
    Submitted,
    /// Put before it again, after changes.
    Resubmitted,
    /// Shown to the client.
    Shared,
    /// Given to a member of the agency.
    Assigned,
    /// Accepted.
    Approved,
    /// Turned down.
    Rejected,
    /// Sent back with a reason.
    ChangesRequested,
    /// Withdrawn.
    Cancelled,
}
