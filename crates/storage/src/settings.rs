//! Where the objects are.

use secrecy::SecretString;
use std::{path::PathBuf, time::Duration};
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
