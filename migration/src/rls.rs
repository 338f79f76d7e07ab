//! The second wall: on `PostgreSQL`, Row Level Security states the row rules of `crates/policy/src` again, in the
//! database's own words, on every table that holds an organization's data, forced even for the tables' owner.
//!
//! Who is looking is a set of transaction-local settings (`dossier.*`), which [`ENTER`] makes from a session; without
//! them nothing is seen. A row is read, changed and removed where it is *seen*, and left behind where the viewer
//! *reaches*: within their organization, sites and client. What a role may do with a row that it sees, and tombstones,
//! are not the wall's business.
//!
//! This is no step: after the steps, [`crate::policies::install`] brings the wall up to date whenever it is not the one that
//! is written here. A test proves it equal to the row rules over generated data.

use crate::settings::{EVERY_SCOPE, ViewerSettings};

/// What a table's wall lets through: SQL conditions on its row, with names from [`WORDS`].
struct RlsPolicy {
    table: &'static str,
    using: &'static str,
    with_check: &'static str,
    /// The scopes of which a session needs one to see a row, and to leave or remove one. Without any, none is needed.
    read: &'static [&'static str],
    write: &'static [&'static str],
}

/// Tables in which a change may take a row from the sight of whoever makes it: a client deletes what they uploaded.
/// `PostgreSQL` holds the new row of an `UPDATE` to the policies for reading, too. While `dossier.leaving` is on,
/// those let through what is reached; which rows are changed is still for the policy `changed` to say.
const LEFT: [&str; 4] = ["document", "document_version", "validation_request", "invoice"];

/// The words that walls are written in. Those further up may use those further down. Settings are read by subqueries:
/// once a statement, not once a row.
const WORDS: &[(&str, &str)] = &[
    // A dossier's row is reached with its client, which is looked up for each row: all of the sites' are too many.
    (
        "{dossier}",
        "{organization} AND CASE WHEN {wide} THEN true WHEN {in_sites} THEN {parent client.id client_id} \
         ELSE {viewer} = 'CLIENT' AND client_id = {client} END",
    ),
    ("{organization}", "organization_id = {own}"),
    ("{own}", "(SELECT nullif(current_setting('dossier.organization', true), '')::uuid)"),
    ("{wide}", "{viewer} IN ('OWNER', 'OPERATOR', 'SYSTEM')"),
    ("{in_sites}", "{viewer} IN ('MANAGER', 'STAFF')"),
    ("{own_upload}", "uploader_id = {user} AND status <> 'READY'"),
    ("{viewer}", "(SELECT current_setting('dossier.viewer', true))"),
    ("{user}", "(SELECT nullif(current_setting('dossier.user', true), '')::uuid)"),
    ("{membership}", "(SELECT nullif(current_setting('dossier.membership', true), '')::uuid)"),
    ("{client}", "(SELECT nullif(current_setting('dossier.client', true), '')::uuid)"),
    ("{address}", "(SELECT current_setting('dossier.address', true))"),
    ("{sites}", "ANY ((SELECT nullif(current_setting('dossier.sites', true), '')::uuid[])::uuid[])"),
];

/// Every table but the list of steps. One that is missing here keeps the server from starting.
const WALLS: &[RlsPolicy] = &[
    RlsPolicy {
        table: "organization",
        using: "{viewer} = 'PLATFORM' OR id = {own} \
               OR EXISTS (SELECT FROM membership WHERE membership.organization_id = organization.id)",
        with_check: "{viewer} = 'PLATFORM'",
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
        with_check: SETTINGS,
        read: &["members:read"],
        write: &["members:manage"],
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
        table: "user_account",
        using: "id = {user} OR email = {address} OR EXISTS (SELECT FROM membership WHERE user_id = user_account.id)",
        with_check: "{viewer} = 'SYSTEM' OR id = {user}",
        read: &[],
        write: &[],
    },
    RlsPolicy { table: "session", using: OWN, with_check: OWN_OR_NEW, read: &[], write: &[] },
    RlsPolicy { table: "idempotency_record", using: OWN, with_check: OWN_OR_NEW, read: &[], write: &[] },
    RlsPolicy { table: "counter", using: "{organization}", with_check: "{organization}", read: &[], write: &[] },
    RlsPolicy {
        table: "job",
        using: "{viewer} = 'WORKER' OR {organization} AND {viewer} = 'SYSTEM'",
        with_check: "{viewer} = 'WORKER' OR {organization}",
        read: &[],
        write: &[],
    },
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
        using: "{dossier} AND ({viewer} <> 'STAFF' OR zone NOT IN ('PRIVATE', 'INVOICES')) \
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
               OR subject_kind NOT IN ('CLIENT', 'DOCUMENT') OR after_internal IS NOT TRUE) \
               OR {side before} AND NOT {side after}) AND {subject scope}",
        with_check: "{dossier}",
        read: &["clients:read"],
        write: &[],
    },
];

