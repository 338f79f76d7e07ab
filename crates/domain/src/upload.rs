//! Uploading: announced, sent straight to the object store, verified there, and only then part of the dossier.

use super::{
    check,
    client::{dossier_of, open_dossier},
    document::{DocumentUseCase, by_client, save},
    file_name, preview, quota, reclaim,
    upload_status::{OPEN_FOR, change_status, lock, uploaded},
    use_case::{UseCase, require_open},
    validation::FollowVersion,
};
use dossier_core::{
    error::{Error, UserError, separate},
    viewer::Member,
};
use dossier_data::{Allowed, Arguments, DomainEvent, ReadTx, Slice, WriteTx};
use dossier_policy::{DocumentAction, UploadAction, permit};
use entities::{
    client,
    document::{self, Status, Zone},
    document_version::{Column, Entity, Model, UNKNOWN_SHA256},
    event::Kind,
};
use sea_orm::{ActiveEnum, ColumnTrait, EnumIter, Iterable, sea_query::Order};
use std::borrow::Cow;
use uuid::Uuid;

/// The largest file that is taken, in bytes: 50 GiB.
const MAX_SIZE: i64 = 50 << 30;

/// The maximum number of uploads that one call requests or completes.
pub const MAX_BATCH: usize = 50;

/// What is to be uploaded.
pub struct NewUpload {
    /// Where to.
    pub target: Target,
    /// Media type (RFC 6838).
    pub content_type: String,
    /// In bytes.
    pub size: i64,
    /// Hexadecimal. Without it, the server computes it.
    pub sha256: Option<String>,
}

/// Where an upload goes.
pub enum Target {
    /// A new document.
    New {
        /// The dossier.
        client: Uuid,
        /// Its zone.
        zone: Zone,
        /// The file's name.
        name: String,
    },
    /// A new version of a document.
    Version {
        /// The document.
        document: Uuid,
    },
}

/// The use cases of a version. Completing its upload it is not listed, because it depends on the
/// bytes that have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum UploadUseCase {
    /// End it without its bytes.
    CancelUpload,
    /// Make the version the newest again.
    Restore,
}

impl UseCase for UploadUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        let action = match self {
            Self::CancelUpload => UploadAction::Cancel,
            Self::Restore => UploadAction::Restore,
        };
        permit::<Entity>(member, action, row)
    }

    fn adds_to(self, row: &Model) -> Option<Uuid> {
        (self == Self::Restore).then_some(row.client_id)
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        match self {
            Self::CancelUpload if row.status == Status::Ready => {
                Err(UserError::conflict("This upload is complete. Delete the document instead.").into())
            }
            Self::CancelUpload => Ok(()),
            Self::Restore => require_older(tx, row).await,
        }
    }
}

/// Fails unless this is a complete version of a document, but not the newest one, and the viewer may add another one.
async fn require_older(tx: &ReadTx, row: &Model) -> Result<(), Error> {
    if row.status != Status::Ready {
        return Err(UserError::conflict("The upload of this version is not complete.").into());
    }
    let Some(document) = tx.get::<document::Entity>(row.document_id).await? else {
        return Err(UserError::conflict("The document of this version is deleted. Restore it first.").into());
    };
    if let Some(member) = tx.viewer.member() {
        permit::<document::Entity>(member, DocumentAction::Upload, &document).map_err(UserError::forbidden)?;
    }
    let complete = tx.find_whole::<Entity>()?.filter(Column::Status.eq(Status::Ready));
    let order = dossier_data::Order { column: Some(Column::Number), id: Column::Id, descending: true };
    let slice = Slice::new(order, Arguments { first: Some(1), ..Arguments::default() })?;
    let newest = complete.page_of(Column::DocumentId, row.document_id, slice).await?;
    if newest.rows.first().is_none_or(|newest| newest.number <= row.number) {
        return Err(UserError::conflict("This is the newest version already.").into());
    }
    Ok(())
}

/// Returns the zones of a dossier to which the viewer may upload new documents now.
pub fn open_zones(tx: &ReadTx, dossier: &client::Model) -> Vec<Zone> {
    let Some(member) = tx.viewer.member().filter(|_| require_open(dossier).is_ok()) else { return Vec::new() };
    let permits = |zone: &Zone| {
        let uploader_id = Some(member.user);
        let new = document::Model { client_id: dossier.id, zone: *zone, uploader_id, ..document::Model::default() };
        permit::<document::Entity>(member, DocumentAction::Upload, &new).is_ok()
    };
    Zone::iter().filter(permits).collect()
}

