//! The fields of validation requests.

use super::node::{ValidationComment, ValidationRequest, ValidationStep};
use super::{ValidationRequestAction, ValidationStatus, step::versions_of_round};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    conversation::Message,
    document::DocumentVersion,
    event::Actor,
    guard::{allows, guarded, roles, visibleTo},
    id::Id,
    lookup,
    member::Member,
    personal::personal,
    quote::Quote,
    request::ContextExt,
    scalar::Date,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::{
    calendar,
    validation::{self, ValidationUseCase},
};
use dossier_policy::fields;
use entities::{validation_comment as comment, validation_step as step};
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

    /// The first version to validate. Null if the request is about no document, or if the viewer cannot see the version.
    #[graphql(deprecation = "Use `documentVersions`, which contains all versions.")]
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// The versions to validate that the viewer can see, at most 20. A decision is about exactly these versions. If one of
    /// the documents gets a new version while the request is pending, it replaces the earlier one. A request that the
    /// client sees follows a new version when it is published.
    async fn document_versions(&self, ctx: &Context<'_>) -> Result<Vec<DocumentVersion>, Error> {
        versions_of_round(ctx, self.0.round_id).await
    }

    /// The quote to validate. Null if the request is about no quote, or if the viewer cannot see it.
    async fn quote(&self, ctx: &Context<'_>) -> Result<Option<Quote>, Error> {
        lookup::find(ctx, self.0.quote_id).await
    }

    /// The message to validate. Null if the request is about no message, or if the viewer cannot see it.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<Message>, Error> {
        lookup::find(ctx, self.0.message_id).await
    }

    /// The decided request about an earlier version of the document. A new version of an approved or rejected document
    /// begins a new request, so that the decision never changes. Null for other requests, or if the viewer cannot see it.
    async fn previous(&self, ctx: &Context<'_>) -> Result<Option<Self>, Error> {
        lookup::find(ctx, self.0.previous_id).await
    }

    /// The day until which the request should be decided, in the organization's time zone.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// Whether the request is undecided and its due date is over.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(validation::is_overdue(&self.0, calendar::today(&*ctx.tx().await?).await?))
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

    /// The comments that the viewer can read, oldest first.
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ValidationComment>, Error> {
        let order = Order { column: None, id: comment::Column::Id, descending: false };
        let rows = Rows::all(Condition::all(), order).of(comment::Column::RequestId, self.0.id);
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
