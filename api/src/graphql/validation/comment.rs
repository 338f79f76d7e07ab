//! The fields of a comment.

use super::{ValidationRequest, node::ValidationComment};
use crate::graphql::{document::DocumentVersion, event::Actor, id::Id, lookup, member::Member};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_domain::validation;
use futures::future::try_join_all;

/// A comment on a validation request. Comments never change.
#[Object]
impl ValidationComment {
    /// The global id, `validation_comment_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The text. It may have several lines.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Whether only the agency can see it. Clients never see internal comments.
    async fn internal(&self) -> bool {
        self.0.internal
    }

    /// The person who wrote it.
    async fn author(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The mentioned members that the viewer can see.
    async fn mentions(&self, ctx: &Context<'_>) -> Result<Vec<Member>, Error> {
        let members = validation::mentioned(&self.0).map(|id| lookup::get::<Member>(ctx, id));
        Ok(try_join_all(members).await?.into_iter().flatten().collect())
    }

    /// The version that the comment is about. Null if it is about no version, or if the viewer cannot see it.
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// The request.
    async fn validation_request(&self, ctx: &Context<'_>) -> Result<Option<ValidationRequest>, Error> {
        lookup::get(ctx, self.0.request_id).await
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