/// Announces several uploads, or refuses them one by one.
pub async fn request_all(tx: &WriteTx, new: Vec<NewUpload>) -> Result<Vec<Result<Uuid, UserError>>, Error> {
    let (mut documents, mut dossiers) = (Vec::new(), Vec::new());
    for one in &new {
        match one.target {
            Target::New { client, .. } => dossiers.push(client),
            Target::Version { document } => documents.push(document),
        }
    }
    lock(tx, documents, dossiers).await?;
    let mut results = Vec::with_capacity(new.len());
    for one in new {
        results.push(separate(request(tx, one).await)?);
    }
    Ok(results)
}

/// Announces an upload; returns the version that waits for its bytes.
pub async fn request(tx: &WriteTx, new: NewUpload) -> Result<Uuid, Error> {
    let NewUpload { target, content_type, size, sha256 } = new;
    let content_type = media_type(&content_type)?;
    let sha256 = sha256.map_or_else(|| Ok(UNKNOWN_SHA256.to_owned()), |sha256| parse_sha256(&sha256))?;
    if !(0..=MAX_SIZE).contains(&size) {
        return Err(UserError::invalid("size", format!("must be from 0 to {MAX_SIZE} bytes")).into());
    }
    let (document, number) = match target {
        Target::New { client, zone, name } => (new_document(tx, client, zone, &name).await?, 1),
        Target::Version { document } => existing(tx, document).await?,
    };
    quota::check(tx, document.client_id, size).await?;
    let actor = tx.viewer.actor();
    let id = tx.new_id();
    let row = Model {
        id,
        organization_id: document.organization_id,
        client_id: document.client_id,
        document_id: document.id,
        number,
        status: Status::Pending,
        failure_reason: None,
        storage_key: key(&document, id),
        upload_id: None,
        content_type,
        size,
        sha256,
        uploader_id: actor.user,
        uploader_name: actor.name,
        uploader_kind: actor.kind,
        created_at: tx.now,
        discarded_at: None,
        released_at: None,
        sweep_at: Some(tx.now + OPEN_FOR),
        recognized_type: None,
        restored_from: None,
        preview: None,
    };
    let dossier = dossier_of(tx, document.client_id).await?;
    let kind = Kind::DocumentUploadRequested;
    let by_client = tx.viewer.member().is_some_and(|member| member.grant.is_client());
    let document = if number == 1 {
        let event = DomainEvent::added(kind, &dossier, &*document);
        tx.insert(document, event).await?
    } else {
        let event = DomainEvent::changed(kind, &dossier, &*document, &*document);
        tx.record(&document, if by_client { event } else { event.agency_only() });
        document
    };
    tx.insert_part(&document, row).await?;
    Ok(id)
}

async fn new_document(tx: &WriteTx, client: Uuid, zone: Zone, name: &str) -> Result<Allowed<document::Entity>, Error> {
    let dossier = open_dossier(tx, client, "client_id").await?;
    let name = file_name::check("name", name)?;
    let actor = tx.viewer.actor();
    let row = document::Model {
        id: tx.new_id(),
        organization_id: dossier.organization_id,
        client_id: dossier.id,
        zone,
        name_key: check::sort_key(&name),
        name,
        status: Status::Pending,
        published_version_id: None,
        uploader_id: actor.user,
        uploader_name: actor.name,
        uploader_kind: actor.kind,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
        ..document::Model::default()
    };
    tx.authorize_row(DocumentAction::Upload, row)
}

async fn existing(tx: &WriteTx, id: Uuid) -> Result<(Allowed<document::Entity>, i32), Error> {
    let use_case = DocumentUseCase::UploadVersion;
    let document = tx.authorize::<document::Entity>(id, "document_id", use_case.permission()).await?;
    let dossier = tx.visible::<client::Entity>(document.client_id, "document_id").await?;
    use_case.check(tx, &document, &dossier).await?;
    Ok((document, next_number(tx, id).await?))
}

/// Returns the number of the next version of a document, which the caller has locked. Numbers are the document's:
/// versions that the viewer does not see count, too.
pub(super) async fn next_number(tx: &WriteTx, document: Uuid) -> Result<i32, Error> {
    let versions = tx.find_whole::<Entity>()?.filter(Column::DocumentId.eq(document));
    let newest = versions.order_by(Column::Number, Order::Desc).limit(1).one().await?;
    Ok(newest.map_or(1, |version| version.number + 1))
}

/// The zone in the key is the one the version was uploaded to; the key never changes.
pub fn key(document: &document::Model, version: Uuid) -> String {
    let zone = document.zone.to_value();
    format!("{}/clients/{}/{zone}/{version}", document.organization_id, document.client_id)
}

