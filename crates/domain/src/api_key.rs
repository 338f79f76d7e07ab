//! API keys: created, used and revoked. A key acts as a member of its own, with a session that is limited to its scopes. It
//! never has more rights than an operator, or than a manager if it is limited to a site.

use crate::{
    api_key_status::is_active,
    check,
    invitation_status::{Status, in_status},
    organization::open_site,
    session,
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    api_token::ApiToken,
    error::{Error, UserError},
    scope::{Scope, Scopes},
    secret::random_text,
    viewer::{Actor, Grant, SystemPurpose, Viewer},
};
use dossier_data::{Allowed, AuditRecord, Database, Purpose, Sealer, WriteTx};
use dossier_policy::ApiKeyAction;
use entities::{
    api_key::{Column, Entity, Model},
    audit_entry::Action,
    invitation,
    membership::{self, Role},
    membership_site, session as sessions, user,
};
use ipnet::IpNet;
use sea_orm::ColumnTrait;
use std::net::IpAddr;
use uuid::Uuid;

/// The maximum number of active keys of an organization.
const MAX_ACTIVE: u64 = 100;

/// The number of random bytes from which a token follows.
const SALT_LENGTH: usize = 16;

/// The maximum number of networks of a key.
const MAX_NETWORKS: usize = 20;

/// The longest prefix of an IPv6 network. The server does not distinguish callers within such a network.
const LONGEST_IPV6_PREFIX: u8 = 64;

/// How long the session of a key lasts that does not expire.
const WITHOUT_EXPIRY: TimeDelta = TimeDelta::days(365 * 100);

/// The input for a new key.
pub struct NewApiKey {
    /// The name.
    pub name: String,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// The site to which the key is limited.
    pub site: Option<Uuid>,
    /// The networks from which the key can be used, such as `192.0.2.0/24`. If there are none, it can be used from
    /// everywhere.
    pub networks: Vec<String>,
    /// When the key expires.
    pub expires_at: Option<DateTime<Utc>>,
}

const TOKEN: Purpose = Purpose { kind: "api key", organization: Uuid::nil(), scope: None };

/// Returns the token of a key. It follows from a stored random text and the server's secret, so that a repeated request for
/// the same key gets the same token, although only its hash is stored.
fn token_of(sealer: &Sealer, salt: &str) -> Result<ApiToken, Error> {
    Ok(ApiToken::derive(&sealer.seal(&TOKEN, &salt)?))
}

/// Returns the token of a key that was just created. Returns `None` if the server's secret has changed since.
pub fn new_token(sealer: &Sealer, row: &Model) -> Result<Option<String>, Error> {
    let token = token_of(sealer, &row.token_salt)?;
    Ok((token.hash() == row.token_hash).then(|| token.to_string()))
}

/// Returns the networks of a key.
pub fn networks(row: &Model) -> impl Iterator<Item = &str> {
    row.networks.as_deref().unwrap_or_default().split_ascii_whitespace()
}

/// Creates a key.
pub async fn create(tx: &WriteTx, sealer: &Sealer, new: NewApiKey) -> Result<Uuid, Error> {
    let (id, user, Actor { kind, user: creator, name }) = (tx.new_id(), tx.new_id(), tx.viewer.actor());
    let networks = check_networks(&new.networks)?;
    let salt = random_text(SALT_LENGTH).map_err(Error::internal)?;
    let token = token_of(sealer, &salt)?;
    let row = Model {
        id,
        organization_id: tx.organization()?,
        user_id: user,
        name: check::line("name", &new.name, check::NAME)?,
        token_start: token.start(),
        token_hash: token.hash(),
        token_salt: salt,
        scopes: check_scopes(&new)?.to_string(),
        site_id: new.site,
        networks: (!networks.is_empty()).then(|| networks.join(" ")),
        creator_name: name,
        creator_kind: kind,
        creator_id: creator,
        created_at: tx.now,
        expires_at: new.expires_at,
        ..Model::default()
    };
    if row.expires_at.is_some_and(|expires_at| expires_at <= tx.now) {
        return Err(UserError::invalid("expires_at", "must be in the future").into());
    }
    if row.expires_at.is_some_and(|expires_at| expires_at > tx.now + WITHOUT_EXPIRY) {
        return Err(UserError::invalid("expires_at", "must be within 100 years").into());
    }
    let row = tx.authorize_row::<Entity>(ApiKeyAction::Manage, row)?;
    session::require_recent_proof(tx).await?;
    if let Some(site) = row.site_id {
        open_site(tx, site, "site_id").await?;
    }
    if tx.find::<Entity>().filter(is_active(tx.now)).count().await? >= MAX_ACTIVE {
        return Err(UserError::conflict(format!("There are already {MAX_ACTIVE} active API keys. Revoke some.")).into());
    }
    add_member(tx, &row).await?;
    let expiry = row.expires_at.map(|expires_at| expires_at.to_rfc3339());
    let record = AuditRecord::new(Action::ApiKeyCreated, id).named(&row.name);
    tx.audit(record.change("scopes", None, Some(row.scopes.clone())).change("expires_at", None, expiry));
    Ok(tx.insert_without_event(row.into_row()).await?.id)
}