const LEAVING: &str = "(SELECT current_setting('dossier.leaving', true)) = 'on'";

/// By case, as with [`WORDS`]: of a list of alternatives, `PostgreSQL` believes that hardly any row passes, and reads all to
/// find a few.
const CLIENT: &str = "{organization} AND CASE WHEN {wide} THEN true WHEN {in_sites} THEN site_id = {sites} \
                      ELSE {viewer} = 'CLIENT' AND id = {client} END";

/// What belongs to one membership.
const OWN: &str = "{organization} AND ({viewer} = 'SYSTEM' OR membership_id = {membership})";

/// The same, and who signs in begins something in a membership of theirs.
const OWN_OR_NEW: &str = "{organization} AND ({viewer} = 'SYSTEM' OR membership_id = {membership}) \
                          OR {viewer} = 'SIGNING_IN' AND {parent membership.id membership_id}";

/// What Dossier keeps for itself.
const SYSTEM: &str = "{organization} AND {viewer} = 'SYSTEM'";

/// What only owners set up.
const SETTINGS: &str = "{organization} AND {viewer} IN ('OWNER', 'SYSTEM')";

/// Whether the subject of an event passes its own wall; what is deleted is gone.
const SUBJECT: &str = "CASE subject_kind \
    WHEN 'CLIENT' THEN {parent client.id subject_id} \
    WHEN 'DOCUMENT' THEN EXISTS (SELECT FROM document WHERE document.organization_id = event.organization_id \
        AND document.id = event.subject_id AND document.deleted_at IS NULL OFFSET 0) \
    WHEN 'CONVERSATION' THEN {parent conversation.id subject_id} \
    WHEN 'MESSAGE' THEN dossier_message(organization_id, subject_id) \
    WHEN 'VALIDATION_REQUEST' THEN {parent validation_request.id subject_id} \
    WHEN 'INVOICE' THEN {parent invoice.id subject_id} END";

/// Whether the session has the scope without which no subject of this kind is seen.
const SUBJECT_SCOPE: &str = "CASE subject_kind WHEN 'CLIENT' THEN {scope clients:read} \
    WHEN 'DOCUMENT' THEN {scope documents:read} \
    WHEN 'CONVERSATION' THEN {scope conversations:read} WHEN 'MESSAGE' THEN {scope conversations:read} \
    WHEN 'VALIDATION_REQUEST' THEN {scope validation:read} WHEN 'INVOICE' THEN {scope billing:read} END";

/// Whether an event's audience on one side, before or after, included the viewer. Never null, for it is negated.
const SIDE: &str = "coalesce(SIDE_present AND ({viewer} IN ('OWNER', 'OPERATOR') \
    OR {viewer} = 'MANAGER' AND SIDE_site_id = {sites} \
    OR {viewer} = 'STAFF' AND SIDE_site_id = {sites} AND subject_kind <> 'INVOICE' \
        AND coalesce(SIDE_zone NOT IN ('PRIVATE', 'INVOICES'), true) \
    OR {viewer} = 'CLIENT' AND client_id = {client} AND coalesce(SIDE_zone <> 'PRIVATE', true) \
        AND SIDE_visible IS NOT FALSE AND SIDE_internal IS NOT TRUE AND SIDE_draft IS NOT TRUE), false)";

