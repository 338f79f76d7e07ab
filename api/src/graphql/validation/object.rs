//! What a validation request and the steps of its history show.

use super::node::{ValidationRequest, ValidationStep};
use super::{ValidationAction, ValidationStatus};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    document::DocumentVersion,
    event::Actor,
    guard::{allows, guarded, roles, visibleTo},
    id::Id,
    lookup,
    member::Member,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_policy::fields;
use entities::validation_step as step;
use sea_orm::Condition;

/// Who submitted something; kept as a value, so that it can be shown to those who see no members.
#[derive(SimpleObject)]
pub struct Submitter {
    /// Their name at the time.
    display_name: String,
}

/// Something that waits for a human decision in the hub.
#[Object]
impl ValidationRequest {
    /// `validation_request_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// What is to be validated; one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// More about it; several lines.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> ValidationStatus {
        self.0.status.into()
    }

    /// Whether it is among the agency only. The client sees none of these.
    async fn internal(&self) -> bool {
        self.0.internal
    }

    /// What the agency notes among itself.
    #[graphql(directive = visibleTo::apply(roles(fields::VALIDATION_INTERNAL_NOTE)))]
    async fn internal_note(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::VALIDATION_INTERNAL_NOTE, || self.0.internal_note.as_deref()).await
    }

    /// Why it stands where it stands, for everybody who sees the request: the reason given when it was approved,
    /// rejected, sent back or withdrawn. Null while it waits.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// Who submitted it first.
    async fn submitted_by(&self) -> Submitter {
        Submitter { display_name: self.0.submitter_name.clone() }
    }

    /// The member who is to decide it; null for nobody, or for somebody whom the viewer does not see.
    #[graphql(directive = visibleTo::apply(roles(fields::VALIDATION_ASSIGNEE)))]
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<Member>, Error> {
        if allows(ctx, fields::VALIDATION_ASSIGNEE).await? {
            lookup::find(ctx, self.0.assignee_id).await
        } else {
            Ok(None)
        }
    }

    /// Exactly the version that is to be validated; null when it is about no document, or about one that the viewer does
    /// not see (any more).
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// The dossier.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// What was done with it, the oldest step first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ValidationStep>, Error> {
        let order = Order { column: None, id: step::Column::Id, descending: false };
        let rows = Rows::all(Condition::all(), order).of(step::Column::RequestId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// Counts the changes: give it as `expectedRevision` to be told when somebody else was faster.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When it was submitted first.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the last step was taken.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// When it was approved or rejected; null before, and for what was withdrawn.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }
}

/// One step of a validation request's history; never changed.
#[Object]
impl ValidationStep {
    /// `validation_step_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// What was done.
    async fn action(&self) -> ValidationAction {
        self.0.action.into()
    }

    /// Who did it.
    async fn actor(&self) -> Actor {
        Actor { display_name: self.0.actor_name.clone(), kind: self.0.actor_kind.into() }
    }

    /// Why, for everybody who sees the request.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The version that the request was about at the time; null when there was none, or when the viewer does not see it
    /// (any more).
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// When it was done.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
