//! The query for the audit log.

use super::{
    enums::{AuditAction, AuditOutcome},
    node::AuditEntry,
    object::prefix,
};
use crate::graphql::{
    api_key::ApiKey,
    connection::{Connection, Paging, Rows},
    id::Id,
    lists,
    member::Member,
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use dossier_core::{error::Error, id};
use dossier_data::Order;
use entities::audit_entry::{Action, Column, SubjectKind};
use sea_orm::{ColumnTrait, Condition, Iterable};
use uuid::Uuid;

/// Conditions for audit entries. An entry must meet all of them.
#[derive(InputObject, Default)]
pub struct AuditEntryFilter {
    /// Entries of these actions. The default is all actions.
    actions: Option<Vec<AuditAction>>,
    /// Entries of actions with this outcome.
    outcome: Option<AuditOutcome>,
    /// Entries of actions of this member.
    actor_id: Option<Id<Member>>,
    /// Entries of actions with this API key.
    api_key_id: Option<Id<ApiKey>>,
    /// Entries about the object with this id, such as `membership_…`.
    subject_id: Option<ID>,
    /// Entries from this time on.
    from: Option<DateTime<Utc>>,
    /// Entries before this time.
    to: Option<DateTime<Utc>>,
}

impl AuditEntryFilter {
    fn condition(self) -> Result<Condition, Error> {
        let subject = self.subject_id.map(|id| subject(&id)).transpose()?;
        let actions = actions(self.actions, self.outcome);
        Ok(Condition::all()
            .add_option(actions.map(|actions| Column::Action.is_in(actions)))
            .add_option(self.actor_id.map(|id| Column::MembershipId.eq(id.uuid())))
            .add_option(self.api_key_id.map(|id| Column::SessionId.eq(id.uuid())))
            .add_option(subject.map(|id| Column::SubjectId.eq(id)))
            .add_option(self.from.map(|from| Column::CreatedAt.gte(from)))
            .add_option(self.to.map(|to| Column::CreatedAt.lt(to))))
    }
}

/// Returns the actions that meet both conditions, or `None` if there is no condition.
fn actions(given: Option<Vec<AuditAction>>, outcome: Option<AuditOutcome>) -> Option<Vec<Action>> {
    let given = given.map(|given| lists::distinct(given).into_iter().map(Action::from).collect::<Vec<_>>());
    let Some(outcome) = outcome else { return given };
    let candidates = given.unwrap_or_else(|| Action::iter().collect());
    Some(candidates.into_iter().filter(|action| AuditOutcome::from(*action) == outcome).collect())
}

/// Returns the key of an object that an entry can be about.
fn subject(given: &ID) -> Result<Uuid, Error> {
    match id::decode(given) {
        Some((kind, uuid)) if SubjectKind::iter().any(|known| prefix(known) == kind) => Ok(uuid),
        _ => Err(Error::bad_input("filter.subjectId", "must be the id of an object, such as `membership_…`")),
    }
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit log of the organization, newest first. Only owners see it.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<AuditEntryFilter>,
    ) -> Result<Connection<AuditEntry>, Error> {
        let condition = filter.unwrap_or_default().condition()?;
        let order = Order { column: Some(Column::CreatedAt), id: Column::Id, descending: true };
        Rows::all(Condition::all(), order).indexed(condition).page(ctx, Paging { first, after, last, before }).await
    }
}