/// Returns the scopes. Fails if the key could not have one of them.
fn check_scopes(new: &NewApiKey) -> Result<Scopes, UserError> {
    let (given, grant) = (new.scopes.iter().copied().collect::<Scopes>(), grant(new.site));
    if new.scopes.is_empty() {
        return Err(UserError::invalid("scopes", "must contain at least one scope"));
    }
    for scope in &new.scopes {
        if !grant.scopes().contains(*scope) {
            return Err(UserError::invalid("scopes", format!("must not contain `{scope}`, which only owners have")));
        }
        if let Some(required) = scope.requires().filter(|required| !given.contains(*required)) {
            return Err(UserError::invalid("scopes", format!("must contain `{required}`, which `{scope}` requires")));
        }
    }
    Ok(given)
}

/// Returns the rights that the scopes of a key limit.
fn grant(site: Option<Uuid>) -> Grant {
    if site.is_some() { Grant::Manager } else { Grant::Operator }
}

/// Returns the networks in their usual form.
fn check_networks(given: &[String]) -> Result<Vec<String>, UserError> {
    let wrong = |message: &str| UserError::invalid("networks", message);
    if given.len() > MAX_NETWORKS {
        return Err(wrong(&format!("must have at most {MAX_NETWORKS} networks")));
    }
    let parse = |text: &String| -> Result<String, UserError> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let network = network.map_err(|_| wrong("must be networks such as 192.0.2.0/24 or 2001:db8::/48"))?;
        if matches!(network, IpNet::V6(network) if network.prefix_len() > LONGEST_IPV6_PREFIX) {
            return Err(wrong("IPv6 networks must have a prefix of at most 64 bits, such as 2001:db8::/64"));
        }
        Ok(network.trunc().to_string())
    };
    given.iter().map(parse).collect()
}

/// Inserts the account, the membership and the session with which the key acts.
async fn add_member(tx: &WriteTx, key: &Allowed<Entity>) -> Result<(), Error> {
    let (id, organization_id, user_id) = (key.id, key.organization_id, key.user_id);
    let account = user::Model {
        id: user_id,
        email: format!("api-key:{id}"),
        display_name: key.name.clone(),
        created_at: tx.now,
        ..user::Model::default()
    };
    tx.insert_part_as_system(key, account).await?;
    let membership = membership::Model {
        id: tx.new_id(),
        organization_id,
        user_id,
        role: if key.site_id.is_some() { Role::Manager } else { Role::Operator },
        api_key: true,
        created_at: tx.now,
        ..membership::Model::default()
    };
    let membership_id = tx.insert_part_as_system(key, membership).await?.id;
    if let Some(site_id) = key.site_id {
        let link = membership_site::Model { membership_id, site_id, organization_id };
        tx.insert_part_as_system(key, link).await?;
    }
    let session = sessions::Model {
        id,
        organization_id,
        membership_id,
        user_id: Some(user_id),
        scopes: Some(key.scopes.clone()),
        created_at: tx.now,
        expires_at: key.expires_at.unwrap_or(tx.now + WITHOUT_EXPIRY),
        ..sessions::Model::default()
    };
    tx.insert_part_as_system(key, session).await.map(drop)
}

/// Revokes a key: its token stops working, and its sockets are closed.
pub async fn revoke(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = tx.authorize::<Entity>(id, "id", ApiKeyAction::Manage).await?;
    if before.revoked_at.is_some() {
        return Err(UserError::conflict("This API key was already revoked.").into());
    }
    let session = tx.find_whole::<sessions::Entity>()?.filter(sessions::Column::Id.eq(id)).one().await?;
    if let Some(session) = session {
        let after = sessions::Model { ended_at: Some(tx.now), ..session.clone() };
        tx.update_part_as_system(&before, &session, after).await?;
    }
    revoke_invitations(tx, &before).await?;
    tx.update_without_event(&*before, Model { revoked_at: Some(tx.now), ..before.clone() }).await?;
    tx.audit(AuditRecord::new(Action::ApiKeyRevoked, id).named(&before.name));
    Ok(id)
}

/// Revokes the open invitations that a key has sent.
async fn revoke_invitations(tx: &WriteTx, key: &Allowed<Entity>) -> Result<(), Error> {
    let open = tx
        .find_whole::<invitation::Entity>()?
        .filter(invitation::Column::InviterId.eq(key.user_id))
        .filter(in_status(Status::Pending, tx.now));
    for before in open.all().await? {
        let after = invitation::Model { revoked_at: Some(tx.now), ..before.clone() };
        tx.update_part_as_system(key, &before, after).await?;
    }
    Ok(())
}

/// Records that a key was used from a network.
pub async fn record_use(database: &Database, key: &Model, network: String) -> Result<(), Error> {
    let tx = database.write_as(Viewer::system(key.organization_id, SystemPurpose::Identity)).await?;
    if let Some(before) = tx.find::<Entity>().filter(Column::Id.eq(key.id)).for_update().one().await? {
        let after = Model { last_used_at: Some(tx.now), last_network: Some(network), ..before.clone() };
        tx.update_without_event(&before, after).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_written_in_one_way() {
        let networks =
            |given: &[&str]| check_networks(&given.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let usual = networks(&["192.0.2.7", "192.0.2.77/24", "2001:db8::1/48"]).unwrap();
        assert_eq!(usual, ["192.0.2.7/32", "192.0.2.0/24", "2001:db8::/48"]);
        for wrong in ["", "localhost", "192.0.2.0/33", "2001:db8::1", "2001:db8::/65", "192.0.2.0/24 10.0.0.0/8"] {
            assert!(networks(&[wrong]).is_err(), "{wrong}");
        }
        assert!(networks(&["192.0.2.7"; 21]).is_err());
    }
}
