//! Answers each request in one round trip: it begins the transaction, sets the viewer, queries and ends. The policies
//! are those that such a server would have: they only check the organization.

use super::{ContextExt, Error};
use chrono::{DateTime, SecondsFormat, Utc};
use dossier::config::Config;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage, SimpleQueryRow, Statement, types::ToSql};
use uuid::Uuid;

const POINT: &str = "SELECT json_build_object('client', (SELECT json_build_object('id', id, 'name', name, \
    'email', email, 'status', status) FROM client WHERE id = $1))::text";

const LIST: &str = "SELECT json_build_object('clients', json_build_object('nodes', coalesce(json_agg( \
        json_build_object('id', id, 'name', name, 'email', email, 'status', status, 'createdAt', created_at) \
        ORDER BY name_key, id), '[]')))::text \
    FROM (SELECT * FROM client WHERE status <> 'ARCHIVED' AND (name_key, id) > ($1, $2) \
        ORDER BY name_key, id LIMIT 20) page";

const NESTED: &str = "SELECT json_build_object('clients', json_build_object('nodes', coalesce(json_agg( \
        json_build_object('id', client.id, 'name', name, 'documents', documents, 'conversations', conversations) \
        ORDER BY name_key, client.id), '[]')))::text \
    FROM (SELECT id, name, name_key FROM client WHERE status <> 'ARCHIVED' AND (name_key, id) > ($1, $2) \
        ORDER BY name_key, id LIMIT 20) client \
    CROSS JOIN LATERAL (SELECT json_build_object('nodes', coalesce(json_agg( \
            json_build_object('id', id, 'name', name, 'zone', zone, 'status', status) ORDER BY id DESC), '[]')) documents \
        FROM (SELECT id, name, zone, status FROM document WHERE client_id = client.id AND deleted_at IS NULL \
            ORDER BY id DESC LIMIT 10) page) documents \
    CROSS JOIN LATERAL (SELECT json_build_object('nodes', coalesce(json_agg( \
            json_build_object('id', conversation.id, 'subject', subject, 'messages', messages) \
            ORDER BY updated_at DESC, conversation.id DESC), '[]')) conversations \
        FROM (SELECT id, subject, updated_at FROM conversation WHERE client_id = client.id \
            ORDER BY updated_at DESC, id DESC LIMIT 5) conversation \
        CROSS JOIN LATERAL (SELECT json_build_object('nodes', coalesce(json_agg( \
                json_build_object('id', id, 'body', body) ORDER BY id), '[]')) messages \
            FROM (SELECT id, body FROM message WHERE conversation_id = conversation.id \
                ORDER BY id DESC LIMIT 3) page) messages) conversations";

const FILTERED: &str = "SELECT json_build_object('documents', json_build_object( \
    'nodes', (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'zone', zone, 'status', status, \
            'updatedAt', updated_at) ORDER BY updated_at DESC, id DESC), '[]') \
        FROM (SELECT * FROM document WHERE {filter} AND (updated_at, id) < ($3::text::timestamptz, $4) \
            ORDER BY updated_at DESC, id DESC LIMIT 20) page), \
    'totalCount', (SELECT count(*) FROM document WHERE {filter})))::text";

/// With and without a text to search.
const FILTERS: [&str; 2] = [
    "deleted_at IS NULL AND zone = ANY ($1::varchar[]) AND status = $2",
    "deleted_at IS NULL AND zone = ANY ($1::varchar[]) AND status = $2 AND name_key LIKE $5",
];

/// The member who enters, with the name for their events.
const ME: &str = "me AS (SELECT id, display_name FROM user_account \
    WHERE id = (SELECT current_setting('dossier.user')::uuid))";

/// The number of an event, and the event.
const EVENT: &str = "number AS (INSERT INTO counter (organization_id, name, value) \
        SELECT organization_id, 'EVENT', 1 FROM dossier \
        ON CONFLICT (organization_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value), \
    event AS (INSERT INTO event (organization_id, number, id, format, client_id, kind, subject_kind, subject_id, \
            actor_kind, actor_id, actor_name, occurred_at, before_present, before_site_id, before_internal, \
            after_present, after_site_id, after_internal) \
        SELECT organization_id, number.value, {id}::uuid, 1, dossier.id, '{kind}', 'VALIDATION_REQUEST', request.id, \
            'MEMBER', me.id, me.display_name, now(), {before}, true, site_id, request.internal \
        FROM dossier, request, number, me)";

