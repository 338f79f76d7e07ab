//! Rows of members, invitations, sessions and API keys, and of the audit log.

use super::{CLIENT, ORGANIZATION, OTHER, USER, id, insert_row, now};
use entities::{
    api_key, audit_detail, audit_entry, event, external_identity, idempotency_record, invitation,
    membership::{self, Role},
    membership_site, session,
};
use sea_orm::prelude::*;

pub async fn fill(db: &DatabaseConnection) -> Result<(), DbErr> {
    for (number, owner, person, role, client) in [
        (41, ORGANIZATION, USER, Role::Operator, None),
        (42, ORGANIZATION, 12, Role::Manager, None),
        (43, ORGANIZATION, USER, Role::Client, Some(CLIENT)),
        (44, ORGANIZATION, 12, Role::Client, Some(CLIENT)),
        (45, OTHER, 13, Role::Owner, None),
    ] {
        let row = membership::Model {
            id: id(number),
            organization_id: id(owner),
            user_id: id(person),
            role,
            client_id: client.map(id),
            suspended_at: client.map(|_| now()),
            removed_at: client.map(|_| now()),
            api_key: number == 42,
            created_at: now(),
        };
        insert_row(db, row).await?;
    }
    let organization_id = id(ORGANIZATION);
    insert_row(db, membership_site::Model { membership_id: id(42), site_id: id(21), organization_id }).await?;
    let session = session::Model {
        id: id(46),
        organization_id,
        membership_id: id(41),
        created_at: now(),
        expires_at: now(),
        ended_at: Some(now()),
        scopes: Some("clients:read".into()),
        user_id: Some(id(USER)),
        family_id: Some(id(46)),
        refresh_number: 1,
        refreshed_at: Some(now()),
        proven_at: Some(now()),
        device: Some("A phone".into()),
        network: Some("192.0.2.0/24".into()),
        external_identity_id: Some(id(51)),
    };
    for (number, person, subject, removed_at) in
        [(51, USER, "one", None), (52, 12, "two", None), (53, 13, "three", Some(now()))]
    {
        let row = external_identity::Model {
            id: id(number),
            user_id: id(person),
            issuer: "https://login.example.org".into(),
            subject: subject.into(),
            email: Some("somebody@example.org".into()),
            created_at: now(),
            last_used_at: Some(now()),
            removed_at,
        };
        insert_row(db, row).await?;
    }
    insert_row(db, session).await?;
    for (number, role, client) in [(47, Role::Staff, None), (48, Role::Client, Some(CLIENT))] {
        insert_row(db, invitation(number, role, client)).await?;
    }
    for (number, site) in [(49, Some(21)), (50, None)] {
        insert_row(db, api_key(number, site)).await?;
    }
    for (number, sequence) in [(91, 1), (92, 2)] {
        insert_row(db, audit_entry(number, sequence)).await?;
        let (salt, content) = ("0".repeat(32), "{}".into());
        let detail = audit_detail::Model { entry_id: id(number), organization_id: id(ORGANIZATION), salt, content };
        insert_row(db, detail).await?;
    }
    let record = idempotency_record::Model {
        membership_id: id(41),
        key: "key/field".into(),
        organization_id,
        fingerprint: "0".repeat(64),
        outcome: "{}".into(),
        created_at: now(),
    };
    insert_row(db, record).await
}

fn invitation(number: u128, role: Role, client: Option<u128>) -> invitation::Model {
    invitation::Model {
        id: id(number),
        organization_id: id(ORGANIZATION),
        email: "new@example.org".into(),
        display_name: Some("Somebody".into()),
        role,
        site_ids: client.is_none().then(|| id(21).to_string()),
        client_id: client.map(id),
        locale: "fr-FR".into(),
        inviter_name: "Somebody".into(),
        inviter_kind: event::ActorKind::Member,
        inviter_id: Some(id(USER)),
        link_number: 1,
        created_at: now(),
        sent_at: now(),
        expires_at: now(),
        accepted_at: client.is_none().then(now),
        revoked_at: client.map(|_| now()),
    }
}

fn api_key(number: u128, site: Option<u128>) -> api_key::Model {
    api_key::Model {
        id: id(number),
        organization_id: id(ORGANIZATION),
        user_id: id(USER),
        name: "Export".into(),
        token_start: "dossier_0000".into(),
        token_hash: format!("{number:064}"),
        token_salt: "salt".into(),
        scopes: "clients:read".into(),
        site_id: site.map(id),
        networks: site.map(|_| "192.0.2.0/24".into()),
        creator_name: "Somebody".into(),
        creator_kind: event::ActorKind::Member,
        creator_id: Some(id(USER)),
        created_at: now(),
        expires_at: site.map(|_| now()),
        revoked_at: site.map(|_| now()),
        last_used_at: site.map(|_| now()),
        last_network: site.map(|_| "192.0.2.0/24".into()),
    }
}

fn audit_entry(number: u128, sequence: i64) -> audit_entry::Model {
    let some = |value: u128| (sequence == 1).then(|| id(value));
    audit_entry::Model {
        id: id(number),
        organization_id: id(ORGANIZATION),
        sequence,
        format: 1,
        created_at: now(),
        action: audit_entry::Action::SignInRefused,
        refusal: Some(audit_entry::Refusal::WrongPassword),
        actor_kind: event::ActorKind::System,
        actor_id: some(USER),
        membership_id: some(41),
        session_id: some(49),
        subject_id: id(41),
        client_id: some(CLIENT),
        changed: Some("role".into()),
        detail_hash: "0".repeat(64),
        previous_hash: "0".repeat(64),
        hash: "0".repeat(64),
    }
}
