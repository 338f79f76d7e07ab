//! The limit on the embedded database.

use super::{After, ContextExt, Error, Filtered, Submit};
use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, FromQueryResult, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait, Value,
};
use uuid::Uuid;

const MEMBER: &str = "SELECT s.organization_id AS organization, m.user_id AS user, u.display_name AS name, \
        o.four_eyes AS four_eyes, s.expires_at AS expires_at, \
        coalesce(s.ended_at, m.suspended_at, o.suspended_at) AS over \
    FROM session s JOIN membership m ON m.id = s.membership_id JOIN organization o ON o.id = m.organization_id \
        JOIN user_account u ON u.id = m.user_id \
    WHERE s.id = ?1";

const POINT: &str = "SELECT json_object('client', (SELECT json_object('id', lower(hex(id)), 'name', name, \
    'email', email, 'status', status) FROM client WHERE organization_id = ?1 AND id = ?2))";

const LIST: &str = "SELECT json_object('clients', json_object('nodes', json_group_array(json_object( \
        'id', lower(hex(id)), 'name', name, 'email', email, 'status', status, 'createdAt', created_at)))) \
    FROM (SELECT * FROM client WHERE organization_id = ?1 AND status <> 'ARCHIVED' AND (name_key, id) > (?2, ?3) \
        ORDER BY name_key, id LIMIT 20)";

/// The plus keeps `SQLite` from reading all conversations of the organization in the order of their index.
const NESTED: &str = "SELECT json_object('clients', json_object('nodes', json_group_array(json_object( \
        'id', lower(hex(c.id)), 'name', c.name, \
        'documents', json_object('nodes', (SELECT json_group_array(json_object( \
                'id', lower(hex(id)), 'name', name, 'zone', zone, 'status', status)) \
            FROM (SELECT id, name, zone, status FROM document \
                WHERE organization_id = ?1 AND client_id = c.id AND deleted_at IS NULL ORDER BY id DESC LIMIT 10))), \
        'conversations', json_object('nodes', (SELECT json_group_array(json_object( \
                'id', lower(hex(v.id)), 'subject', v.subject, \
                'messages', json_object('nodes', (SELECT json_group_array(json_object('id', lower(hex(id)), 'body', body)) \
                    FROM (SELECT * FROM (SELECT id, body FROM message WHERE conversation_id = v.id \
                        ORDER BY id DESC LIMIT 3) ORDER BY id))))) \
            FROM (SELECT id, subject FROM conversation WHERE organization_id = ?1 AND client_id = c.id \
                ORDER BY +updated_at DESC, id DESC LIMIT 5) v)))))) \
    FROM (SELECT id, name FROM client WHERE organization_id = ?1 AND status <> 'ARCHIVED' \
        AND (name_key, id) > (?2, ?3) ORDER BY name_key, id LIMIT 20) c";

const FILTERED: &str = "SELECT json_object('documents', json_object( \
    'nodes', (SELECT json_group_array(json_object('id', lower(hex(id)), 'name', name, 'zone', zone, 'status', status, \
            'updatedAt', updated_at)) \
        FROM (SELECT * FROM document WHERE {filter} AND (updated_at, id) < (?3, ?4) \
            ORDER BY updated_at DESC, id DESC LIMIT 20)), \
    'totalCount', (SELECT count(*) FROM document WHERE {filter})))";

const COUNT: &str = "INSERT INTO counter (organization_id, name, value) VALUES (?1, 'EVENT', 1) \
    ON CONFLICT (organization_id, name) DO UPDATE SET value = value + 1 RETURNING value";

const EVENT: &str = "INSERT INTO event (organization_id, number, id, format, client_id, kind, subject_kind, subject_id, \
        actor_kind, actor_id, actor_name, occurred_at, before_present, before_site_id, before_internal, \
        after_present, after_site_id, after_internal) \
    VALUES (?1, ?2, ?3, 1, ?4, ?5, 'VALIDATION_REQUEST', ?6, 'MEMBER', ?7, ?8, ?9, ?10, ?11, ?12, true, ?13, ?14)";

