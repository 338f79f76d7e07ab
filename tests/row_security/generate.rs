//! Generates data: the rows of `dossier seed`, changed at random until all combinations occur that the rules check.

use crate::seed;
use dossier_seed::generated::Plan;
use entities::document::Zone;
use sea_orm::{ActiveEnum, ConnectionTrait, DatabaseConnection, Iterable};

/// The seed of the random changes. `TEST_SEED=0.25` sets another one.
const SEED: &str = "0.5";

/// Changes rows at random within the constraints. `a_site`, `a_user`, `a_zone` and `maybe` are functions
/// that exist by then.
const CHANGES: &str = "
    UPDATE client SET site_id = CASE WHEN random() < 0.3 THEN NULL ELSE a_site(organization_id) END;
    UPDATE document SET published_version_id = NULL WHERE random() < 0.4;
    UPDATE document SET zone = a_zone(false)
        WHERE published_version_id IS NULL;
    UPDATE document SET deleted_at = now() WHERE random() < 0.4;
    UPDATE document SET purged_at = now() WHERE deleted_at IS NOT NULL AND random() < 0.3;
    UPDATE document SET status = 'PENDING' WHERE random() < 0.3;
    UPDATE document SET uploader_id = a_user(client_id) WHERE random() < 0.5;
    UPDATE document_version SET status = 'PENDING', uploader_id = a_user(client_id) WHERE random() < 0.4;
    UPDATE message SET internal = random() < 0.5;
    UPDATE validation_request SET internal = random() < 0.5;
    UPDATE event SET before_present = maybe(), after_present = maybe(), before_visible = maybe(),
        after_visible = maybe(), before_internal = maybe(), after_internal = maybe(), before_draft = maybe(),
        after_draft = maybe(), before_site_id = a_site(organization_id), after_site_id = a_site(organization_id),
        before_zone = a_zone(true),
        after_zone = a_zone(true)
        WHERE random() < 0.7;
    UPDATE event SET before_present = coalesce(before_present, true), after_present = coalesce(after_present, true);
    INSERT INTO membership_site SELECT id, a_site(organization_id), organization_id FROM membership
        WHERE random() < 0.3 AND role IN ('MANAGER', 'STAFF') ON CONFLICT DO NOTHING;
    INSERT INTO session SELECT gen_random_uuid(), organization_id, id, now(), now() + interval '1 day', NULL
        FROM membership;
    UPDATE session SET user_id = CASE WHEN random() < 0.8 THEN (SELECT user_id FROM membership
        WHERE membership.id = membership_id) ELSE a_user(NULL) END WHERE random() < 0.8;
    INSERT INTO invitation (id, organization_id, email, role, client_id, locale, inviter_name, inviter_kind, link_number,
        created_at, sent_at, expires_at) SELECT gen_random_uuid(), organization_id, 'x@example.org', 'CLIENT', id, 'fr', 'x',
        'MEMBER', 1,
        now(), now(), now() FROM client;
    INSERT INTO invitation (id, organization_id, email, role, locale, inviter_name, inviter_kind, link_number, created_at,
        sent_at, expires_at) SELECT gen_random_uuid(), id, 'x@example.org', 'STAFF', 'fr', 'x', 'SYSTEM', 1, now(), now(), now()
        FROM organization;
    INSERT INTO api_key (id, organization_id, user_id, name, token_start, token_hash, token_salt, scopes, creator_name, creator_kind,
        created_at) SELECT gen_random_uuid(), organization_id, user_id, 'x', 'x', id::text, 'x', 'clients:read', 'x', 'MEMBER', now()
        FROM membership WHERE random() < 0.2;
    INSERT INTO external_identity (id, user_id, issuer, subject, created_at, removed_at) SELECT gen_random_uuid(), id,
        'https://login.example.org', id::text || number, now(), CASE WHEN random() < 0.3 THEN now() END
        FROM user_account, generate_series(1, 2) number;
    INSERT INTO audit_entry (id, organization_id, sequence, format, created_at, action, actor_kind, subject_id, detail_hash,
        previous_hash, hash) SELECT gen_random_uuid(), id, 1000000 + number, 1, now(), 'SIGNED_IN', 'SYSTEM',
        gen_random_uuid(), repeat('0', 64), repeat('0', 64), repeat('0', 64) FROM organization, generate_series(1, 3) number;
    INSERT INTO audit_detail SELECT id, organization_id, 'x', '{}' FROM audit_entry ON CONFLICT DO NOTHING;
    INSERT INTO read_marker SELECT gen_random_uuid(), c.organization_id, c.client_id, m.id, c.id, c.id, now()
        FROM conversation c JOIN membership m ON m.organization_id = c.organization_id WHERE random() < 0.3;
    INSERT INTO portal (id, organization_id, track, name) SELECT gen_random_uuid(), id, 'LAB', 'x' FROM organization;
    INSERT INTO idempotency_record SELECT id, 'key', organization_id, 'print', '', now() FROM membership;
    INSERT INTO job (id, organization_id, kind, priority, state, run_at, attempts, max_attempts, lease_number,
        cancel_requested, created_at) SELECT gen_random_uuid(), id, 'test', 0, 'QUEUED', now(), 0, 1, 0, false, now()
        FROM organization, generate_series(1, 3);
    INSERT INTO job_detail (job_id, organization_id, payload, progress_done) SELECT id, organization_id, '{}', 0 FROM job;
    INSERT INTO schedule SELECT id, 'test', now() FROM organization;
    INSERT INTO membership SELECT gen_random_uuid(), c.organization_id, u.id, 'CLIENT', c.id, NULL, now()
        FROM client c, user_account u WHERE random() < 0.01 ON CONFLICT DO NOTHING;
