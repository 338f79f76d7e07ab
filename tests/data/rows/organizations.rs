//! Rows of organizations, and of what belongs to one of them rather than to a dossier.

use super::{CLIENT, ELSEWHERE, ORGANIZATION, OTHER, SECOND, USER, client, id, insert_row, now};
use entities::{organization, portal, site, user};
use sea_orm::prelude::*;

pub async fn fill(db: &DatabaseConnection) -> Result<(), DbErr> {
    for (number, slug) in [(ORGANIZATION, "agency"), (OTHER, "other")] {
        let row = organization::Model {
            id: id(number),
            slug: slug.into(),
            name: "Agency".into(),
            time_zone: "Europe/Paris".into(),
            currency: "EUR".into(),
            locale: "fr-FR".into(),
            four_eyes: true,
            storage_limit: 0,
            event_days: 7,
            revision: 1,
            legal_name: Some("Agency SARL".into()),
            address: Some("1 rue de la Paix".into()),
            registration_number: Some("404833048".into()),
            vat_number: Some("FR83404833048".into()),
            legal_notice: Some("SARL".into()),
            suspended_at: Some(now()),
            created_at: now(),
            required_factor_roles: Some("OWNER STAFF".into()),
            accent_color: Some("#1f5fbf".into()),
            own_storage_limit: Some(1 << 30),
            trash_days: 30,
            zone_retention: Some("INVOICES:3650".into()),
        };
        insert_row(db, row).await?;
    }
    for number in [USER, 12, 13] {
        let row = user::Model {
            id: id(number),
            email: format!("{number}@example.org"),
            display_name: "Somebody".into(),
            password_hash: Some("$argon2id$".into()),
            locale: Some("fr-FR".into()),
            created_at: now(),
            totp_secret: Some("sealed".into()),
            totp_confirmed_at: Some(now()),
            totp_step: Some(i64::MAX),
            recovery_codes: Some("0".repeat(64)),
            passkeys: Some("[]".into()),
            wrong_codes: 1,
            wrong_code_at: Some(now()),
        };
        insert_row(db, row).await?;
    }
    for (number, owner, name) in [(21, ORGANIZATION, "Here"), (22, OTHER, "Elsewhere")] {
        insert_row(
            db,
            site::Model {
                id: id(number),
                organization_id: id(owner),
                name: name.into(),
                closed_at: Some(now()),
                created_at: now(),
            },
        )
        .await?;
    }
    for (number, owner, name) in
        [(CLIENT, ORGANIZATION, "First"), (SECOND, ORGANIZATION, "Second"), (ELSEWHERE, OTHER, "Elsewhere")]
    {
        insert_row(db, client(number, owner, name)).await?;
    }
    fill_portals(db).await
}

async fn fill_portals(db: &DatabaseConnection) -> Result<(), DbErr> {
    let portal = portal::Model {
        id: id(68),
        organization_id: id(ORGANIZATION),
        track: client::Track::One,
        name: Some("Lumen".into()),
        accent_color: Some("#1f5fbf".into()),
        logo: Some("data:image/png;base64,".into()),
    };
    insert_row(db, portal).await
}
