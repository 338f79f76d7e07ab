//! Actions at chosen times.

use super::{clock::SampleClock, people::People};
use dossier_core::hex::sha256;
use dossier_core::{
    credentials::Credentials,
    error::{BoxError, Error},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, WriteTx};
use dossier_domain::upload::{self, NewUpload, Target};
use dossier_storage::Objects;
use entities::{document::Zone, document_version};
use futures::future::BoxFuture;
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// The parts that build the sample.
pub struct SampleBuilder<'s> {
    pub database: &'s Database,
    pub objects: &'s Objects,
    pub clock: &'s SampleClock,
    pub people: &'s People,
}

impl SampleBuilder<'_> {
    /// Runs a mutation for somebody. It must succeed.
    pub async fn act<F>(&self, who: &Credentials, run: F) -> Result<Uuid, BoxError>
    where
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<Uuid, Error>> + Send,
    {
        let (outcome, _) = self.database.mutate(who, None, None, run).await?;
        match outcome.user_error() {
            None => Ok(outcome.subject().unwrap_or_default()),
            Some(user_error) => Err(format!("the sample is wrong: {user_error} ({:?})", user_error.field).into()),
        }
    }

    /// Begins a transaction of Dossier itself.
    pub async fn system(&self) -> Result<WriteTx, BoxError> {
        Ok(self.database.write_as(Viewer::system(self.people.organization, SystemPurpose::Seed)).await?)
    }

    /// Uploads a file for somebody. Returns the document.
    pub async fn upload(&self, who: &Credentials, client: Uuid, zone: Zone, file: File) -> Result<Uuid, BoxError> {
        let target = Target::New { client, zone, name: file.name.to_owned() };
        self.send(who, target, file).await
    }

    /// Uploads a further version of a document for somebody.
    pub async fn upload_version(&self, who: &Credentials, document: Uuid, file: File) -> Result<Uuid, BoxError> {
        self.send(who, Target::Version { document }, file).await
    }

    async fn send(&self, who: &Credentials, target: Target, file: File) -> Result<Uuid, BoxError> {
        let new = NewUpload {
            target,
            content_type: file.content_type.to_owned(),
            size: i64::try_from(file.bytes.len())?,
            sha256: Some(sha256(&file.bytes)),
        };
        let version = self.act(who, |tx| Box::pin(upload::request(tx, new))).await?;
        let row = self.version(version).await?;
        self.objects.put(&row.storage_key, file.content_type, file.bytes).await?;
        self.act(who, |tx| Box::pin(upload::complete(tx, version, row.content_type, row.sha256))).await
    }

    async fn version(&self, id: Uuid) -> Result<document_version::Model, BoxError> {
        let read_tx = self.database.read_as(Viewer::system(self.people.organization, SystemPurpose::Seed)).await?;
        let row = read_tx.find::<document_version::Entity>().filter(document_version::Column::Id.eq(id)).one().await?;
        Ok(row.ok_or("a version was made and is not there")?)
    }

    /// Returns the newest version of a document.
    pub async fn newest(&self, document: Uuid) -> Result<Uuid, BoxError> {
        let read_tx = self.database.read_as(Viewer::system(self.people.organization, SystemPurpose::Seed)).await?;
        let of = document_version::Column::DocumentId.eq(document);
        let row = read_tx
            .find::<document_version::Entity>()
            .filter(of)
            .order_by(document_version::Column::Number, sea_orm::sea_query::Order::Desc)
            .one()
            .await?;
        Ok(row.ok_or("a document was made without a version")?.id)
    }
}

/// A file of the sample.
pub struct File {
    pub name: &'static str,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}