/// The version that an upload is about, if it is the viewer's to complete.
pub async fn pending(read_tx: &ReadTx, id: Uuid) -> Result<Model, Error> {
    let member = read_tx.member()?;
    let version = read_tx.get::<Entity>(id).await?.ok_or_else(|| UserError::not_found("version_id"))?;
    permit::<Entity>(member, UploadAction::Complete, &version).map_err(UserError::forbidden)?;
    Ok(version)
}

/// Makes a verified version part of the dossier. What the client uploads is visible from the start; what the agency
/// adds to a document that the client sees stays among the agency until it is published.
pub async fn complete(tx: &WriteTx, id: Uuid, content_type: String, sha256: String) -> Result<Uuid, Error> {
    let (document, before) = uploaded(tx, id).await?;
    if before.status == Status::Ready {
        return Ok(document.id);
    }
    let dossier = open_dossier(tx, document.client_id, "version_id").await?;
    if before.number > 1 {
        tx.enqueue_job(&FollowVersion { version: id }).await?;
    }
    let ready = Model {
        preview: preview::begin(tx, id, &content_type).await?,
        status: Status::Ready,
        failure_reason: None,
        recognized_type: None,
        upload_id: None,
        sweep_at: None,
        content_type,
        sha256,
        ..before.clone()
    };
    let kind = Kind::DocumentUploaded;
    let published_version_id = if by_client(tx, &before).await? { Some(id) } else { None };
    if document.published_version_id.is_some() && published_version_id.is_none() {
        tx.update_part(&before, &*before, ready).await?;
        tx.record(&document, DomainEvent::changed(kind, &dossier, &*document, &*document).agency_only());
        return Ok(document.id);
    }
    let revision = document.revision + 1;
    let after = document::Model { status: Status::Ready, published_version_id, revision, ..document.clone() };
    // The document first: a client sees their version, once it waits no more, because it is the published one.
    let saved = save(tx, &document, after, kind).await?;
    tx.update_part(&before, &*before, ready).await?;
    Ok(saved)
}

/// Ends an upload without its bytes. A document that has no other version is removed with it. Also in an archived
/// dossier, which takes nothing new but lets end what was open.
pub async fn cancel(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let version = tx.get::<Entity>(id).await?.ok_or_else(|| UserError::not_found("version_id"))?;
    let document =
        tx.authorize::<document::Entity>(version.document_id, "version_id", DocumentAction::EndUpload).await?;
    let before = tx.authorize::<Entity>(id, "version_id", UploadAction::Cancel).await?;
    UploadUseCase::CancelUpload.check_state(tx, &before).await?;
    reclaim::end(tx, document, &before).await?;
    Ok(id)
}

/// Records the store's upload that was opened for a version. Returns whether it is the one to use: another process may
/// have opened one meanwhile, for which URLs are out already, or the upload may have been cancelled.
pub async fn opened(tx: &WriteTx, id: Uuid, upload_id: &str) -> Result<bool, Error> {
    let Some(version) = tx.get::<Entity>(id).await? else { return Ok(false) };
    let document =
        tx.authorize::<document::Entity>(version.document_id, "version_id", DocumentAction::EndUpload).await?;
    let Some(before) = tx.find::<Entity>().filter(Column::Id.eq(id)).for_update().one().await? else {
        return Ok(false);
    };
    if before.upload_id.is_some() || before.status == Status::Ready {
        return Ok(false);
    }
    let failed = before.status == Status::Failed;
    let before = tx.authorize_row::<Entity>(UploadAction::Complete, before)?;
    let after = Model { upload_id: Some(upload_id.to_owned()), ..before.clone() };
    if !failed {
        return tx.update_part(&before, &*before, after).await.map(|_| true);
    }
    let sweep_at = Some(tx.now + OPEN_FOR);
    let after = Model { status: Status::Pending, failure_reason: None, recognized_type: None, sweep_at, ..after };
    change_status(tx, &document, &before, after, Kind::DocumentUploadRequested).await?;
    Ok(true)
}

/// Returns a media type in lower case.
pub fn media_type(value: &str) -> Result<String, UserError> {
    let value = check::line("content_type", value, 127)?.to_lowercase();
    let token =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c));
    let essence = value.split(';').next().unwrap_or_default().trim();
    match essence.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) => Ok(value),
        _ => Err(UserError::invalid("content_type", "must be a media type, such as application/pdf")),
    }
}

fn parse_sha256(value: &str) -> Result<String, UserError> {
    let value = value.trim().to_lowercase();
    if value.len() == 64 && value.chars().all(|c| c.is_ascii_hexdigit()) && value != UNKNOWN_SHA256 {
        Ok(value)
    } else {
        Err(UserError::invalid("sha256", "must be a SHA-256 in hexadecimal: 64 characters"))
    }
}
