//! Queries for invitations.

use super::{enums::InvitationStatus, node::Invitation};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::invitation_status::in_status;
use entities::invitation::Column;
use sea_orm::Condition;

/// Conditions for invitations. An invitation must meet all of them.
#[derive(InputObject, Default)]
pub struct InvitationFilter {
    /// Invitations in one of these states. The default is all states.
    status: Option<Vec<InvitationStatus>>,
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct InvitationQuery;

#[Object]
impl InvitationQuery {
    /// The invitations that the viewer can see, newest first. Owners see all invitations, operators see those of
    /// clients, managers see those of clients of their sites, and staff and clients see none.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<InvitationFilter>,
    ) -> Result<Connection<Invitation>, Error> {
        let mut scan = Condition::all();
        if let Some(states) = filter.unwrap_or_default().status {
            let now = ctx.tx().await?.now;
            let states = states.into_iter().map(|status| in_status(status.into(), now));
            scan = scan.add(states.fold(Condition::any(), Condition::add));
        }
        let order = Order { column: None, id: Column::Id, descending: true };
        Rows::all(Condition::all(), order).scan(scan).page(ctx, Paging { first, after, last, before }).await
    }
}
