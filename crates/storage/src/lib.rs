//! The object store: one code path on S3, whoever serves it.
//!
//! In production an S3 endpoint does. By default it is `local`: the same protocol, answered from a folder by this
//! very process, so that nothing else has to run. Our own calls reach it without a socket; clients reach it through
//! [`Objects::routes`].
//!
//! The bytes of an upload never pass through the API. The client gets signed URLs, puts the parts into them, and says
//! that it is done; then [`Objects::finish_upload`] joins the parts and reads the object once.
//!
//! Every upload is a multipart upload, also one of a single part. A URL signed for a plain PUT would stay good after
//! the object was checked, and its holder could put other bytes into it; the URLs of a multipart upload die with it.

mod bucket;
mod check;
mod client;
mod digest;
mod download;
mod error;
mod local;
mod upload;

pub use self::digest::hex;
pub use self::{
    bucket::{DAYS_KEPT, EXPOSED},
    digest::{Digest, HEAD_SIZE, sha256},
    download::SignedUrl,
    error::Error,
    upload::{Finished, PART_SIZE, SignedPart},
};

use aws_sdk_s3::{Client, presigning::PresigningConfig, primitives::ByteStream, types::ServerSideEncryption};
use axum::{Router, error_handling::HandleError, http::StatusCode};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use s3s::service::S3Service;
use secrecy::SecretString;
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};
use url::Url;

/// Where the objects are, and the key that opens the store.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who serves S3.
    pub endpoint: Endpoint,
    /// The one bucket that is used. A remote one has to exist; the embedded one is made, and its name is a path of
    /// the API's listener, so it must not be one that the API itself answers.
    pub bucket: String,
    /// The region that goes into signatures. The embedded store takes any.
    pub region: String,
    /// The public half of the key.
    pub access_key_id: String,
    /// The secret half. The embedded store accepts this key and no other.
    pub secret_access_key: SecretString,
    /// Goes with a key that is only lent.
    pub session_token: Option<SecretString>,
    /// What every object is encrypted with at rest; none: what the bucket is configured for.
    pub encryption: Option<Encryption>,
    /// How long a call may take, retries included.
    pub patience: Duration,
}

/// Who serves S3.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// A store that runs elsewhere.
    Remote(Remote),
    /// This process, out of a folder.
    Embedded {
        /// The folder; made if missing.
        root: PathBuf,
        /// The API's own address as clients see it, without a path. The `Host` of a request is signed, so a proxy in
        /// front must pass it on as it came.
        public_url: Url,
    },
}

/// Where a store is that runs elsewhere.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its address for this server; without one it is Amazon's, in the region.
    pub url: Option<Url>,
    /// Its address for clients, if they reach it under another.
    pub public_url: Option<Url>,
    /// Whether the bucket is in the path (`https://store/bucket/key`), and not in the host (`https://bucket.store/key`).
    pub path_style: bool,
}

/// What the store encrypts objects with. It is said when an upload begins: its parts, sent by clients, need not know.
#[derive(Clone, Debug)]
pub enum Encryption {
    /// The store's own key.
    Aes256,
    /// A key of the key management service.
    Kms {
        /// Which; without it, the store's default.
        key: Option<String>,
    },
}

/// The object store. Cloning is cheap.
#[derive(Clone)]
pub struct Objects {
    client: Client,
    /// Signs for clients, who may know the store by another name. It calls nobody.
    signer: Client,
    settings: Arc<Settings>,
    embedded: Option<S3Service>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects").field("bucket", &self.settings.bucket).finish_non_exhaustive()
    }
}

impl Objects {
    /// Opens the store. The embedded one is swept of what was abandoned more than a day ago, and its bucket made. A
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

    fn bucket(&self) -> &str {
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
    fn encryption(&self) -> (Option<ServerSideEncryption>, Option<String>) {
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
fn window(length: Duration) -> Result<(PresigningConfig, DateTime<Utc>), Error> {
    let window = PresigningConfig::expires_in(length).map_err(|cause| Error::Settings(cause.to_string()))?;
    let end = DateTime::from(window.start_time() + length);
    Ok((window, end))
}
