//! The fields of a step, and the versions of its round.

use super::{ValidationAction, node::ValidationStep};
use crate::graphql::{document::DocumentVersion, event::Actor, id::Id, lookup, request::ContextExt};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_domain::validation;
use entities::{invoice, validation_request as request};
use futures::future::try_join_all;
use uuid::Uuid;

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

    /// The first version that the request was about at the time. Null if there was none, or if the viewer cannot see it.
    #[graphql(deprecation = "Use `documentVersions`, which contains all versions.")]
    async fn document_version(&self, ctx: &Context<'_>) -> Result<Option<DocumentVersion>, Error> {
        lookup::find(ctx, self.0.document_version_id).await
    }

    /// The versions that the request was about at the time and that the viewer can see. A decision is about exactly these
    /// versions: `DocumentVersion.sha256` identifies their bytes.
    async fn document_versions(&self, ctx: &Context<'_>) -> Result<Vec<DocumentVersion>, Error> {
        versions_of_round(ctx, self.0.round_id).await
    }

    /// The revision of the quote that the request was about at the time. If `Quote.revision` is newer, the quote has
    /// changed since. Null if there was no quote, or if the viewer cannot see it.
    async fn quote_revision(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        let Some(revision) = self.0.quote_revision else { return Ok(None) };
        let tx = ctx.tx().await?;
        let quote = tx.get::<request::Entity>(self.0.request_id).await?.and_then(|request| request.quote_id);
        let quote = match quote {
            Some(quote) => tx.get::<invoice::Entity>(quote).await?,
            None => None,
        };
        Ok(quote.map(|_| revision))
    }

    /// When the step was taken.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// Returns the versions of a round that the viewer can see, in order.
pub async fn versions_of_round(ctx: &Context<'_>, round: Uuid) -> Result<Vec<DocumentVersion>, Error> {
    let versions = validation::versions(&*ctx.tx().await?, round).await?;
    let versions = versions.iter().map(|row| lookup::get(ctx, row.document_version_id));
    Ok(try_join_all(versions).await?.into_iter().flatten().collect())
}
