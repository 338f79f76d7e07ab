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
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
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

async fn member(tx: &DatabaseTransaction, session: Uuid, now: DateTime<Utc>) -> Result<Option<Member>, Failure> {
    let Some(session) = session::Entity::find_by_id(session)
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .one(tx)
        .await?
    else {
        return Ok(None);
    };
    let Some(membership) = membership::Entity::find_by_id(session.membership_id)
        .filter(membership::Column::SuspendedAt.is_null())
        .one(tx)
        .await?
    else {
        return Ok(None);
    };
    let organization = organization::Entity::find_by_id(membership.organization_id)
        .filter(organization::Column::SuspendedAt.is_null())
        .one(tx)
        .await?;
    let user = user::Entity::find_by_id(membership.user_id).one(tx).await?;
    let (Some(organization), Some(user)) = (organization, user) else {
        return Ok(None);
    };
    Ok(Some(Member {
        organization: organization.id,
        membership: membership.id,
        session: session.id,
        user: user.id,
        display_name: user.display_name,
        time_zone: organization.time_zone.parse().map_err(Failure::internal)?,
        standing: standing(membership.role, membership.client_id)?,
    }))
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