const SUBMIT: &str = "WITH {me}, \
    dossier AS (SELECT id, organization_id, site_id FROM client WHERE id = $1 AND status <> 'ARCHIVED' FOR UPDATE), \
    request AS (INSERT INTO validation_request (id, organization_id, client_id, title, status, internal, submitter_id, \
            submitter_name, revision, created_at, updated_at) \
        SELECT $3::uuid, organization_id, dossier.id, $2::text, 'PENDING', true, me.id, me.display_name, 1, now(), now() \
        FROM dossier, me RETURNING id, status, revision, internal), \
    step AS (INSERT INTO validation_step (id, organization_id, client_id, request_id, action, actor_kind, actor_id, \
            actor_name, created_at) \
        SELECT $4::uuid, organization_id, dossier.id, $3, 'SUBMITTED', 'MEMBER', me.id, me.display_name, now() \
        FROM dossier, me), \
    {event} \
    SELECT json_build_object('submitValidationRequest', json_build_object('validationRequest', \
        json_build_object('id', id, 'status', status, 'revision', revision), 'userErrors', '[]'::json))::text FROM request";

const APPROVE: &str = "WITH {me}, \
    dossier AS (SELECT id, organization_id, site_id FROM client \
        WHERE id = (SELECT client_id FROM validation_request WHERE id = $1) AND status <> 'ARCHIVED' FOR UPDATE), \
    request AS (UPDATE validation_request SET status = 'APPROVED', decided_at = now(), updated_at = now(), \
            revision = revision + 1 \
        FROM dossier, me, organization \
        WHERE validation_request.id = $1 AND client_id = dossier.id AND validation_request.status = 'PENDING' \
            AND organization.id = dossier.organization_id AND (NOT four_eyes OR me.id <> submitter_id \
                AND NOT EXISTS (SELECT FROM validation_step WHERE request_id = validation_request.id \
                    AND action IN ('SUBMITTED', 'RESUBMITTED') AND actor_id = me.id)) \
        RETURNING validation_request.id, validation_request.status, validation_request.revision, internal, \
            document_version_id), \
    step AS (INSERT INTO validation_step (id, organization_id, client_id, request_id, action, document_version_id, \
            actor_kind, actor_id, actor_name, created_at) \
        SELECT $2::uuid, organization_id, dossier.id, request.id, 'APPROVED', document_version_id, 'MEMBER', me.id, \
            me.display_name, now() \
        FROM dossier, request, me), \
    {event} \
    SELECT json_build_object('approveValidationRequest', json_build_object('validationRequest', \
        json_build_object('id', id, 'status', status, 'revision', revision), 'userErrors', '[]'::json))::text FROM request";

/// A pool of connections. It lends the last used one first.
pub struct Pool {
    places: Semaphore,
    free: Mutex<Vec<Session>>,
    /// The beginnings of transactions, up to the session's id: for reading and for writing.
    openings: [String; 2],
}

struct Session {
    client: Client,
    point: Statement,
    list: Statement,
    nested: Statement,
    filtered: [Statement; 2],
    submit: Statement,
    approve: Statement,
}

/// A borrowed session, which returns to the pool when dropped.
struct Lent<'p> {
    pool: &'p Pool,
    session: Option<Session>,
    _place: SemaphorePermit<'p>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).extend(self.session.take());
    }
}

impl Pool {
    pub async fn open(config: &Config) -> Self {
        let size = usize::try_from(config.database_pool_size).unwrap();
        let mut free = Vec::new();
        for _ in 0..size {
            free.push(Session::open(&config.database()).await);
        }
        let modes = ["ISOLATION LEVEL REPEATABLE READ READ ONLY", "ISOLATION LEVEL READ COMMITTED READ WRITE"];
        let session_settings = config.session_settings();
        let [statement, lock, idle] =
            [session_settings.statement, session_settings.lock, session_settings.idle].map(|limit| limit.as_millis());
        let openings = modes.map(|mode| {
            format!(
                "BEGIN {mode}; SET LOCAL statement_timeout = {statement}; SET LOCAL lock_timeout = {lock}; \
                 SET LOCAL idle_in_transaction_session_timeout = {idle}; SET LOCAL jit = off; \
                 SELECT *, pg_backend_pid() AS backend, now() AS began FROM dossier_enter('"
            )
        });
        Self { places: Semaphore::new(size), free: Mutex::new(free), openings }
    }

