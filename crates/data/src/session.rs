//! The look-up of sessions and the members that they identify.

use crate::{Transaction, scopes};
use chrono::{DateTime, Utc};
use dossier_core::{
    credentials::Credentials,
    error::Error,
    viewer::{AccessScope, Grant, Member, MemberDetails, Viewer},
};
use entities::{
    membership::{self, Role},
    organization, session, user,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Statement,
    sea_query::{Expr, ExprTrait, Query},
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The error for a token whose session has ended. A suspended membership or organization gives the same answer, so that
/// a stranger with an old token learns nothing.
const ENDED: Error = Error::Unauthenticated("Your session has ended; sign in again.");

/// Returns the viewer whom the credentials identify now. Session, membership and organization must still be active.
/// `entered` holds the member's row if the database has already looked it up.
pub(crate) async fn viewer(
    tx: &Transaction,
    credentials: &Credentials,
    entered: Option<QueryResult>,
    now: DateTime<Utc>,
) -> Result<Viewer, Error> {
    let Credentials::Bearer(claims) = credentials else { return Ok(Viewer::Anonymous) };
    let row = match entered {
        Some(row) => Some(Row::from_query_result(&row, "")?),
        None if tx.get_database_backend() == DbBackend::Sqlite => read_sessions(tx, &[claims.session]).await?.pop(),
        None => None,
    };
    let member = row.filter(|row| row.is_active(now)).ok_or(ENDED)?.member()?;
    Ok(Viewer::Member(member))
}

/// The maximum number of sessions of one statement.
const BATCH: usize = 1_000;

/// Returns the access scopes of those sessions that are still active.
pub(crate) async fn access_scopes(
    tx: &Transaction,
    sessions: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, AccessScope>, Error> {
    let mut access_scopes = HashMap::with_capacity(sessions.len());
    for batch in sessions.chunks(BATCH) {
        let rows = match tx.get_database_backend() {
            DbBackend::Sqlite => read_sessions(tx, batch).await?,
            _ => read_as_owner(tx, batch).await?,
        };
        for row in rows.into_iter().filter(|row| row.is_active(now)) {
            let session = row.session;
            access_scopes.insert(session, row.member()?.access_scope());
        }
    }
    Ok(access_scopes)
}

/// The session's row, joined with its member.
#[derive(FromQueryResult)]
struct Row {
    session: Uuid,
    organization: Uuid,
    time_zone: String,
    four_eyes: bool,
    organization_suspended_at: Option<DateTime<Utc>>,
    membership: Uuid,
    role: Role,
    client: Option<Uuid>,
    membership_suspended_at: Option<DateTime<Utc>>,
    user: Uuid,
    display_name: String,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    /// The ids of the sites, as the database writes them in one text.
    sites: Option<String>,
    /// The scopes that limit the session. Without a limit, it has all scopes of the role.
    scopes: Option<String>,
    /// Whether it is the session of an API key.
    is_api_key: bool,
    /// Whether the organization requires a second factor of the role, and the person has none.
    lacks_factor: bool,
}

impl Row {
    fn is_active(&self, now: DateTime<Utc>) -> bool {
        let over = [self.ended_at, self.membership_suspended_at, self.organization_suspended_at];
        now < self.expires_at && over.iter().all(Option::is_none)
    }

    fn member(self) -> Result<Member, Error> {
        let details = MemberDetails {
            sites: sites(self.sites.as_deref())?,
            organization: self.organization,
            membership: self.membership,
            user: self.user,
            display_name: self.display_name,
            time_zone: self.time_zone.parse().map_err(Error::internal)?,
            four_eyes: self.four_eyes,
            is_api_key: self.is_api_key,
            grant: grant(self.role, self.client)?,
        };
        let limit = scopes::limit(self.scopes.as_deref());
        Ok(Member::signed_in(self.session, details, limit).with_lacking_factor(self.lacks_factor))
    }
}

/// Parses the ids and sorts them, so that the same sites always have the same order.
fn sites(written: Option<&str>) -> Result<Arc<[Uuid]>, Error> {
    let ids = written.unwrap_or_default().trim_matches(['{', '}']).split(',').filter(|id| !id.is_empty());
    let mut sites = ids.map(Uuid::try_parse).collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
    sites.sort_unstable();
    Ok(sites.into())
}

/// Reads the sessions with the rights of the owner of the tables, for any viewer.
async fn read_as_owner(tx: &Transaction, sessions: &[Uuid]) -> Result<Vec<Row>, Error> {
    let list: Vec<_> = sessions.iter().map(Uuid::to_string).collect();
    let ask = "SELECT * FROM dossier_sessions($1)";
    let ask = Statement::from_sql_and_values(DbBackend::Postgres, ask, [list.join(",").into()]);
    Ok(Row::find_by_statement(ask).all(tx).await?)
}

/// Whether the organization requires a second factor of the member's role, and the person has none. API keys need none.
const LACKS_FACTOR: &str = "user_account.totp_confirmed_at IS NULL AND user_account.passkeys IS NULL AND NOT membership.api_key \
    AND ' ' || coalesce(organization.required_factor_roles, '') || ' ' LIKE '% ' || membership.role || ' %'";

/// Reads the sessions. It is one statement, because every transaction runs it. `PostgreSQL` returns the same when it
/// enters.
async fn read_sessions(tx: &Transaction, sessions: &[Uuid]) -> Result<Vec<Row>, Error> {
    let columns = [
        (session::Column::Id.as_column_ref(), "session"),
        (organization::Column::Id.as_column_ref(), "organization"),
        (organization::Column::TimeZone.as_column_ref(), "time_zone"),
        (organization::Column::FourEyes.as_column_ref(), "four_eyes"),
        (organization::Column::SuspendedAt.as_column_ref(), "organization_suspended_at"),
        (membership::Column::Id.as_column_ref(), "membership"),
        (membership::Column::Role.as_column_ref(), "role"),
        (membership::Column::ClientId.as_column_ref(), "client"),
        (membership::Column::SuspendedAt.as_column_ref(), "membership_suspended_at"),
        (user::Column::Id.as_column_ref(), "user"),
        (user::Column::DisplayName.as_column_ref(), "display_name"),
        (session::Column::ExpiresAt.as_column_ref(), "expires_at"),
        (session::Column::EndedAt.as_column_ref(), "ended_at"),
        (session::Column::Scopes.as_column_ref(), "scopes"),
        (membership::Column::ApiKey.as_column_ref(), "is_api_key"),
    ];
    let mut query = Query::select();
    for (column, name) in columns {
        query.expr_as(Expr::col(column), name);
    }
    let sites = "(SELECT group_concat(hex(site_id)) FROM membership_site WHERE membership_id = membership.id)";
    query
        .expr_as(Expr::cust(sites), "sites")
        .expr_as(Expr::cust(LACKS_FACTOR), "lacks_factor")
        .from(session::Entity)
        .inner_join(membership::Entity, same(session::Column::MembershipId, membership::Column::Id))
        .inner_join(organization::Entity, same(membership::Column::OrganizationId, organization::Column::Id))
        .inner_join(user::Entity, same(membership::Column::UserId, user::Column::Id))
        .and_where(Expr::cust("membership.user_id = coalesce(session.user_id, membership.user_id)"))
        .and_where(session::Column::Id.is_in(sessions.iter().copied()));
    Ok(Row::find_by_statement(tx.get_database_backend().build(&query)).all(tx).await?)
}

fn same<A: ColumnTrait, B: ColumnTrait>(one: A, other: B) -> Expr {
    Expr::col(one.as_column_ref()).equals(other.as_column_ref())
}

pub(crate) fn grant(role: Role, client: Option<Uuid>) -> Result<Grant, Error> {
    Ok(match role {
        Role::Owner => Grant::Owner,
        Role::Operator => Grant::Operator,
        Role::Manager => Grant::Manager,
        Role::Staff => Grant::Staff,
        Role::Client => {
            let client = client.ok_or_else(|| Error::internal("a client's membership without a client"))?;
            Grant::Client { client }
        }
    })
}