/// What is known of a session's member. Whether the session, membership and organization are still active is for the
/// caller to judge.
const MEMBER: &str = "session uuid, organization uuid, time_zone text, four_eyes boolean,
    organization_suspended_at timestamptz, membership uuid, role text, client uuid,
    membership_suspended_at timestamptz, \"user\" uuid, display_name text, expires_at timestamptz, ended_at timestamptz, sites text,
    scopes text";

/// Reads it, for the sessions that a condition on `s.id` names.
const READ_MEMBER: &str =
    "SELECT s.id, o.id, o.time_zone, o.four_eyes, o.suspended_at, m.id, m.role::text, m.client_id,
        m.suspended_at, u.id, u.display_name, s.expires_at, s.ended_at,
        ARRAY(SELECT link.site_id FROM membership_site link WHERE link.membership_id = m.id)::text, s.scopes
    {into}
    FROM session s JOIN membership m ON m.id = s.membership_id JOIN organization o ON o.id = m.organization_id
        JOIN user_account u ON u.id = m.user_id
    WHERE s.id";

/// Makes the settings of the member whose session it is, and returns what is known of them. It runs as the owner, who
/// is not bound by the walls: through them, finding out who is looking would cost more than what they look at. It tells
/// of the one session that is named, whose id is a secret of whoever holds it.
const ENTER: &str = "CREATE OR REPLACE FUNCTION dossier_enter(token_session uuid) RETURNS TABLE ({member})
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    {read} = token_session;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM {settings};
    RETURN NEXT;
END $$";

/// What [`ENTER`] returns, of several sessions, whose ids stand in a list with commas; it sets nothing.
const SESSIONS: &str = "CREATE OR REPLACE FUNCTION dossier_sessions(list text) RETURNS TABLE ({member})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    {read} = ANY (string_to_array(list, ',')::uuid[]);
$$";

/// How often access has changed in each of several organizations, whose ids stand in a list with commas.
const ACCESS: &str = "CREATE OR REPLACE FUNCTION dossier_access(list text)
RETURNS TABLE (organization uuid, changes bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT organization_id, value FROM counter
    WHERE organization_id = ANY (string_to_array(list, ',')::uuid[]) AND name = 'ACCESS';
$$";

/// Whether a message passes its own wall, for whoever asks. A function, because the database plans what stands in a
/// policy with each statement: where messages are divided into partitions, it would plan for all of them, which takes
/// longer than all the rest. Here it plans once a connection, and finds the partition when it looks.
const MESSAGE: &str = "CREATE OR REPLACE FUNCTION dossier_message(organization uuid, sought uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN EXISTS (SELECT FROM message WHERE message.organization_id = organization AND message.id = sought);
END $$;
REVOKE ALL ON FUNCTION dossier_message(uuid, uuid) FROM PUBLIC;
";

/// The functions that return rows, and are made anew each time: what they return can not be changed.
const RETURNING: [&str; 3] = ["dossier_enter(uuid)", "dossier_sessions(text)", "dossier_access(text)"];

/// The functions that the server's role calls, in a list with commas.
pub fn called() -> String {
    format!("{}, dossier_message(uuid, uuid)", RETURNING.join(", "))
}

/// The settings of a member, from the columns of [`MEMBER`].
fn member_settings() -> ViewerSettings {
    let column = |name: &str| Some(format!("{name}::text"));
    ViewerSettings {
        viewer: "role".to_owned(),
        organization: column("organization"),
        membership: column("membership"),
        user: column("\"user\""),
        client: Some("coalesce(client::text, '')".to_owned()),
        sites: column("sites"),
        scopes: Some(format!("coalesce(scopes, '{EVERY_SCOPE}')")),
    }
}

fn functions() -> String {
    let into = "INTO session, organization, time_zone, four_eyes, organization_suspended_at, membership, role, client,
        membership_suspended_at, \"user\", display_name, expires_at, ended_at, sites, scopes";
    let told = |function: &str, into: &str| {
        let read = READ_MEMBER.replace("{into}", into);
        function.replace("{member}", MEMBER).replace("{read}", &read)
    };
    let all = RETURNING.join(", ");
    format!(
        "DROP FUNCTION IF EXISTS {all};\n{};\n{};\n{ACCESS};\nREVOKE ALL ON FUNCTION {all} FROM PUBLIC;\n",
        told(ENTER, into).replace("{settings}", &member_settings().calls()),
        told(SESSIONS, "")
    )
}

/// The tables that have a wall.
pub fn tables() -> impl Iterator<Item = &'static str> {
    WALLS.iter().map(|wall| wall.table)
}

