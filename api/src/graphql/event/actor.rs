//! The author of an action.

use super::ActorKind;
use crate::graphql::{id::Id, member::Member, personal::personal, request::ContextExt};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use dossier_data::{Arguments, Columns, MAX_PAGE, Order, Slice};
use entities::{
    api_key, document, document_version, event, invitation,
    membership::{Column, Entity},
    message, payment, validation_comment, validation_request, validation_step,
};
use uuid::Uuid;

/// The author of an action. The name and the kind are copied at the time of the action, so that viewers who cannot see
/// members can read them.
#[derive(Debug)]
pub struct Actor {
    /// The name.
    pub display_name: String,
    /// The capacity.
    pub kind: event::ActorKind,
    /// The person. `None` for Dossier itself and the assistant, or if the row does not contain it.
    pub user: Option<Uuid>,
    /// The dossier in which a client acted.
    pub client: Option<Uuid>,
}

impl Actor {
    /// Returns whether the person is the viewer.
    async fn is_the_viewer(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        let tx = ctx.tx().await?;
        Ok(self.user.is_some() && self.user == tx.viewer.member().map(|member| member.user))
    }

    /// Returns the membership in which the person acted, if the viewer sees it. One statement reads those of many
    /// people. A page has more memberships than a person has in one organization.
    async fn membership(&self, ctx: &Context<'_>) -> Result<Option<Uuid>, Error> {
        let client = match self.kind {
            event::ActorKind::Member | event::ActorKind::ApiKey => None,
            event::ActorKind::Client if self.client.is_some() => self.client,
            event::ActorKind::Client | event::ActorKind::Assistant | event::ActorKind::System => return Ok(None),
        };
        let Some(user) = self.user else { return Ok(None) };
        let mut columns = Columns::NONE;
        columns.add([Column::Id, Column::UserId, Column::ClientId]);
        let order = Order { column: None, id: Column::Id, descending: false };
        let all = Arguments { first: i32::try_from(MAX_PAGE).ok(), ..Arguments::default() };
        let tx = ctx.tx().await?;
        let rows = tx.find::<Entity>().columns(columns);
        let page = rows.page_of(Column::UserId, user, Slice::new(order, all)?).await?;
        Ok(page.rows.into_iter().find(|row| row.client_id == client).map(|row| row.id))
    }
}

/// The author of an action. The name and the kind are copied at the time of the action, so that viewers who cannot see
/// members can read them.
#[Object]
impl Actor {
    /// The id of the member, `membership_…`. It is not called `id`, because a cache must not merge the authors of two
    /// actions: their names may be from different times. Null if the viewer cannot see the member, if the person is no longer
    /// a member, for Dossier itself and the assistant, and for payments that were recorded by an earlier version.
    async fn member_id(&self, ctx: &Context<'_>) -> Result<Option<ID>, Error> {
        Ok(Box::pin(self.membership(ctx)).await?.map(|id| Id::<Member>::of(id).into()))
    }

    /// The name of the person at the time of the action.
    async fn display_name(&self) -> &str {
        &self.display_name
    }

    /// The capacity in which the person acted.
    async fn kind(&self) -> ActorKind {
        self.kind.into()
    }

    /// Whether the person is the viewer, in this or another membership.
    #[graphql(directive = personal::apply())]
    async fn is_viewer(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        self.is_the_viewer(ctx).await
    }
}

/// Implements the conversion of rows to the author whom they contain.
macro_rules! actor_of {
    ($($row:ident: $name:ident, $kind:ident, $user:ident;)+) => {
        $(impl From<&$row::Model> for Actor {
            fn from(row: &$row::Model) -> Self {
                let (display_name, client) = (row.$name.clone(), row.client_id.into());
                Self { display_name, kind: row.$kind, user: row.$user, client }
            }
        })+
    };
}

actor_of! {
    document: uploader_name, uploader_kind, uploader_id;
    document_version: uploader_name, uploader_kind, uploader_id;
    invitation: inviter_name, inviter_kind, inviter_id;
    event: actor_name, actor_kind, actor_id;
    message: author_name, author_kind, author_id;
    payment: recorder_name, recorder_kind, recorder_id;
    validation_comment: author_name, author_kind, author_id;
    validation_request: submitter_name, submitter_kind, submitter_id;
    validation_step: actor_name, actor_kind, actor_id;
}

impl From<&api_key::Model> for Actor {
    fn from(row: &api_key::Model) -> Self {
        Self { display_name: row.creator_name.clone(), kind: row.creator_kind, user: row.creator_id, client: None }
    }
}