";

/// Volatile functions with a row as argument, so that none is folded. They give the same numbers in the same order.
const FUNCTIONS: &str = "
    CREATE FUNCTION a_site(of uuid) RETURNS uuid VOLATILE LANGUAGE sql AS
        $$ SELECT id FROM site WHERE organization_id = of ORDER BY random() LIMIT 1 $$;
    CREATE FUNCTION a_user(of uuid) RETURNS uuid VOLATILE LANGUAGE sql AS
        $$ SELECT user_id FROM membership WHERE client_id = of
           UNION ALL (SELECT id FROM user_account ORDER BY random() LIMIT 1) LIMIT 1 $$;
    CREATE FUNCTION a_zone(or_none boolean) RETURNS text VOLATILE LANGUAGE sql AS
        $$ SELECT CASE WHEN or_none AND random() < 0.2 THEN NULL
           ELSE ({zones})[1 + floor(random() * array_length({zones}, 1))] END $$;
    CREATE FUNCTION maybe() RETURNS boolean VOLATILE LANGUAGE sql AS
        $$ SELECT (ARRAY[true, false, NULL])[1 + floor(random() * 3)::int] $$;
    ALTER TABLE event ALTER before_present DROP NOT NULL, ALTER after_present DROP NOT NULL;
";

const CLEANUP: &str = "
    ALTER TABLE event ALTER before_present SET NOT NULL, ALTER after_present SET NOT NULL;
    DROP FUNCTION a_site, a_user, a_zone, maybe;
    ANALYZE;
";

/// Fills the database.
pub async fn fill(owner: &DatabaseConnection) {
    let plan = Plan {
        organizations: 2,
        clients: 12,
        documents: 8,
        conversations: 2,
        messages: 4,
        requests: 4,
        invoices: 3,
        seed: 7,
    };
    seed::seed(owner, &plan).await.unwrap();
    let seed = std::env::var("TEST_SEED").unwrap_or_else(|_| SEED.to_owned());
    eprintln!("generated with TEST_SEED={seed}");
    // One message is one session, which has the random numbers.
    let zones: Vec<_> = Zone::iter().map(|zone| format!("'{}'", zone.to_value())).collect();
    let functions = FUNCTIONS.replace("{zones}", &format!("ARRAY[{}]", zones.join(", ")));
    let all = format!("SELECT setseed({seed}); {functions} {CHANGES} {CLEANUP}");
    owner.execute_unprepared(&all).await.unwrap();
}
