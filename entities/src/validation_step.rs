//! A step in the history of a validation request, with its actor, time and reason.
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
    /// The first version of its round.
    pub document_version_id: Option<Uuid>,
    /// The step that began its round: itself, or an earlier one.
    pub round_id: Uuid,
    /// The revision of the quote that the request is about.
    pub quote_revision: Option<i32>,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// The action of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Submitted to the agency.
    #[default]
    Submitted,
    /// Submitted again after changes.
    Resubmitted,
    /// Shared with the client.
    Shared,
    /// Assigned to a member of the agency, or to nobody.
    Assigned,
    /// A due date was set or removed.
    DueDateSet,
    /// A document got a new version, with which another round begins.
    VersionReplaced,
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
    /// Sent back with a reason.
    ChangesRequested,
    /// Cancelled.
    Cancelled,
}
