//! Sample rows: at least one for each table.

mod invoices;
mod organizations;
mod people;

use entities::{
    client, conversation, counter, document, document_version, event, job, job_detail, message, read_marker, schedule,
    validation_comment, validation_request, validation_step, validation_version,
};
use sea_orm::IntoActiveModel;
use sea_orm::prelude::*;

const ORGANIZATION: u128 = 1;
const OTHER: u128 = 2;
const USER: u128 = 11;
pub const CLIENT: u128 = 31;
const SECOND: u128 = 32;
pub const ELSEWHERE: u128 = 33;

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> DateTimeUtc {
    DateTimeUtc::from_timestamp_micros(1_780_000_000_123_456).expect("a time")
}

fn today() -> Date {
    now().date_naive()
}

/// Inserts a row and compares it with the row that is read back. A wrong column type fails here.
async fn insert_row<M>(db: &DatabaseConnection, row: M) -> Result<(), DbErr>
where
    M: ModelTrait + Clone + PartialEq + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    M::Entity: EntityTrait<Model = M>,
{
    M::Entity::insert(row.clone().into_active_model()).exec_without_returning(db).await?;
    let kept = M::Entity::find().all(db).await?;
    assert!(kept.contains(&row), "{row:?} came back as {kept:?}");
    Ok(())
}

pub async fn fill(db: &DatabaseConnection) -> Result<(), DbErr> {
    organizations::fill(db).await?;
    people::fill(db).await?;
    fill_documents(db).await?;
    fill_conversations(db).await?;
    fill_read_markers(db).await?;
    invoices::fill(db).await?;
    fill_events(db).await?;
    fill_jobs(db).await
}

fn client(number: u128, owner: u128, name: &str) -> client::Model {
    let archived = number == CLIENT;
    client::Model {
        id: id(number),
        organization_id: id(owner),
        site_id: archived.then_some(id(21)),
        name: name.into(),
        name_key: name.to_lowercase(),
        email: archived.then(|| "client@example.org".into()),
        phone: archived.then(|| "+33 1 00 00 00 00".into()),
        billing_address: archived.then(|| "1 rue de la Paix".into()),
        status: if archived { client::Status::Archived } else { client::Status::Active },
        status_before_archive: archived.then_some(client::Status::Paused),
        internal_notes: archived.then(|| "A note".into()),
        revision: 1,
        created_at: now(),
        updated_at: now(),
        held_at: archived.then(now),
        hold_reason: archived.then(|| "A lawsuit".into()),
        holder_id: archived.then(|| id(USER)),
        holder_name: archived.then(|| "Somebody".into()),
        holder_kind: archived.then_some(event::ActorKind::Member),
        ..client::Model::default()
    }
}

pub fn document(number: u128, client: u128) -> document::Model {
    document::Model {
        id: id(number),
        organization_id: id(ORGANIZATION),
        client_id: id(client),
        zone: document::Zone::Documents,
        name: "Brief".into(),
        name_key: "brief".into(),
        status: document::Status::Ready,
        published_version_id: None,
        uploader_id: Some(id(USER)),
        uploader_name: "Somebody".into(),
        uploader_kind: event::ActorKind::Member,
        revision: 1,
        created_at: now(),
        updated_at: now(),
        deleted_at: Some(now()),
        purged_at: Some(now()),
        deleter_id: Some(id(USER)),
        deleter_name: Some("Somebody".into()),
        deleter_kind: Some(event::ActorKind::Member),
    }
}

async fn fill_documents(db: &DatabaseConnection) -> Result<(), DbErr> {
    insert_row(db, document(51, CLIENT)).await?;
    insert_row(db, document(52, CLIENT)).await?;
    for (number, document, count) in [(53, 51, 1), (54, 51, 2), (55, 52, 7)] {
        let row = document_version::Model {
            id: id(number),
            organization_id: id(ORGANIZATION),
            client_id: id(CLIENT),
            document_id: id(document),
            number: count,
            status: document::Status::Ready,
            failure_reason: Some(document_version::FailureReason::SizeMismatch),
            storage_key: format!("clients/31/DOCUMENTS/{number}"),
            upload_id: Some("upload".into()),
            content_type: "text/plain".into(),
            size: i64::MAX,
            sha256: "0".repeat(64),
            uploader_id: Some(id(USER)),
            uploader_name: "Somebody".into(),
            uploader_kind: event::ActorKind::Member,
            created_at: now(),
            discarded_at: None,
            released_at: None,
            sweep_at: None,
            recognized_type: Some("image/png".into()),
            restored_from: (count > 1).then_some(1),
            preview: Some(document_version::Preview::Png),
        };
        insert_row(db, row).await?;
    }
    let published = document::Column::PublishedVersionId;
    let publish = document::Entity::update_many().col_expr(published, Expr::value(id(53)));
    publish.filter(document::Column::Id.eq(id(51))).exec(db).await?;
    Ok(())
}

