//! The conditions of which the policies of [`crate::rls`] consist.

use crate::settings::EVERY_SCOPE;

/// The placeholders of the policies, which may use those below. Settings are read once a statement, in subqueries.
const PLACEHOLDERS: &[(&str, &str)] = &[
    // The client of each row is looked up, because a list of all clients of the sites would be too long.
    (
        "{dossier}",
        "{organization} AND CASE WHEN {wide} THEN true WHEN {in_sites} THEN {parent client.id client_id} \
         ELSE {viewer} = 'CLIENT' AND client_id = {client} END",
    ),
    // A person's own sessions, in all organizations.
    (
        "{session}",
        "user_id = {user} OR {organization} AND (membership_id = {membership} \
         OR {viewer} = 'SYSTEM' OR {viewer} = 'OWNER' AND {scope members:manage})",
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
    ("{token}", "(SELECT current_setting('dossier.token', true))"),
    ("{address}", "(SELECT current_setting('dossier.address', true))"),
    ("{identity}", "(SELECT current_setting('dossier.identity', true))"),
    ("{sites}", "ANY ((SELECT nullif(current_setting('dossier.sites', true), '')::uuid[])::uuid[])"),
];

pub const LEAVING: &str = "(SELECT current_setting('dossier.leaving', true)) = 'on'";

/// A `CASE` instead of alternatives with `OR`: for these, `PostgreSQL` expects hardly any matching row, and reads all rows
/// to find a few.
pub const CLIENT: &str = "{organization} AND CASE WHEN {wide} THEN true WHEN {in_sites} THEN site_id = {sites} \
                      ELSE {viewer} = 'CLIENT' AND id = {client} END";

/// Rows that belong to one membership.
pub const OWN: &str = "{organization} AND ({viewer} = 'SYSTEM' OR membership_id = {membership})";

/// The same, and new rows of a person who is signing in to one of their memberships.
pub const OWN_OR_NEW: &str = "{organization} AND ({viewer} = 'SYSTEM' OR membership_id = {membership}) \
                          OR {viewer} = 'SIGNING_IN' AND {parent membership.id membership_id}";

/// Rows that only Dossier itself reads.
pub const SYSTEM: &str = "{organization} AND {viewer} = 'SYSTEM'";

/// Rows that only owners see or change.
pub const SETTINGS: &str = "{organization} AND {viewer} IN ('OWNER', 'SYSTEM')";

/// Members of the agency, whom only owners change, and the people of a dossier, whom the agency invites and removes.
pub const MEMBERS: &str = "{organization} AND ({viewer} IN ('OWNER', 'SYSTEM') \
                       OR client_id IS NOT NULL AND ({viewer} = 'OPERATOR' \
                           OR {viewer} = 'MANAGER' AND {parent client.id client_id}))";

/// Whether the subject of an event is visible. Deleted subjects are not.
const SUBJECT: &str = "CASE subject_kind \
    WHEN 'CLIENT' THEN {parent client.id subject_id} \
    WHEN 'DOCUMENT' THEN EXISTS (SELECT FROM document WHERE document.organization_id = event.organization_id \
        AND document.id = event.subject_id AND document.deleted_at IS NULL OFFSET 0) \
    WHEN 'CONVERSATION' THEN {parent conversation.id subject_id} \
    WHEN 'MESSAGE' THEN dossier_message(organization_id, subject_id) \
    WHEN 'VALIDATION_REQUEST' THEN {parent validation_request.id subject_id} \
    WHEN 'INVOICE' THEN EXISTS (SELECT FROM invoice WHERE invoice.organization_id = event.organization_id \
        AND invoice.id = event.subject_id AND invoice.deleted_at IS NULL OFFSET 0) END";

/// Whether the session has the scope for reading subjects of this kind.
const SUBJECT_SCOPE: &str = "CASE subject_kind WHEN 'CLIENT' THEN {scope clients:read} \
    WHEN 'DOCUMENT' THEN {scope documents:read} \
    WHEN 'CONVERSATION' THEN {scope conversations:read} WHEN 'MESSAGE' THEN {scope conversations:read} \
    WHEN 'VALIDATION_REQUEST' THEN {scope validation:read} WHEN 'INVOICE' THEN {scope billing:read} END";

/// Whether the viewer could see the subject before or after an event. It is never null, because it is also negated.
const SIDE: &str = "coalesce(SIDE_present AND ({viewer} IN ('OWNER', 'OPERATOR') \
    OR {viewer} = 'MANAGER' AND SIDE_site_id = {sites} \
    OR {viewer} = 'STAFF' AND SIDE_site_id = {sites} AND subject_kind <> 'INVOICE' \
        AND coalesce(SIDE_zone NOT IN ('PRIVATE', 'INVOICES'), true) \
    OR {viewer} = 'CLIENT' AND client_id = {client} AND coalesce(SIDE_zone <> 'PRIVATE', true) \
        AND SIDE_visible IS NOT FALSE AND SIDE_internal IS NOT TRUE AND SIDE_draft IS NOT TRUE), false)";

/// Returns the condition, limited to sessions that have one of these scopes.
pub fn limited(condition: &str, scopes: &[&str]) -> String {
    if scopes.is_empty() { condition.to_owned() } else { format!("({condition}) AND {}", has_one_of(scopes)) }
}

/// Returns a condition that holds for sessions with one of these scopes, and for viewers that are no members.
fn has_one_of(scopes: &[&str]) -> String {
    let scopes: Vec<_> = scopes.iter().chain([&EVERY_SCOPE]).map(|scope| format!("'{scope}'")).collect();
    format!(
        "(SELECT current_setting('dossier.viewer', true) IN ('SYSTEM', 'SIGNING_IN', 'PLATFORM') \
         OR string_to_array(current_setting('dossier.scopes', true), ' ') && ARRAY[{}])",
        scopes.join(", ")
    )
}

/// Replaces the placeholders of a policy by their SQL.
pub fn expand(table: &str, condition: &str) -> String {
    let mut sql = condition.replace("{subject}", SUBJECT).replace("{subject scope}", SUBJECT_SCOPE);
    for side in ["before", "after"] {
        sql = sql.replace(&format!("{{side {side}}}"), &SIDE.replace("SIDE", side));
    }
    for (word, meaning) in &PLACEHOLDERS[..2] {
        sql = sql.replace(word, &format!("({meaning})"));
    }
    while let Some((before, rest)) = sql.split_once("{scope ") {
        let (scope, after) = rest.split_once('}').unwrap_or((rest, ""));
        sql = format!("{before}{}{after}", has_one_of(&[scope]));
    }
    while let Some((before, rest)) = sql.split_once("{parent ") {
        let (parent, after) = rest.split_once('}').unwrap_or((rest, ""));
        sql = format!("{before}{}{after}", visible_parent(table, parent));
    }
    PLACEHOLDERS.iter().fold(sql, |sql, (word, meaning)| sql.replace(word, meaning))
}

/// `{parent document.id document_id}`: the document of the row is visible, according to its own policy. The `OFFSET` keeps
/// `PostgreSQL` from listing all visible documents; it looks up the one of each row instead.
fn visible_parent(table: &str, parent: &str) -> String {
    let (key, column) = parent.split_once(' ').unwrap_or((parent, ""));
    let (other, _) = key.split_once('.').unwrap_or((key, ""));
    format!(
        "EXISTS (SELECT FROM {other} WHERE {other}.organization_id = {table}.organization_id \
         AND {key} = {table}.{column} OFFSET 0)"
    )
}
