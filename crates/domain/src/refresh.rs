//! Refresh tokens, which renew sessions.
//!
//! A refresh token is sealed, and contains the number of its session's newest token. Nothing secret is stored. A token
//! that was used before ends the session, because somebody may have copied it. The newest token but one gets the same
//! successor for ten seconds, because an answer may get lost, and two tabs may ask at once.

use crate::{
    audit,
    session::{Choice, Device, LASTS_AT_MOST, SignedIn, UNUSED_LASTS, choices, end_open, open},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    error::{Error, UserError},
    viewer::Viewer,
};
use dossier_data::{AuditRecord, Database, Purpose, Sealer, WriteTx};
use entities::{
    audit_entry::{Action, Refusal},
    session::{Column, Entity, Model},
};
use sea_orm::ColumnTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long the newest refresh token but one gets the same successor.
const REPEATABLE_FOR: TimeDelta = TimeDelta::seconds(10);

/// The content of a refresh token.
#[derive(Serialize, Deserialize)]
struct RefreshToken {
    session: Uuid,
    user: Uuid,
    number: i32,
}

const REFRESH: Purpose = Purpose { kind: "refresh token", organization: Uuid::nil(), scope: None };

/// Returns the newest refresh token of a session.
pub fn refresh_token(sealer: &Sealer, signed: &SignedIn) -> Result<String, Error> {
    let SignedIn { user, session, .. } = signed;
    sealer.seal(&REFRESH, &RefreshToken { session: session.id, user: *user, number: session.refresh_number })
}

/// Renews a session by its refresh token.
pub async fn refresh(database: &Database, sealer: &Sealer, token: &str, device: Device) -> Result<SignedIn, Error> {
    let (tx, open, is_newest) = by_token(database, sealer, token).await?;
    let (user, memberships) = (person(&open)?, choices(&tx).await?);
    if memberships.iter().all(|choice| choice.membership.id != open.membership_id) {
        return Err(ended().into());
    }
    let session = if is_newest {
        let after = Model {
            refresh_number: open.refresh_number + 1,
            refreshed_at: Some(tx.now),
            expires_at: (tx.now + UNUSED_LASTS).min(open.created_at + LASTS_AT_MOST),
            network: device.network.or_else(|| open.network.clone()),
            ..open.clone()
        };
        tx.update_without_event(&open, after).await?
    } else {
        open
    };
    tx.commit().await?;
    Ok(SignedIn { user, session, memberships })
}

/// Returns the open session of a refresh token, locked, and whether the token is the newest one. An older token ends the
/// session and its family.
async fn by_token(database: &Database, sealer: &Sealer, token: &str) -> Result<(WriteTx, Model, bool), Error> {
    let token: RefreshToken = sealer.open(&REFRESH, token).ok_or_else(ended)?;
    let tx = database.write_as(Viewer::SigningIn { user: token.user }).await?;
    let open = tx.find::<Entity>().filter(Column::Id.eq(token.session)).for_update().one().await?.ok_or_else(ended)?;
    let is_newest = token.number == open.refresh_number;
    let is_open = open.ended_at.is_none() && tx.now < open.expires_at;
    if is_open && (is_newest || is_repetition(&open, token.number, tx.now)) {
        return Ok((tx, open, is_newest));
    }
    // An earlier token of a session that has ended is no less a sign of a copy.
    if is_newest || end_family(&tx, &open).await?.is_empty() {
        return Err(ended().into());
    }
    let record = AuditRecord::new(Action::SessionRefreshRefused, open.id).within(open.organization_id);
    tx.audit(record.named(audit::name_of(&tx, token.user).await?).refused(Refusal::TokenReused));
    tx.commit().await?;
    tracing::warn!(user = %token.user, "a refresh token was used again, so its session was ended");
    Err(ended().into())
}

/// Ends the open sessions that began from the same sign-in. Returns them.
async fn end_family(tx: &WriteTx, session: &Model) -> Result<Vec<Model>, Error> {
    let family = tx.find::<Entity>().filter(Column::FamilyId.eq(session.family_id));
    end_open(tx, family.all().await?, None).await
}

fn person(session: &Model) -> Result<Uuid, Error> {
    session.user_id.ok_or_else(|| Error::internal("a session without its person"))
}

fn is_repetition(session: &Model, number: i32, now: DateTime<Utc>) -> bool {
    number + 1 == session.refresh_number
        && session.refreshed_at.is_some_and(|refreshed_at| now - refreshed_at <= REPEATABLE_FOR)
}

fn ended() -> UserError {
    UserError::forbidden("This session has ended. Sign in again.")
}

/// Ends the session of a refresh token, and its family.
pub async fn end_by_token(database: &Database, sealer: &Sealer, token: &str) -> Result<Uuid, Error> {
    let token: RefreshToken = sealer.open(&REFRESH, token).ok_or_else(ended)?;
    let tx = database.write_as(Viewer::SigningIn { user: token.user }).await?;
    let session = tx.visible::<Entity>(token.session, "session").await?;
    end_family(&tx, &session).await?;
    tx.commit().await?;
    Ok(token.session)
}

/// Opens a session of another membership of the same person, without a new sign-in. The refresh token of the present
/// session proves who they are, and is used up. The new session ends with the family of the present one, and lasts no longer. It ends an
/// earlier session of the same membership in the family.
pub async fn switch(database: &Database, sealer: &Sealer, token: &str, membership: Uuid) -> Result<SignedIn, Error> {
    let (tx, present, is_newest) = by_token(database, sealer, token).await?;
    let (user, memberships) = (person(&present)?, choices(&tx).await?);
    let is_other =
        |choice: &&Choice| choice.membership.id == membership && choice.membership.id != present.membership_id;
    let chosen = memberships.iter().find(is_other).ok_or_else(|| UserError::not_found("membership_id"))?;
    if is_newest {
        // Somebody who has copied the token could otherwise switch with it, and it would never be used twice.
        let after = Model { refresh_number: present.refresh_number + 1, refreshed_at: Some(tx.now), ..present.clone() };
        tx.update_without_event(&present, after).await?;
    }
    let family = tx.find::<Entity>().filter(Column::FamilyId.eq(present.family_id));
    let earlier = family.filter(Column::MembershipId.eq(membership)).all().await?;
    end_open(&tx, earlier, None).await?;
    let device = Device { name: present.device.clone(), network: present.network.clone() };
    let opened = open(&tx, &chosen.membership, device, None, None).await?;
    let after = Model {
        created_at: present.created_at,
        expires_at: opened.expires_at.min(present.created_at + LASTS_AT_MOST),
        family_id: present.family_id,
        proven_at: present.proven_at,
        external_identity_id: present.external_identity_id,
        ..opened.clone()
    };
    let session = tx.update_without_event(&opened, after).await?;
    tx.commit().await?;
    Ok(SignedIn { user, session, memberships })
}