    async fn lend(&self) -> Result<Lent<'_>, Error> {
        let place = self.places.acquire().await?;
        let session = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Lent { pool: self, session, _place: place })
    }

    pub async fn answer(&self, session: Uuid, now: DateTime<Utc>, ask: &ContextExt) -> Result<String, Error> {
        let lent = self.lend().await?;
        let on = lent.session.as_ref().ok_or("more places than connections")?;
        let (read, write) = (&self.openings[0], &self.openings[1]);
        match ask {
            ContextExt::Point(point) => on.run(read, session, now, &on.point, &[&point.id]).await,
            ContextExt::List(after) => on.run(read, session, now, &on.list, &[&after.key, &after.id]).await,
            ContextExt::Nested(after) => on.run(read, session, now, &on.nested, &[&after.key, &after.id]).await,
            ContextExt::Filtered(filter) => {
                let (at, id) = filter.after.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
                let at = match filter.after {
                    Some(_) => at.to_rfc3339_opts(SecondsFormat::Micros, true),
                    None => "infinity".to_owned(),
                };
                let first: [&(dyn ToSql + Sync); 4] = [&filter.zones, &filter.status, &at, &id];
                match &filter.search {
                    None => on.run(read, session, now, &on.filtered[0], &first).await,
                    Some(search) => {
                        let all: [&(dyn ToSql + Sync); 5] = [first[0], first[1], first[2], first[3], search];
                        on.run(read, session, now, &on.filtered[1], &all).await
                    }
                }
            }
            ContextExt::Submit(new, [request, step, event]) => {
                let values: [&(dyn ToSql + Sync); 5] = [&new.client, &new.title, request, step, event];
                on.run(write, session, now, &on.submit, &values).await
            }
            ContextExt::Approve(which, [step, event]) => {
                on.run(write, session, now, &on.approve, &[&which.id, step, event]).await
            }
        }
    }
}

impl Session {
    async fn open(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let written = |sql: &str, id: &str, kind: &str, before: &str| {
            let event = EVENT.replace("{id}", id).replace("{kind}", kind).replace("{before}", before);
            sql.replace("{me}", ME).replace("{event}", &event)
        };
        let submit = written(SUBMIT, "$5", "VALIDATION_SUBMITTED", "false, NULL, NULL");
        let approve = written(APPROVE, "$3", "VALIDATION_APPROVED", "true, site_id, request.internal");
        let filtered = FILTERS.map(|filter| FILTERED.replace("{filter}", filter));
        Self {
            point: client.prepare(POINT).await.unwrap(),
            list: client.prepare(LIST).await.unwrap(),
            nested: client.prepare(NESTED).await.unwrap(),
            filtered: [client.prepare(&filtered[0]).await.unwrap(), client.prepare(&filtered[1]).await.unwrap()],
            submit: client.prepare(&submit).await.unwrap(),
            approve: client.prepare(&approve).await.unwrap(),
            client,
        }
    }

    /// Futures that are polled together are sent together.
    async fn run(
        &self,
        opening: &str,
        session: Uuid,
        now: DateTime<Utc>,
        statement: &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<String, Error> {
        let opening = format!("{opening}{session}')");
        let (entered, row, ended) = futures::join!(
            self.client.simple_query(&opening),
            self.client.query_one(statement, values),
            self.client.batch_execute("COMMIT")
        );
        let entered = entered?;
        let member = entered.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        if !is_active(member.ok_or("no such session")?, now)? {
            return Err("the session has ended".into());
        }
        let answer = row?.try_get(0)?;
        ended?;
        Ok(answer)
    }
}

fn is_active(member: &SimpleQueryRow, now: DateTime<Utc>) -> Result<bool, Error> {
    for name in ["ended_at", "membership_suspended_at", "organization_suspended_at"] {
        if member.try_get(name)?.is_some() {
            return Ok(false);
        }
    }
    let expires = member.try_get("expires_at")?.ok_or("a session without an end")?;
    Ok(now < DateTime::parse_from_str(expires, "%Y-%m-%d %H:%M:%S%.f%#z")?)
}
