//! Uploading: announced, sent straight to the object store, verified there, and only then part of the dossier.

use super::{
    check,
    client::{dossier_of, open_dossier},
    document::{by_client, file_name, save},
    quota, reclaim,
};
use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, DomainEvent, ReadTx, WriteTx};
use dossier_policy::{Acts, DocumentAction, UploadAction};
use dossier_storage::{Digest, Finished, Objects};
use entities::{
    document::{self, Status, Zone},
    document_version::{Column, Entity, Model},
    event::Kind,
};
use sea_orm::{ActiveEnum, ColumnTrait, sea_query::Order};
use uuid::Uuid;

/// The largest file that is taken, in bytes: 5 GiB.
const MAX_SIZE: i64 = 5 << 30;

/// What is to be uploaded.
pub struct NewUpload {
    /// Where to.
    pub target: Target,
    /// Media type (RFC 6838).
    pub content_type: String,
    /// In bytes.
    pub size: i64,
    /// Hexadecimal.
    pub sha256: String,
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

/// Announces an upload; returns the version that waits for its bytes.
pub async fn request(tx: &WriteTx, new: NewUpload) -> Result<Uuid, Error> {
    let content_type = media_type(&new.content_type)?;
    let sha256 = sha256(&new.sha256)?;
    if !(0..=MAX_SIZE).contains(&new.size) {
        return Err(UserError::invalid("size", format!("must be 0 to {MAX_SIZE} bytes")).into());
    }
    let (document, number) = match new.target {
        Target::New { client, zone, name } => (new_document(tx, client, zone, &name).await?, 1),
        Target::Version { document } => existing(tx, document).await?,
    };
    quota::check(tx, document.client_id, new.size).await?;
    let actor = tx.viewer.actor();
    let id = tx.new_id();
    let row = Model {
        id,
        organization_id: document.organization_id,
        client_id: document.client_id,
        document_id: document.id,
        number,
        status: Status::Pending,
        storage_key: key(&document, id),
        upload_id: None,
        content_type,
        size: new.size,
        sha256,
        uploader_id: actor.user,
        uploader_name: actor.name,
        created_at: tx.now,
        discarded_at: None,
        released_at: None,
        sweep_at: Some(tx.now + reclaim::OPEN_FOR),
    };
    let dossier = dossier_of(tx, document.client_id).await?;
    let kind = Kind::DocumentUploadRequested;
    let by_client = tx.viewer.member().is_some_and(|member| member.grant.is_client());
    let document = if number == 1 {
        let event = DomainEvent::added(kind, &dossier, &*document);
        tx.insert(document, event).await?
    } else {
        let event = DomainEvent::changed(kind, &dossier, &*document, &*document);
        tx.record(&document, if by_client { event } else { event.among_agency() });
        document
    };
    tx.insert_part(&document, row).await?;
    Ok(id)
}

async fn new_document(tx: &WriteTx, client: Uuid, zone: Zone, name: &str) -> Result<Allowed<document::Entity>, Error> {
    let dossier = open_dossier(tx, client, "client_id").await?;
    let name = file_name("name", name)?;
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
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    tx.authorize_row(DocumentAction::Upload, row)
}

async fn existing(tx: &WriteTx, id: Uuid) -> Result<(Allowed<document::Entity>, i32), Error> {
    let document = tx.authorize::<document::Entity>(id, "document_id", DocumentAction::Upload).await?;
    open_dossier(tx, document.client_id, "document_id").await?;
    // Also counting versions that this viewer does not see: numbers are the document's.
    let newest = tx
        .find_whole::<Entity>()?
        .filter(Column::DocumentId.eq(id))
        .order_by(Column::Number, Order::Desc)
        .limit(1)
        .one()
        .await?;
    Ok((document, newest.map_or(1, |version| version.number + 1)))
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
    if Entity::may(member, UploadAction::Complete, &version) {
        Ok(version)
    } else {
        Err(UserError::forbidden(Entity::denial(UploadAction::Complete)).into())
    }
}

/// What the store says of an upload.
pub enum Verdict {
    /// The bytes are what was announced.
    Fits,
    /// They are not, or not all there yet: the upload goes on.
    Waits(UserError),
    /// The upload is over, without its bytes having been taken: another has to be opened.
    Over(UserError),
}

/// Reads the object and compares it with what was announced; what does not fit is thrown away. No transaction is open
/// meanwhile.
pub async fn verify(objects: &Objects, version: &Model) -> Result<Verdict, Error> {
    let Some(upload) = version.upload_id.as_deref() else { return Ok(Verdict::Over(over())) };
    let announced = u64::try_from(version.size).map_err(Error::internal)?;
    let digest = match objects.finish_upload(&version.storage_key, upload, announced).await? {
        Finished::Object(digest) => digest,
        Finished::Incomplete => return Ok(Verdict::Waits(missing())),
        Finished::Over => return Ok(Verdict::Over(over())),
    };
    match compare(version, digest) {
        Ok(()) => Ok(Verdict::Fits),
        Err(user_error) => {
            objects.abandon_upload(&version.storage_key, upload).await?;
            Ok(Verdict::Over(user_error))
        }
    }
}

fn missing() -> UserError {
    UserError::conflict("The bytes have not all arrived; send them to the upload's URLs first.")
}

fn over() -> UserError {
    UserError::conflict("This upload has ended, and its bytes were not accepted; request a new upload.")
}

fn compare(version: &Model, digest: Digest) -> Result<(), UserError> {
    let Digest { size, sha256, head } = digest;
    if i64::try_from(size) != Ok(version.size) {
        return Err(UserError::invalid("size", format!("{size} bytes arrived, {} were announced", version.size)));
    }
    if sha256 != version.sha256 {
        return Err(UserError::invalid("sha256", format!("the bytes that arrived have {sha256}")));
    }
    type_matches(&version.content_type, &head)
}

/// Makes a verified version part of the dossier. What the client uploads is visible from the start; what the agency
/// adds to a document that the client sees stays among the agency until it is published.
pub async fn complete(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let version = tx.get::<Entity>(id).await?.ok_or_else(|| UserError::not_found("version_id"))?;
    // The document is locked before its version, as everywhere: two who lock in different orders wait for ever.
    let document =
        tx.authorize::<document::Entity>(version.document_id, "version_id", DocumentAction::EndUpload).await?;
    let before = tx.authorize::<Entity>(id, "version_id", UploadAction::Complete).await?;
    if before.status == Status::Ready {
        return Ok(document.id);
    }
    let dossier = open_dossier(tx, document.client_id, "version_id").await?;
    let ready = Model { status: Status::Ready, upload_id: None, sweep_at: None, ..before.clone() };
    let kind = Kind::DocumentUploaded;
    let published_version_id = if by_client(tx, &before).await? { Some(id) } else { None };
    if document.published_version_id.is_some() && published_version_id.is_none() {
        tx.update_part(&before, &*before, ready).await?;
        tx.record(&document, DomainEvent::changed(kind, &dossier, &*document, &*document).among_agency());
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
    if before.status == Status::Ready {
        return Err(UserError::conflict("This upload is complete; delete the document instead.").into());
    }
    reclaim::end(tx, document, &before).await?;
    Ok(id)
}

/// Notes that an upload of the store is over, without its bytes having been taken: another can be opened. One that was
/// opened since goes on.
pub async fn closed(tx: &WriteTx, id: Uuid, upload_id: Option<&str>) -> Result<(), Error> {
    let before = tx.authorize::<Entity>(id, "version_id", UploadAction::Complete).await?;
    if before.upload_id.is_none() || before.upload_id.as_deref() != upload_id {
        return Ok(());
    }
    tx.update_part(&before, &*before, Model { upload_id: None, ..before.clone() }).await.map(drop)
}

/// Notes the store's upload that was opened for a version. Whether it is the one to use: somebody else may have opened
/// one meanwhile, for which URLs are out already, or have cancelled it.
pub async fn opened(tx: &WriteTx, id: Uuid, upload_id: &str) -> Result<bool, Error> {
    let Some(before) = tx.find::<Entity>().filter(Column::Id.eq(id)).for_update().one().await? else {
        return Ok(false);
    };
    if before.upload_id.is_some() || before.status == Status::Ready {
        return Ok(false);
    }
    let before = tx.authorize_row::<Entity>(UploadAction::Complete, before)?;
    let after = Model { upload_id: Some(upload_id.to_owned()), ..before.clone() };
    tx.update_part(&before, &*before, after).await.map(|_| true)
}

fn media_type(value: &str) -> Result<String, UserError> {
    let value = check::line("content_type", value, 127)?.to_lowercase();
    let token =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c));
    let essence = value.split(';').next().unwrap_or_default().trim();
    match essence.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) => Ok(value),
        _ => Err(UserError::invalid("content_type", "must be a media type, such as application/pdf")),
    }
}

