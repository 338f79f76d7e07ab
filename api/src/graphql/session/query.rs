//! Queries for sessions.

use super::node::Session;
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    personal::personal,
    request::ContextExt,
};
use async_graphql::{Context, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use entities::session::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The viewer's own open sessions in all organizations, newest first. `Member.sessions` has those of other members. An
    /// access token that is limited to some scopes reads only its own session.
    #[graphql(directive = personal::apply())]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Session>, Error> {
        let member = ctx.tx().await?.member()?.clone();
        let own = Condition::all().add(Column::UserId.eq(member.user));
        // A limited token must not tell of the person's other devices.
        let present = member.session().filter(|_| member.is_limited());
        let own = own.add_option(present.map(|session| Column::Id.eq(session)));
        open_sessions(ctx, own).await?.page(ctx, Paging { first, after, last, before }).await
    }
}

/// Returns the open sessions that meet a condition, newest first.
pub async fn open_sessions(ctx: &Context<'_>, condition: Condition) -> Result<Rows<Session>, Error> {
    let now = ctx.tx().await?.now;
    let open = condition.add(Column::EndedAt.is_null()).add(Column::ExpiresAt.gt(now));
    let order: Order<Entity> = Order { column: None, id: Column::Id, descending: true };
    Ok(Rows::all(open, order))
}