const REQUEST: &str = "INSERT INTO validation_request (id, organization_id, client_id, title, status, internal, \
        submitter_id, submitter_name, revision, created_at, updated_at) \
    VALUES (?1, ?2, ?3, ?4, 'PENDING', true, ?5, ?6, 1, ?7, ?7)";

const STEP: &str = "INSERT INTO validation_step (id, organization_id, client_id, request_id, action, \
        document_version_id, actor_kind, actor_id, actor_name, created_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'MEMBER', ?7, ?8, ?9)";

const DOSSIER: &str = "SELECT id, site_id FROM client WHERE organization_id = ?1 AND id = ?2 AND status <> 'ARCHIVED'";

const APPROVED: &str = "UPDATE validation_request SET status = 'APPROVED', decided_at = ?3, updated_at = ?3, \
        revision = revision + 1 \
    WHERE organization_id = ?1 AND id = ?2 AND status = 'PENDING' AND (NOT ?4 OR submitter_id <> ?5 \
        AND NOT EXISTS (SELECT 1 FROM validation_step WHERE request_id = ?2 \
            AND action IN ('SUBMITTED', 'RESUBMITTED') AND actor_id = ?5)) \
    RETURNING client_id, internal, document_version_id, revision";

#[derive(FromQueryResult)]
struct Member {
    organization: Uuid,
    user: Uuid,
    name: String,
    four_eyes: bool,
    expires_at: DateTime<Utc>,
    over: Option<String>,
}

#[derive(FromQueryResult)]
struct Dossier {
    id: Uuid,
    site_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct Approved {
    client_id: Uuid,
    internal: bool,
    document_version_id: Option<Uuid>,
    revision: i32,
}

/// A transaction of a member.
struct Work {
    tx: DatabaseTransaction,
    member: Member,
    now: DateTime<Utc>,
}

/// An event of a request.
struct DomainEvent {
    event: Uuid,
    request: Uuid,
    kind: &'static str,
    internal: bool,
    before: bool,
}

pub async fn answer(
    db: &DatabaseConnection,
    session: Uuid,
    now: DateTime<Utc>,
    ask: &ContextExt,
) -> Result<String, Error> {
    let writes = matches!(ask, ContextExt::Submit(..) | ContextExt::Approve(..));
    let work = Work::begin(db, writes, session, now).await?;
    let answer = match ask {
        ContextExt::Point(point) => work.text(POINT, vec![work.own(), point.id.into()]).await?,
        ContextExt::List(after) => work.page(LIST, after).await?,
        ContextExt::Nested(after) => work.page(NESTED, after).await?,
        ContextExt::Filtered(filter) => work.filtered(filter).await?,
        ContextExt::Submit(new, ids) => work.submit(new, *ids).await?,
        ContextExt::Approve(which, ids) => work.approve(which.id, *ids).await?,
    };
    work.tx.commit().await?;
    Ok(answer)
}

impl Work {
    async fn begin(db: &DatabaseConnection, writes: bool, session: Uuid, now: DateTime<Utc>) -> Result<Self, Error> {
        let sqlite_transaction_mode = writes.then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() };
        let tx = db.begin_with_options(options).await?;
        let member = Member::find_by_statement(statement(MEMBER, vec![session.into()])).one(&tx).await?;
        let member = member.filter(|member| member.over.is_none() && now < member.expires_at);
        Ok(Self { tx, member: member.ok_or("the session has ended")?, now })
    }

    fn own(&self) -> Value {
        self.member.organization.into()
    }

    async fn text(&self, sql: &str, values: Vec<Value>) -> Result<String, Error> {
        let row = self.tx.query_one_raw(statement(sql, values)).await?.ok_or("no row")?;
        Ok(row.try_get_by_index(0)?)
    }

    async fn page(&self, sql: &str, after: &After) -> Result<String, Error> {
        self.text(sql, vec![self.own(), after.key.clone().into(), after.id.into()]).await
    }

