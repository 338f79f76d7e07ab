//! The settings of the object store.

use secrecy::SecretString;
use std::{path::PathBuf, time::Duration};
use url::Url;

/// The number of days after which the store deletes the parts of an unfinished upload that the server has lost track of.
/// The server itself ends an upload after 7 days without a new part. The embedded store also waits for this long.
pub const DAYS_KEPT: i32 = 60;

/// The location of the objects, and the key of the store.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server of S3.
    pub endpoint: Endpoint,
    /// The bucket. A remote one must exist. The embedded one is created, and its name is a path of the API's listener.
    /// It must therefore not be a path that the API itself serves.
    pub bucket: String,
    /// The region of signatures. The embedded store accepts any.
    pub region: String,
    /// The public part of the key.
    pub access_key_id: String,
    /// The secret part of the key. The embedded store accepts only this key.
    pub secret_access_key: SecretString,
    /// The token of a temporary key.
    pub session_token: Option<SecretString>,
    /// The encryption of each object at rest, or `None` for the setting of the bucket.
    pub encryption: Option<Encryption>,
    /// The time limit for a call, with all retries.
    pub patience: Duration,
}

/// The server of S3.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// A remote store.
    Remote(Remote),
    /// This process, on a folder.
    Embedded {
        /// The folder, which is created if missing.
        root: PathBuf,
        /// The API's own address as clients see it, without a path. The `Host` of a request is signed, so a proxy must
        /// pass it on unchanged.
        public_url: Url,
    },
}

/// The location of a remote store.
#[derive(Clone, Debug)]
pub struct Remote {
    /// The address for this server. By default, it is Amazon's address in the region.
    pub url: Option<Url>,
    /// The address for clients, if it is another one.
    pub public_url: Option<Url>,
    /// Whether the bucket is in the path (`https://store/bucket/key`), and not in the host
    /// (`https://bucket.store/key`).
    pub path_style: bool,
}

/// The encryption of objects. It is set when an upload begins, so that clients who send parts need not know it.
#[derive(Clone, Debug)]
pub enum Encryption {
    /// The store's own key.
    Aes256,
    /// A key of the key management service.
    Kms {
        /// The key, or `None` for the store's default.
        key: Option<String>,
    },
}
