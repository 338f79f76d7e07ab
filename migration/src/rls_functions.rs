//! The functions that the server's role calls. They run as the owner of the tables, to whom no policy applies.

use crate::settings::{EVERY_SCOPE, ViewerSettings};

/// The columns that describe the member of a session. The caller checks whether session, membership and organization are
/// still active.
const MEMBER: &str = "session uuid, organization uuid, time_zone text, four_eyes boolean,
    organization_suspended_at timestamptz, membership uuid, role text, client uuid,
    membership_suspended_at timestamptz, \"user\" uuid, display_name text, expires_at timestamptz, ended_at timestamptz, sites text,
    scopes text, is_api_key boolean, lacks_factor boolean";

/// Reads these columns for the sessions that match a condition on `s.id`.
const READ_MEMBER: &str =
    "SELECT s.id, o.id, o.time_zone, o.four_eyes, o.suspended_at, m.id, m.role::text, m.client_id,
        m.suspended_at, u.id, u.display_name, s.expires_at, s.ended_at,
        ARRAY(SELECT link.site_id FROM membership_site link WHERE link.membership_id = m.id)::text, s.scopes, m.api_key,
        {lacks factor}
    {into}
    FROM session s JOIN membership m ON m.id = s.membership_id AND m.user_id = coalesce(s.user_id, m.user_id)
        JOIN organization o ON o.id = m.organization_id JOIN user_account u ON u.id = m.user_id
    WHERE s.id";

/// Whether the organization requires a second factor of the member's role, and the person has none. API keys need none.
const LACKS_FACTOR: &str = "u.totp_confirmed_at IS NULL AND u.passkeys IS NULL AND NOT m.api_key
            AND ' ' || coalesce(o.required_factor_roles, '') || ' ' LIKE '% ' || m.role || ' %'";

/// Sets the settings for the member of a session, and returns the member. It runs as the owner, to whom no policy applies:
/// with policies, reading the member would cost more than the query itself. It reveals only the session with this id, and
/// the id is a secret.
const ENTER: &str = "CREATE OR REPLACE FUNCTION dossier_enter(token_session uuid) RETURNS TABLE ({member})
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    {read} = token_session;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM {settings};
    RETURN NEXT;
END $$";

/// Returns the members of several sessions without setting anything. The ids are separated by commas.
const SESSIONS: &str = "CREATE OR REPLACE FUNCTION dossier_sessions(list text) RETURNS TABLE ({member})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    {read} = ANY (string_to_array(list, ',')::uuid[]);
$$";

/// Returns how often access has changed in several organizations. The ids are separated by commas.
const ACCESS: &str = "CREATE OR REPLACE FUNCTION dossier_access(list text)
RETURNS TABLE (organization uuid, changes bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT organization_id, value FROM counter
    WHERE organization_id = ANY (string_to_array(list, ',')::uuid[]) AND name = 'ACCESS';
$$";

/// Returns whether the viewer can see a message. It is a function, because the database plans the text of a policy with each
/// statement: for a partitioned table it would plan for all partitions, which takes longer than the statement itself. A
/// function is planned once for each connection, and finds the partition when it runs.
pub(crate) const MESSAGE: &str =
    "CREATE OR REPLACE FUNCTION dossier_message(organization uuid, sought uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN EXISTS (SELECT FROM message WHERE message.organization_id = organization AND message.id = sought);
END $$;
REVOKE ALL ON FUNCTION dossier_message(uuid, uuid) FROM PUBLIC;
";

/// The functions that return rows. They are always created anew, because the columns of a function cannot be changed.
const RETURNING: [&str; 3] = ["dossier_enter(uuid)", "dossier_sessions(text)", "dossier_access(text)"];

/// The functions that the server's role calls, separated by commas.
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
        scopes: Some(format!("CASE WHEN lacks_factor THEN '' ELSE coalesce(scopes, '{EVERY_SCOPE}') END")),
    }
}

/// Returns the statements that create the functions, except that of [`MESSAGE`].
pub(crate) fn functions() -> String {
    let into = "INTO session, organization, time_zone, four_eyes, organization_suspended_at, membership, role, client,
        membership_suspended_at, \"user\", display_name, expires_at, ended_at, sites, scopes, is_api_key, lacks_factor";
    let with_member = |function: &str, into: &str| {
        let read = READ_MEMBER.replace("{into}", into).replace("{lacks factor}", LACKS_FACTOR);
        function.replace("{member}", MEMBER).replace("{read}", &read)
    };
    let all = RETURNING.join(", ");
    format!(
        "DROP FUNCTION IF EXISTS {all};\n{};\n{};\n{ACCESS};\nREVOKE ALL ON FUNCTION {all} FROM PUBLIC;\n",
        with_member(ENTER, into).replace("{settings}", &member_settings().calls()),
        with_member(SESSIONS, "")
    )
}
