//! Queries for members.

use super::{Member, Role};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    lists,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use entities::membership::{self, Column};
use sea_orm::{ColumnTrait, Condition};

/// Conditions for members. A member must meet all of them.
#[derive(InputObject, Default)]
pub struct MemberFilter {
    /// Members with one of these roles. Requests can be assigned to `OWNER`, `OPERATOR` and `MANAGER`.
    role: Option<Vec<Role>>,
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct MemberQuery;

#[Object]
impl MemberQuery {
    /// The members that the viewer can see, longest membership first. Owners and operators see all members, managers
    /// see those of their sites, and staff and clients see none.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<MemberFilter>,
    ) -> Result<Connection<Member>, Error> {
        let mut scan = Condition::all();
        if let Some(roles) = filter.unwrap_or_default().role {
            scan = scan.add(Column::Role.is_in(lists::distinct(roles).into_iter().map(membership::Role::from)));
        }
        let order = Order { column: None, id: Column::Id, descending: false };
        Rows::all(Condition::all(), order).scan(scan).page(ctx, Paging { first, after, last, before }).await
    }
}
