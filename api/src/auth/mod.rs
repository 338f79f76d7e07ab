//! Passwords and tokens in, a [`Viewer`] out: the only place that makes one.

pub mod password;
mod sign_in;
pub mod token;

pub use sign_in::{SignIn, SignedIn, choose, open_session, sign_in, sign_out};
pub use token::{Claims, Tokens};

use crate::{
    failure::Failure,
    viewer::{Member, Standing, Viewer},
};
use chrono::{DateTime, Utc};
use entities::{
    membership::{self, Role},
    organization, session, user,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};
use std::sync::Arc;
use uuid::Uuid;

/// What a request came with, its signature checked; whom it speaks for is read anew by each unit of work.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// Nothing.
    #[default]
    Anonymous,
    /// A valid access token.
    Bearer(Arc<Claims>),
}

/// Why a token that was once good is not any more. The same for an ended session, a suspended membership and a
/// suspended organization: a stranger with an old token learns nothing.
const ENDED: Failure = Failure::Unauthenticated("Your session has ended; sign in again.");

/// Whom the credentials speak for now: session, membership and organization must still be active.
pub(crate) async fn viewer(
    tx: &DatabaseTransaction,
    credentials: &Credentials,
    now: DateTime<Utc>,
) -> Result<Viewer, Failure> {
    match credentials {
        Credentials::Anonymous => Ok(Viewer::Anonymous),
        Credentials::Bearer(claims) => member(tx, claims.session, now).await?.map(Viewer::Member).ok_or(ENDED),
    }
}

/// What a session says of its member.
#[derive(FromQueryResult)]
struct Row {
    organization: Uuid,
    time_zone: String,
    membership: Uuid,
    role: Role,
    client: Option<Uuid>,
    user: Uuid,
    display_name: String,
}

/// One statement, for it is part of every unit of work.
async fn member(tx: &DatabaseTransaction, id: Uuid, now: DateTime<Utc>) -> Result<Option<Member>, Failure> {
    let columns = [
        (organization::Column::Id.as_column_ref(), "organization"),
        (organization::Column::TimeZone.as_column_ref(), "time_zone"),
        (membership::Column::Id.as_column_ref(), "membership"),
        (membership::Column::Role.as_column_ref(), "role"),
        (membership::Column::ClientId.as_column_ref(), "client"),
        (user::Column::Id.as_column_ref(), "user"),
        (user::Column::DisplayName.as_column_ref(), "display_name"),
    ];
    let mut query = Query::select();
    for (column, name) in columns {
        query.expr_as(Expr::col(column), name);
    }
    query
        .from(session::Entity)
        .inner_join(membership::Entity, same(session::Column::MembershipId, membership::Column::Id))
        .inner_join(organization::Entity, same(membership::Column::OrganizationId, organization::Column::Id))
        .inner_join(user::Entity, same(membership::Column::UserId, user::Column::Id))
        .and_where(session::Column::Id.eq(id))
        .and_where(session::Column::EndedAt.is_null())
        .and_where(session::Column::ExpiresAt.gt(now))
        .and_where(membership::Column::SuspendedAt.is_null())
        .and_where(organization::Column::SuspendedAt.is_null());
    let statement = tx.get_database_backend().build(&query);
    let Some(row) = Row::find_by_statement(statement).one(tx).await? else { return Ok(None) };
    Ok(Some(Member {
        organization: row.organization,
        membership: row.membership,
        session: id,
        user: row.user,
        display_name: row.display_name,
        time_zone: row.time_zone.parse().map_err(Failure::internal)?,
        standing: standing(row.role, row.client)?,
    }))
}

fn same<A: ColumnTrait, B: ColumnTrait>(one: A, other: B) -> Expr {
    Expr::col(one.as_column_ref()).equals(other.as_column_ref())
}

fn standing(role: Role, client: Option<Uuid>) -> Result<Standing, Failure> {
    Ok(match role {
        Role::Owner => Standing::Owner,
        Role::Operator => Standing::Operator,
        Role::Manager => Standing::Manager,
        Role::Staff => Standing::Staff,
        Role::Client => {
            let client = client.ok_or_else(|| Failure::internal("a client's membership without a client"))?;
            Standing::Client { client }
        }
    })
}
