//! The fields of validation requests and of their steps.

use super::node::{ValidationRequest, ValidationStep};
use super::{ValidationAction, ValidationRequestAction, ValidationStatus};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    document::DocumentVersion,
    event::Actor,
    guard::{allows, guarded, roles, visibleTo},
    id::Id,
    lookup,
    member::Member,
    personal::personal,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::validation::ValidationUseCase;
use dossier_policy::fields;
use entities::validation_step as step;
use sea_orm::Condition;

/// The person who submitted a request. The name is copied at the time of submission, so that viewers who cannot see
/// members can read it.
#[derive(SimpleObject)]
pub struct Submitter {
    /// The name of the person at the time of the action.
    display_name: String,
}

/// A request that waits for a decision of the agency in the hub.
#[Object]
impl ValidationRequest {
    /// The global id, `validation_request_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The title of the request, one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The description. It may have several lines.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The status.
    async fn status(&self) -> ValidationStatus {
        self.0.status.into()
    }

    /// Whether only the agency can see it. Clients never see internal messages and requests.
    async fn internal(&self) -> bool {
        self.0.internal
    }

    /// Internal notes of the agency.
    #[graphql(directive = visibleTo::apply(roles(fields::VALIDATION_INTERNAL_NOTE)))]
    async fn internal_note(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::VALIDATION_INTERNAL_NOTE, || self.0.internal_note.as_deref()).await
    }

    /// The reason that was given when the request was approved, rejected, sent back or withdrawn. Everyone who sees the
    /// request can read it. Null while the request is pending.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// The person who first submitted the request.
    async fn submitter(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The person who first submitted the request.
    #[graphql(deprecation = "Use `submitter`, which has the same `displayName`.")]
    async fn submitted_by(&self) -> Submitter {
        Submitter { display_name: self.0.submitter_name.clone() }
    }

    /// The member who should decide. Null if nobody is assigned or the viewer cannot see the member.
    #[graphql(directive = visibleTo::apply(roles(fields::VALIDATION_ASSIGNEE)))]
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<Member>, Error> {
        if allows(ctx, fields::VALIDATION_ASSIGNEE).await? {
            lookup::find(ctx, self.0.assignee_id).await
        } else {
            Ok(None)
        }
    }

    /// The version to validate. Null if the request is about no document, or if the viewer cannot see the version.
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// The client whose dossier it belongs to.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// The steps of the request, oldest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ValidationStep>, Error> {
        let order = Order { column: None, id: step::Column::Id, descending: false };
        let rows = Rows::all(Condition::all(), order).of(step::Column::RequestId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The actions that the viewer may do with the request now. They depend on the role of the viewer and the state of
    /// the request. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<ValidationRequestAction>, Error> {
        viewer_can::<ValidationUseCase, _>(ctx, &self.0).await
    }

    /// The number of the current revision. Send it as `expectedRevision` to detect changes by other people.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When the request was first submitted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the last step was taken.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// When the request was approved or rejected. Null for a request that is undecided or withdrawn.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }
}

/// A step in the history of a validation request. Steps never change.
#[Object]
impl ValidationStep {
    /// The global id, `validation_step_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The action of this step.
    async fn action(&self) -> ValidationAction {
        self.0.action.into()
    }

    /// The person who took the step.
    async fn actor(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The reason. Everyone who sees the request can read it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The version that the request was about at the time. Null if there was none, or if the viewer cannot see it.
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// When the step was taken.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