    async fn filtered(&self, filter: &Filtered) -> Result<String, Error> {
        let (at, id) = filter.after.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
        let at: Value = if filter.after.is_some() { at.into() } else { "9999".into() };
        let mut values = vec![self.own(), filter.status.clone().into(), at, id.into()];
        let places: Vec<_> = (5..5 + filter.zones.len()).map(|place| format!("?{place}")).collect();
        values.extend(filter.zones.iter().map(|zone| zone.clone().into()));
        let zones = places.join(", ");
        let search = filter.search.clone().map(|search| {
            values.push(search.into());
            format!("name_key LIKE ?{}", values.len())
        });
        let search = search.as_deref().unwrap_or("true");
        let condition =
            format!("organization_id = ?1 AND deleted_at IS NULL AND status = ?2 AND zone IN ({zones}) AND {search}");
        self.text(&FILTERED.replace("{filter}", &condition), values).await
    }

    async fn submit(&self, new: &Submit, [request, step, event]: [Uuid; 3]) -> Result<String, Error> {
        let dossier = self.dossier(new.client).await?;
        let Member { user, name, .. } = &self.member;
        let (title, now) = (new.title.clone(), self.now);
        let values = vec![
            request.into(),
            self.own(),
            dossier.id.into(),
            title.into(),
            (*user).into(),
            name.clone().into(),
            now.into(),
        ];
        self.tx.execute_raw(statement(REQUEST, values)).await?;
        self.step(step, dossier.id, request, "SUBMITTED", None).await?;
        self.enqueue_event(
            &dossier,
            DomainEvent { event, request, kind: "VALIDATION_SUBMITTED", internal: true, before: false },
        )
        .await?;
        Ok(answered("submitValidationRequest", request, "PENDING", 1))
    }

    async fn approve(&self, request: Uuid, [step, event]: [Uuid; 2]) -> Result<String, Error> {
        let member = &self.member;
        let values = vec![self.own(), request.into(), self.now.into(), member.four_eyes.into(), member.user.into()];
        let approved = Approved::find_by_statement(statement(APPROVED, values)).one(&self.tx).await?;
        let approved = approved.ok_or("there is no such request to approve")?;
        let dossier = self.dossier(approved.client_id).await?;
        self.step(step, dossier.id, request, "APPROVED", approved.document_version_id).await?;
        let Approved { internal, revision, .. } = approved;
        self.enqueue_event(
            &dossier,
            DomainEvent { event, request, kind: "VALIDATION_APPROVED", internal, before: true },
        )
        .await?;
        Ok(answered("approveValidationRequest", request, "APPROVED", revision))
    }

    async fn dossier(&self, id: Uuid) -> Result<Dossier, Error> {
        let found = Dossier::find_by_statement(statement(DOSSIER, vec![self.own(), id.into()])).one(&self.tx).await?;
        found.ok_or_else(|| "no such client, or an archived one".into())
    }

    async fn step(
        &self,
        id: Uuid,
        client: Uuid,
        request: Uuid,
        action: &str,
        version: Option<Uuid>,
    ) -> Result<(), Error> {
        let Member { user, name, .. } = &self.member;
        let values = vec![
            id.into(),
            self.own(),
            client.into(),
            request.into(),
            action.into(),
            version.into(),
            (*user).into(),
            name.clone().into(),
            self.now.into(),
        ];
        self.tx.execute_raw(statement(STEP, values)).await?;
        Ok(())
    }

    async fn enqueue_event(&self, dossier: &Dossier, event: DomainEvent) -> Result<(), Error> {
        let row = self.tx.query_one_raw(statement(COUNT, vec![self.own()])).await?.ok_or("no number")?;
        let number: i64 = row.try_get_by_index(0)?;
        let Member { user, name, .. } = &self.member;
        let values = vec![
            self.own(),
            number.into(),
            event.event.into(),
            dossier.id.into(),
            event.kind.into(),
            event.request.into(),
            (*user).into(),
            name.clone().into(),
            self.now.into(),
            event.before.into(),
            dossier.site_id.filter(|_| event.before).into(),
            event.before.then_some(event.internal).into(),
            dossier.site_id.into(),
            event.internal.into(),
        ];
        self.tx.execute_raw(statement(EVENT, values)).await?;
        Ok(())
    }
}

fn statement(sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

fn answered(mutation: &str, id: Uuid, status: &str, revision: i32) -> String {
    format!(
        "{{\"{mutation}\":{{\"validationRequest\":{{\"id\":\"{id}\",\"status\":\"{status}\",\"revision\":{revision}}},\
         \"userErrors\":[]}}}}"
    )
}
