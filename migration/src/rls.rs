//! Row Level Security: on `PostgreSQL`, policies state the row rules of `crates/policy/src` a second time, in SQL. Every
//! table with rows of an organization has one, and it is forced even for the table's owner.
//!
//! The policies read transaction-local settings (`dossier.*`), which `dossier_enter` makes from a session. Without settings,
//! no row is visible. `using` decides which rows are read, changed and removed. `with_check` decides where a viewer may
//! leave a row: within their organization, sites and client. Which actions a role may do with a visible row, and
//! which deleted rows are listed, are left to the server.
//!
//! This is no migration: after the migrations, [`crate::policies::install`] updates the policies if their text has changed.
//! A test over generated data proves that they equal the row rules.

use crate::{
    rls_conditions::{CLIENT, LEAVING, MEMBERS, OWN, OWN_OR_NEW, SETTINGS, SYSTEM, expand, limited},
    rls_functions::{MESSAGE, functions},
};

/// The policy of a table: SQL conditions on a row, with placeholders, which [`expand`] replaces.
struct RlsPolicy {
    table: &'static str,
    using: &'static str,
    with_check: &'static str,
    /// A session needs one of these scopes to read a row, and one of the others to write or remove it. An empty list
    /// needs none.
    read: &'static [&'static str],
    write: &'static [&'static str],
}

/// Tables in which viewers may hide their own rows by a change. `PostgreSQL` also checks the new row of an `UPDATE` against
/// the policy for reading. While `dossier.leaving` is on, that policy accepts every row that `with_check` accepts. The policy
/// `changed` still decides which rows may change.
const HIDING_TABLES: [&str; 4] = ["document", "document_version", "validation_request", "invoice"];

/// Tables whose rows never change. They have no policy for `UPDATE`.
const FROZEN_TABLES: [&str; 2] = ["audit_entry", "audit_detail"];

/// Tables whose rows are removed by nobody, or only by viewers that meet the condition.
const REMOVAL: [(&str, Option<&str>); 2] = [("audit_entry", None), ("audit_detail", Some(SYSTEM))];

