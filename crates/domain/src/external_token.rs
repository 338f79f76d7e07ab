//! Access tokens of an external issuer. They act in a session of their person, which is limited to the rights of an API key
//! and to the scopes of the token.
//!
//! The session begins with the first token, and further tokens extend it. Ending the session refuses all tokens that were
//! issued before. No token may be valid for longer than its session is kept.

use crate::{
    audit, external_identity,
    session::{self, UNUSED_LASTS},
    sign_in,
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    credentials::Claims,
    error::Error,
    scope::Scopes,
    viewer::{Grant, Viewer},
};
use dossier_data::{Database, WriteTx};
use entities::{
    external_identity as identities, membership,
    session::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, sea_query::Order};

/// The time after which a further token extends the session, so that most tokens write nothing.
const EXTENDED_EVERY: TimeDelta = TimeDelta::days(1);

/// The longest validity of a token. The row of an ended session is deleted later than the token expires.
const LONGEST: TimeDelta = TimeDelta::days(29);

/// The largest difference of the issuer's clock.
const LEEWAY: TimeDelta = TimeDelta::minutes(1);

/// A verified token.
#[derive(Clone, Debug)]
pub struct ExternalToken {
    /// The issuer.
    pub issuer: String,
    /// The account at the issuer.
    pub subject: String,
    /// The organization's slug, for people who belong to several.
    pub organization: Option<String>,
    /// The scopes to which the token is limited, if it is.
    pub scopes: Option<Scopes>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

const UNLINKED: Error = Error::Unauthenticated("This access token belongs to no account that is linked here.");
const NO_MEMBERSHIP: Error = Error::Unauthenticated("This access token names no active membership, or several.");
const NO_SCOPE: Error = Error::Unauthenticated("This access token has no scope for this API.");
const TOO_LONG: Error = Error::Unauthenticated("This access token is valid for more than 29 days, which is too long.");
const ENDED: Error = Error::Unauthenticated("The session of this access token has ended. Get a new token.");

/// Returns the claims with which a token acts, and opens its session if necessary.
pub async fn claims(database: &Database, token: &ExternalToken, network: String) -> Result<Claims, Error> {
    let limit = Grant::Operator.scopes().and(token.scopes.unwrap_or(Scopes::ALL));
    if limit == Scopes::NONE {
        return Err(NO_SCOPE);
    }
    if token.expires_at - token.issued_at > LONGEST {
        return Err(TOO_LONG);
    }
    let found = database.external_identity(&token.issuer, &token.subject).await?.ok_or(UNLINKED)?;
    let user = found.user_id;
    let tx = database.write_as(Viewer::SigningIn { user }).await?;
    let linked = identities::Column::Id.eq(found.id);
    let linked = tx.find::<identities::Entity>().filter(linked).filter(external_identity::is_linked());
    let linked = linked.for_update().one().await?.ok_or(UNLINKED)?;
    let memberships = session::choices(&tx).await?;
    let membership = sign_in::choose(&memberships, token.organization.as_deref(), None).map_err(|_| NO_MEMBERSHIP)?;
    let of_tokens = Condition::all()
        .add(Column::ExternalIdentityId.eq(linked.id))
        .add(Column::MembershipId.eq(membership.id))
        .add(Column::RefreshNumber.eq(0));
    require_issued_after_end(&tx, &of_tokens, token).await?;
    let open = of_tokens.add(Column::Scopes.eq(limit.to_string())).add(Column::EndedAt.is_null());
    let open = tx.find::<Entity>().filter(open).filter(Column::ExpiresAt.gt(tx.now)).one().await?;
    let session = match open {
        Some(open) if tx.now + UNUSED_LASTS - EXTENDED_EVERY < open.expires_at => open,
        Some(open) => extend(&tx, &linked, open, network).await?,
        None => begin(&tx, &linked, membership, limit, network).await?,
    };
    tx.commit().await?;
    Ok(session::claims(&session, user, token.expires_at))
}

/// Fails if a session of such tokens was ended after this token was issued.
async fn require_issued_after_end(tx: &WriteTx, of_tokens: &Condition, token: &ExternalToken) -> Result<(), Error> {
    let ended = tx.find::<Entity>().filter(of_tokens.clone()).filter(Column::EndedAt.is_not_null());
    let last = ended.order_by(Column::EndedAt, Order::Desc).one().await?.and_then(|session| session.ended_at);
    if last.is_some_and(|ended_at| token.issued_at <= ended_at + LEEWAY) { Err(ENDED) } else { Ok(()) }
}

async fn begin(
    tx: &WriteTx,
    linked: &identities::Model,
    membership: &membership::Model,
    limit: Scopes,
    network: String,
) -> Result<Model, Error> {
    let row = session::of_membership(tx, membership);
    let row = Model {
        expires_at: tx.now + UNUSED_LASTS,
        scopes: Some(limit.to_string()),
        device: Some(linked.issuer.clone()),
        network: Some(network),
        external_identity_id: Some(linked.id),
        ..row
    };
    let row = tx.insert_without_event(row).await?;
    session::limit(tx, membership.user_id).await?;
    external_identity::record_use(tx, linked).await?;
    let author = audit::author(membership, &audit::name_of(tx, membership.user_id).await?, Some(row.id));
    let record = session::signed_in(membership, &row).by(author);
    tx.audit(record.from_device(row.network.clone(), row.device.clone()));
    Ok(row)
}

/// Extends a session to a further token.
async fn extend(tx: &WriteTx, linked: &identities::Model, open: Model, network: String) -> Result<Model, Error> {
    let after =
        Model { expires_at: tx.now + UNUSED_LASTS, refreshed_at: Some(tx.now), network: Some(network), ..open.clone() };
    external_identity::record_use(tx, linked).await?;
    tx.update_without_event(&open, after).await
}