async fn fill_conversations(db: &DatabaseConnection) -> Result<(), DbErr> {
    let (organization_id, client_id) = (id(ORGANIZATION), id(CLIENT));
    let conversation = conversation::Model {
        id: id(61),
        organization_id,
        client_id,
        subject: "Hello".into(),
        status: conversation::Status::Open,
        analysis: Some("Friendly".into()),
        revision: 1,
        created_at: now(),
        updated_at: now(),
    };
    insert_row(db, conversation).await?;
    let message = message::Model {
        id: id(62),
        organization_id,
        client_id,
        conversation_id: id(61),
        author_kind: event::ActorKind::Member,
        author_id: Some(id(USER)),
        author_name: "Somebody".into(),
        body: "Hello".into(),
        internal: false,
        created_at: now(),
        edited_at: None,
        deleted_at: None,
    };
    insert_row(db, message).await?;
    let request = validation_request::Model {
        id: id(63),
        organization_id,
        client_id,
        document_version_id: Some(id(53)),
        quote_id: None,
        message_id: Some(id(62)),
        round_id: id(64),
        previous_id: Some(id(63)),
        title: "The brief".into(),
        description: Some("Good?".into()),
        status: validation_request::Status::ChangesRequested,
        internal: true,
        internal_note: Some("Hm".into()),
        decision_reason: Some("Too short".into()),
        submitter_id: Some(id(USER)),
        submitter_name: "Somebody".into(),
        submitter_kind: event::ActorKind::Member,
        assignee_id: Some(id(42)),
        decided_at: Some(now()),
        due_on: Some(now().date_naive()),
        due_order: now().date_naive(),
        revision: 2,
        created_at: now(),
        updated_at: now(),
    };
    insert_row(db, request).await?;
    let step = validation_step::Model {
        id: id(64),
        organization_id,
        client_id,
        request_id: id(63),
        action: validation_step::Action::ChangesRequested,
        reason: Some("Too short".into()),
        document_version_id: Some(id(53)),
        round_id: id(64),
        quote_revision: Some(1),
        actor_kind: event::ActorKind::Member,
        actor_id: Some(id(USER)),
        actor_name: "Somebody".into(),
        created_at: now(),
    };
    insert_row(db, step).await?;
    let version = validation_version::Model {
        id: id(65),
        organization_id,
        client_id,
        request_id: id(63),
        round_id: id(64),
        position: 1,
        document_id: id(51),
        document_version_id: id(53),
        sha256: "0".repeat(64),
    };
    insert_row(db, version).await?;
    let comment = validation_comment::Model {
        id: id(66),
        organization_id,
        client_id,
        request_id: id(63),
        document_version_id: Some(id(53)),
        body: "Look here".into(),
        internal: true,
        mentions: id(42).to_string(),
        author_kind: event::ActorKind::Member,
        author_id: Some(id(USER)),
        author_name: "Somebody".into(),
        created_at: now(),
    };
    insert_row(db, comment).await
}

async fn fill_read_markers(db: &DatabaseConnection) -> Result<(), DbErr> {
    let marker = read_marker::Model {
        id: id(67),
        organization_id: id(ORGANIZATION),
        client_id: id(CLIENT),
        membership_id: id(42),
        conversation_id: id(61),
        message_id: id(62),
        updated_at: now(),
    };
    insert_row(db, marker).await
}

async fn fill_events(db: &DatabaseConnection) -> Result<(), DbErr> {
    let organization_id = id(ORGANIZATION);
    insert_row(db, counter::Model { organization_id, name: "EVENT".into(), value: 2 }).await?;
    for number in [1, 2] {
        let row = event::Model {
            organization_id,
            number,
            id: id(if number == 1 { 101 } else { 102 }),
            format: 1,
            client_id: id(CLIENT),
            kind: event::Kind::DocumentUploadRequested,
            subject_kind: event::SubjectKind::ValidationRequest,
            subject_id: id(51),
            actor_kind: event::ActorKind::Member,
            actor_id: Some(id(USER)),
            actor_name: "Somebody".into(),
            client_mutation_id: Some("mine".into()),
            occurred_at: now(),
            before_present: false,
            before_site_id: Some(id(21)),
            before_zone: Some(document::Zone::Private),
            before_visible: Some(false),
            before_internal: Some(false),
            before_draft: Some(false),
            after_present: true,
            after_site_id: Some(id(21)),
            after_zone: Some(document::Zone::Documents),
            after_visible: Some(true),
            after_internal: Some(true),
            after_draft: Some(true),
        };
        insert_row(db, row).await?;
    }
    Ok(())
}

async fn fill_jobs(db: &DatabaseConnection) -> Result<(), DbErr> {
    use job::State;
    let organization_id = id(ORGANIZATION);
    for (number, state) in [(111, State::Queued), (112, State::Running), (113, State::Dead)] {
        let running = state == State::Running;
        let row = job::Model {
            id: id(number),
            organization_id,
            kind: "upload.verify".into(),
            unique_key: Some(number.to_string()),
            priority: -1,
            state,
            run_at: now(),
            attempts: 1,
            max_attempts: 2,
            lease_number: 3,
            leased_by: running.then(|| id(9)),
            leased_until: running.then(now),
            cancel_requested: running,
            created_at: now(),
            started_at: Some(now()),
            finished_at: (state == State::Dead).then(now),
        };
        insert_row(db, row).await?;
        let detail = job_detail::Model {
            job_id: id(number),
            organization_id,
            payload: "{}".into(),
            caused_by: Some(id(41)),
            scopes: Some("clients:read".into()),
            progress_done: 1,
            progress_total: Some(2),
            checkpoint: Some("1".into()),
            error: Some("The store does not answer".into()),
        };
        insert_row(db, detail).await?;
    }
    insert_row(db, schedule::Model { organization_id, name: "sweep".into(), last_occurrence_at: now() }).await
}
