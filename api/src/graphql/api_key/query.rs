//! Queries for API keys.

use super::{enums::ApiKeyStatus, node::ApiKey};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::api_key_status::in_status;
use entities::api_key::Column;
use sea_orm::Condition;

/// Conditions for API keys. A key must meet all of them.
#[derive(InputObject, Default)]
pub struct ApiKeyFilter {
    /// Keys in one of these states. The default is all states.
    status: Option<Vec<ApiKeyStatus>>,
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct ApiKeyQuery;

#[Object]
impl ApiKeyQuery {
    /// The API keys of the organization, newest first. Only owners see them.
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<ApiKeyFilter>,
    ) -> Result<Connection<ApiKey>, Error> {
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
