//! Finding members.

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

/// Which members; all conditions must be met.
#[derive(InputObject, Default)]
pub struct MemberFilter {
    /// With one of these roles. A request can be assigned to `OWNER`, `OPERATOR`, `MANAGER`.
    role: Option<Vec<Role>>,
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct MemberQuery;

#[Object]
impl MemberQuery {
    /// The members within the viewer's reach, the longest there first: all for owners and operators, those of their
    /// sites for managers, none for staff and clients.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<MemberFilter>,
    ) -> Result<Connection<Member>, Error> {
        let mut scan = Condition::all();
        if let Some(roles) = filter.unwrap_or_default().role {
            scan = scan.add(Column::Role.is_in(lists::distinct(roles).into_iter().map(membership::Role::from)));
        }
        let order = Order { column: None, id: Column::Id, descending: false };
        Rows::all(Condition::all(), order).scan(scan).page(ctx, Paging { first, after, last, before }).await
    }
}