/// All tables except the list of migrations. The server does not start with a table that is missing here.
const POLICIES: &[RlsPolicy] = &[
    RlsPolicy {
        table: "organization",
        using: "{viewer} = 'PLATFORM' OR id = {own} \
               OR EXISTS (SELECT FROM membership WHERE membership.organization_id = organization.id)",
        with_check: "{viewer} = 'PLATFORM' OR {viewer} = 'OWNER' AND id = {own}",
        read: &[],
        write: &["organization:manage"],
    },
    RlsPolicy {
        table: "site",
        using: "{organization} AND ({wide} OR {in_sites} AND id = {sites} \
               OR {viewer} = 'CLIENT' AND id = (SELECT client.site_id FROM client WHERE client.id = {client}))",
        with_check: SETTINGS,
        read: &[],
        write: &["organization:manage"],
    },
    RlsPolicy {
        table: "membership",
        using: "{viewer} = 'SIGNING_IN' AND user_id = {user} \
               OR {organization} AND ({wide} OR {viewer} = 'MANAGER' AND ( \
                   EXISTS (SELECT FROM membership_site link WHERE link.organization_id = membership.organization_id \
                           AND link.membership_id = membership.id AND link.site_id = {sites}) \
                   OR {parent client.id client_id}))",
        with_check: MEMBERS,
        read: &["members:read"],
        write: &["members:manage", "clients:invite"],
    },
    RlsPolicy {
        table: "membership_site",
        using: "{organization} AND ({wide} OR {viewer} = 'MANAGER' AND site_id = {sites} \
               OR membership_id = {membership})",
        with_check: SETTINGS,
        read: &["members:read"],
        write: &["members:manage"],
    },
    RlsPolicy {
        table: "invitation",
        using: MEMBERS,
        with_check: MEMBERS,
        read: &["members:read"],
        write: &["members:manage", "clients:invite"],
    },
    RlsPolicy {
        table: "user_account",
        using: "id = {user} OR email = {address} OR EXISTS (SELECT FROM membership WHERE user_id = user_account.id)",
        with_check: "{viewer} = 'SYSTEM' OR id = {user}",
        read: &[],
        write: &[],
    },
    RlsPolicy {
        table: "external_identity",
        using: "user_id = {user} OR issuer || ' ' || subject = {identity}",
        with_check: "{viewer} = 'SYSTEM' OR user_id = {user}",
        read: &[],
        write: &[],
    },
    RlsPolicy {
        table: "api_key",
        using: "token_hash = {token} OR {organization} AND {viewer} IN ('OWNER', 'SYSTEM') AND {scope keys:manage}",
        with_check: SETTINGS,
        read: &[],
        write: &["keys:manage"],
    },
    RlsPolicy {
        table: "session",
        using: "{session}",
        with_check: "{session} OR {viewer} = 'SIGNING_IN' AND {parent membership.id membership_id}",
        read: &[],
        write: &[],
    },
    RlsPolicy {
        table: "portal",
        using: "{organization}",
        with_check: SETTINGS,
        read: &[],
        write: &["organization:manage"],
    },
    RlsPolicy { table: "read_marker", using: OWN, with_check: OWN_OR_NEW, read: &[], write: &[] },
    RlsPolicy { table: "idempotency_record", using: OWN, with_check: OWN_OR_NEW, read: &[], write: &[] },
    RlsPolicy { table: "counter", using: "{organization}", with_check: "{organization}", read: &[], write: &[] },
    RlsPolicy {
        table: "job",
        using: "{viewer} = 'WORKER' OR {organization} AND {viewer} = 'SYSTEM'",
        with_check: "{viewer} = 'WORKER' OR {organization}",
        read: &[],
        write: &[],
    },
    RlsPolicy { table: "audit_entry", using: SETTINGS, with_check: SYSTEM, read: &["audit:read"], write: &[] },
    RlsPolicy { table: "audit_detail", using: SETTINGS, with_check: SYSTEM, read: &["audit:read"], write: &[] },
    RlsPolicy { table: "job_detail", using: SYSTEM, with_check: "{organization}", read: &[], write: &[] },
    RlsPolicy { table: "schedule", using: SYSTEM, with_check: SYSTEM, read: &[], write: &[] },
    RlsPolicy {
        table: "client",
        using: CLIENT,
        with_check: CLIENT,
        read: &["clients:read"],
        write: &["clients:write"],
    },
    RlsPolicy {
        table: "document",
        using: "{dossier} AND ({wide} OR {viewer} = 'MANAGER' OR deleted_at IS NULL OR uploader_id = {user} \
                   AND purged_at IS NULL AND ({viewer} = 'CLIENT' OR published_version_id IS NULL)) \
               AND ({viewer} <> 'STAFF' OR zone NOT IN ('PRIVATE', 'INVOICES')) \
               AND ({viewer} <> 'CLIENT' OR zone <> 'PRIVATE' AND (published_version_id IS NOT NULL OR {own_upload}))",
        with_check: "{dossier}",
        read: &["documents:read"],
        write: &["documents:write"],
    },
    RlsPolicy {
        table: "document_version",
        using: "{organization} AND ({wide} OR {parent document.id document_id} \
               AND ({viewer} <> 'CLIENT' OR {own_upload} OR EXISTS (SELECT FROM document \
               WHERE document.organization_id = document_version.organization_id \
               AND document.id = document_version.document_id \
               AND document.published_version_id = document_version.id OFFSET 0)))",
        with_check: "{dossier}",
        read: &["documents:read"],
        write: &["documents:write"],
    },
    RlsPolicy {
        table: "conversation",
        using: "{dossier}",
        with_check: "{dossier}",
        read: &["conversations:read"],
        write: &["conversations:write"],
    },
    RlsPolicy {
        table: "message",
        using: "{dossier} AND ({viewer} <> 'CLIENT' OR NOT internal)",
        with_check: "{dossier}",
        read: &["conversations:read"],
        write: &["conversations:write"],
    },
    RlsPolicy {
        table: "validation_request",
        using: "{dossier} AND ({viewer} <> 'CLIENT' OR NOT internal)",
        with_check: "{dossier}",
        read: &["validation:read"],
        write: &["validation:write", "validation:decide"],
    },
    RlsPolicy {
        table: "validation_step",
        using: "{organization} AND ({wide} OR {parent validation_request.id request_id})",
        with_check: "{dossier}",
        read: &["validation:read"],
        write: &["validation:write", "validation:decide"],
    },
    RlsPolicy {
        table: "validation_version",
        using: "{organization} AND ({wide} OR {parent validation_request.id request_id})",
        with_check: "{dossier}",
        read: &["validation:read"],
        write: &["validation:write", "validation:decide"],
    },
    RlsPolicy {
        table: "validation_comment",
        using: "{organization} AND ({wide} OR ({viewer} <> 'CLIENT' OR NOT internal) \
               AND {parent validation_request.id request_id})",
        with_check: "{dossier}",
        read: &["validation:read"],
        write: &["validation:write", "validation:decide"],
    },
    RlsPolicy {
        table: "invoice",
        using: "{dossier} AND {viewer} <> 'STAFF' AND ({viewer} <> 'CLIENT' OR status <> 'DRAFT')",
        with_check: "{dossier}",
        read: &["billing:read"],
        write: &["billing:write", "billing:answer"],
    },
    RlsPolicy {
        table: "invoice_line",
        using: "{organization} AND ({wide} OR {parent invoice.id invoice_id})",
        with_check: "{dossier}",
        read: &["billing:read"],
        write: &["billing:write", "billing:answer"],
    },
    RlsPolicy {
        table: "payment",
        using: "{organization} AND ({wide} OR {parent invoice.id invoice_id})",
        with_check: "{dossier}",
        read: &["billing:read"],
        write: &["billing:write", "billing:answer"],
    },
    RlsPolicy {
        table: "event",
        // The subject is seen now, or was before this very event took it from sight.
        using: "{organization} AND ({viewer} = 'SYSTEM' OR {subject} AND ({viewer} <> 'CLIENT' \
               OR subject_kind NOT IN ('CLIENT', 'DOCUMENT') AND kind <> 'VALIDATION_COMMENTED' \
               OR after_internal IS NOT TRUE) \
               OR {side before} AND NOT {side after}) AND {subject scope}",
        with_check: "{dossier}",
        read: &["clients:read"],
        write: &[],
    },
];