/// Builds all walls, in place of what there was.
pub fn sql() -> String {
    let tables: Vec<_> = tables().collect();
    [MESSAGE.to_owned(), sql_of(&tables), functions()].concat()
}

/// Builds the walls of these tables. Where a table is divided, nobody but its owner comes to the parts by themselves:
/// they have no policy that would let anything through, and need none when one comes through the whole.
pub fn sql_of(tables: &[&str]) -> String {
    let walls = WALLS.iter().filter(|wall| tables.contains(&wall.table)).map(|wall| {
        let RlsPolicy { table, .. } = wall;
        let read = limited(wall.using, wall.read);
        let (using, removed) = (spell(table, &read), spell(table, &limited(&read, wall.write)));
        let with_check = spell(table, &limited(wall.with_check, wall.write));
        let leaving = if LEFT.contains(table) { format!(" OR {LEAVING} AND {with_check}") } else { String::new() };
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
             CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({with_check});\n\
             CREATE POLICY changed ON {table} FOR UPDATE USING ({using}) WITH CHECK ({with_check});\n\
             CREATE POLICY removed ON {table} FOR DELETE USING ({removed});\n"
        )
    });
    walls.collect()
}

/// The condition, for sessions that have one of these scopes.
fn limited(condition: &str, scopes: &[&str]) -> String {
    if scopes.is_empty() { condition.to_owned() } else { format!("({condition}) AND {}", has_one_of(scopes)) }
}

/// Whether the viewer has one of these scopes: a session that is not limited to others, or no member. Once a statement,
/// as with [`WORDS`].
fn has_one_of(scopes: &[&str]) -> String {
    let scopes: Vec<_> = scopes.iter().chain([&EVERY_SCOPE]).map(|scope| format!("'{scope}'")).collect();
    format!(
        "(SELECT current_setting('dossier.viewer', true) IN ('SYSTEM', 'SIGNING_IN', 'PLATFORM') \
         OR string_to_array(current_setting('dossier.scopes', true), ' ') && ARRAY[{}])",
        scopes.join(", ")
    )
}

/// Replaces the words of a wall by what they mean.
fn spell(table: &str, condition: &str) -> String {
    let mut sql = condition.replace("{subject}", SUBJECT).replace("{subject scope}", SUBJECT_SCOPE);
    for side in ["before", "after"] {
        sql = sql.replace(&format!("{{side {side}}}"), &SIDE.replace("SIDE", side));
    }
    sql = sql.replace(WORDS[0].0, &format!("({})", WORDS[0].1));
    while let Some((before, rest)) = sql.split_once("{scope ") {
        let (scope, after) = rest.split_once('}').unwrap_or((rest, ""));
        sql = format!("{before}{}{after}", has_one_of(&[scope]));
    }
    while let Some((before, rest)) = sql.split_once("{parent ") {
        let (parent, after) = rest.split_once('}').unwrap_or((rest, ""));
        sql = format!("{before}{}{after}", seen_parent(table, parent));
    }
    WORDS.iter().fold(sql, |sql, (word, meaning)| sql.replace(word, meaning))
}

/// `{parent document.id document_id}`: the row's document is seen; the subquery passes the parent's own wall. The offset
/// keeps it apart: what is seen is looked up for each row, and no list is made of all that could be seen.
fn seen_parent(table: &str, parent: &str) -> String {
    let (key, column) = parent.split_once(' ').unwrap_or((parent, ""));
    let (other, _) = key.split_once('.').unwrap_or((key, ""));
    format!(
        "EXISTS (SELECT FROM {other} WHERE {other}.organization_id = {table}.organization_id \
         AND {key} = {table}.{column} OFFSET 0)"
    )
}