fn sha256(value: &str) -> Result<String, UserError> {
    let value = value.trim().to_lowercase();
    if value.len() == 64 && value.chars().all(|c| c.is_ascii_hexdigit()) {
        Ok(value)
    } else {
        Err(UserError::invalid("sha256", "must be a SHA-256 in hexadecimal: 64 characters"))
    }
}

/// Refuses what is not what it says: programs always; pictures, sound, film and PDF when the bytes begin otherwise.
fn type_matches(declared: &str, head: &[u8]) -> Result<(), UserError> {
    let found = infer::get(head);
    if found.is_some_and(|found| found.matcher_type() == infer::MatcherType::App) {
        return Err(UserError::invalid("content_type", "programs are not taken"));
    }
    let kind = |media_type: &str| media_type.split('/').next().unwrap_or_default().to_owned();
    let strict = declared.starts_with("application/pdf")
        || ["image", "audio", "video"].contains(&kind(declared).as_str()) && !declared.starts_with("image/svg");
    let found = found.map(|found| found.mime_type());
    let same =
        found.is_some_and(|found| found == declared || kind(found) == kind(declared) && kind(found) != "application");
    if strict && !same && !head.is_empty() {
        let found = found.unwrap_or("something else");
        return Err(UserError::invalid("content_type", format!("the bytes are {found}, not {declared}")));
    }
    Ok(())
}
