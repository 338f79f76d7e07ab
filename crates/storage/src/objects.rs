//! Opening the object store, and what takes one call to it.

use super::{
    client,
    error::Error,
    local,
    settings::{Encryption, Endpoint, Settings},
};
use aws_sdk_s3::{Client, presigning::PresigningConfig, primitives::ByteStream, types::ServerSideEncryption};
use axum::{Router, error_handling::HandleError, http::StatusCode};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use s3s::service::S3Service;
use std::{fmt, sync::Arc, time::Duration};

/// The object store. Cloning is cheap.
#[derive(Clone)]
pub struct Objects {
    pub(super) client: Client,
    /// Signs for clients, who may know the store by another name. It calls nobody.
    pub(super) signer: Client,
    pub(super) settings: Arc<Settings>,
    pub(super) embedded: Option<S3Service>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects").field("bucket", &self.settings.bucket).finish_non_exhaustive()
    }
}

impl Objects {
    /// Opens the store. The embedded one is swept of what was abandoned long ago, and its bucket made. A
    /// remote one is not asked anything yet: see [`Objects::check`].
    ///
    /// # Errors
    /// [`Error::Settings`] when they cannot work; [`Error::Store`] when the folder of an embedded store cannot be used.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        let embedded = match &settings.endpoint {
            Endpoint::Remote(_) => None,
            Endpoint::Embedded { root, public_url } => {
                if !matches!(public_url.path(), "" | "/") {
                    return Err(Error::Settings(format!("{public_url} must not have a path")));
                }
                Some(local::serve(root.clone(), &settings).await?)
            }
        };
        let client = client::connect(&settings, embedded.clone());
        let signer = client::signer(&settings).unwrap_or_else(|| client.clone());
        Ok(Self { client, signer, settings: Arc::new(settings), embedded })
    }

    pub(super) fn bucket(&self) -> &str {
        &self.settings.bucket
    }

    /// What clients need of the embedded store: `/{bucket}/…`, for the API's own listener. `None` for a remote one.
    ///
    /// Merge it beside, not below, the layers that limit the size or the time of a request, and do not nest it:
    /// the path is signed.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Option<Router<S>> {
        let service = HandleError::new(self.embedded.clone()?, |error| async move {
            tracing::error!(?error, "the embedded object store could not answer");
            StatusCode::INTERNAL_SERVER_ERROR
        });
        let bucket = format!("/{}", self.bucket());
        let router = Router::new()
            .route_service(&format!("{bucket}/{{*key}}"), service.clone())
            .route_service(&format!("{bucket}/"), service.clone())
            .route_service(&bucket, service);
        Some(router)
    }

    /// Stores an object that the server made itself. An object of that key is replaced.
    ///
    /// # Errors
    /// [`Error::Store`]; then the object is as it was before.
    pub async fn put(&self, key: &str, content_type: &str, bytes: impl Into<Bytes>) -> Result<(), Error> {
        let request = self.client.put_object().bucket(self.bucket()).key(key).content_type(content_type);
        let (encryption, encryption_key) = self.encryption();
        let request = request.set_server_side_encryption(encryption).set_ssekms_key_id(encryption_key);
        let answer = request.body(ByteStream::from(bytes.into())).send().await;
        answer.map(drop).map_err(|cause| Error::store("store an object", key, &cause))
    }

    /// What creating an object says about its encryption.
    pub(super) fn encryption(&self) -> (Option<ServerSideEncryption>, Option<String>) {
        match &self.settings.encryption {
            None => (None, None),
            Some(Encryption::Aes256) => (Some(ServerSideEncryption::Aes256), None),
            Some(Encryption::Kms { key }) => (Some(ServerSideEncryption::AwsKms), key.clone()),
        }
    }

    /// Deletes an object. One that is not there is deleted already.
    ///
    /// # Errors
    /// [`Error::Store`]; deleting again is safe.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        let answer = self.client.delete_object().bucket(self.bucket()).key(key).send().await;
        answer.map(drop).map_err(|cause| Error::store("delete an object", key, &cause))
    }
}

/// A window from now on in which a signed URL is good, and its end. It is read from the real clock, as the store
/// checks it against its own.
pub(super) fn window(length: Duration) -> Result<(PresigningConfig, DateTime<Utc>), Error> {
    let window = PresigningConfig::expires_in(length).map_err(|cause| Error::Settings(cause.to_string()))?;
    let end = DateTime::from(window.start_time() + length);
    Ok((window, end))
}