/// The tables that have a policy.
pub fn tables() -> impl Iterator<Item = &'static str> {
    POLICIES.iter().map(|policy| policy.table)
}

/// Returns the statements that replace all policies.
pub fn sql() -> String {
    let tables: Vec<_> = tables().collect();
    [MESSAGE.to_owned(), sql_of(&tables), functions()].concat()
}

/// Returns the statements that replace the policies of these tables. Partitions have no policy of their own: only their
/// owner can read them directly, and the policy of the whole table applies to reads through the table.
pub fn sql_of(tables: &[&str]) -> String {
    let policies = POLICIES.iter().filter(|policy| tables.contains(&policy.table)).map(|policy| {
        let RlsPolicy { table, .. } = policy;
        let read = limited(policy.using, policy.read);
        let using = expand(table, &read);
        let with_check = expand(table, &limited(policy.with_check, policy.write));
        let leaving =
            if HIDING_TABLES.contains(table) { format!(" OR {LEAVING} AND {with_check}") } else { String::new() };
        format!(
            "DO $$ DECLARE old name; BEGIN \
             FOR old IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass LOOP \
             EXECUTE format('DROP POLICY %I ON {table}', old); END LOOP; END $$;\n\
             ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n\
             ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n\
             DO $$ DECLARE part regclass; BEGIN \
             FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = '{table}'::regclass LOOP \
             EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part); \
             END LOOP; END $$;\n\
             CREATE POLICY seen ON {table} FOR SELECT USING ({using}{leaving});\n\
             CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({with_check});\n{}{}",
            changed(table, &using, &with_check),
            removed(policy, &read),
        )
    });
    policies.collect()
}

/// Returns the statement for the rows that can be changed.
fn changed(table: &str, using: &str, with_check: &str) -> String {
    if FROZEN_TABLES.contains(&table) {
        return String::new();
    }
    format!("CREATE POLICY changed ON {table} FOR UPDATE USING ({using}) WITH CHECK ({with_check});\n")
}

/// Returns the statement for the rows that can be removed. `read` is the condition of the rows that are seen.
fn removed(policy: &RlsPolicy, read: &str) -> String {
    let condition = match REMOVAL.iter().find(|(table, _)| *table == policy.table) {
        Some((_, None)) => return String::new(),
        Some((_, Some(condition))) => (*condition).to_owned(),
        None => limited(read, policy.write),
    };
    let table = policy.table;
    format!("CREATE POLICY removed ON {table} FOR DELETE USING ({});\n", expand(table, &condition))
}

/// Returns whether the server's role may update and delete rows of a table.
pub fn mutability(table: &str) -> (bool, bool) {
    (!FROZEN_TABLES.contains(&table), !REMOVAL.contains(&(table, None)))
}
