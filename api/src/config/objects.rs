//! The configuration of the object store.

use super::value;
use clap::{ArgAction, Args, ValueEnum};
use dossier_storage::{Encryption, Endpoint, Remote, Settings};
use secrecy::{ExposeSecret, SecretString};
use std::{path::PathBuf, time::Duration};
use url::Url;

/// The default name of the bucket.
const BUCKET: &str = "dossier";

/// The object store.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Object store")]
pub struct ObjectStore {
    /// URL of the object store (S3). Without it, S3_BUCKET is a bucket of Amazon S3. Without both, objects are files
    /// under DATA_DIR.
    #[arg(long, env = "S3_ENDPOINT", value_parser = value::store_endpoint)]
    pub s3_endpoint: Option<Url>,

    /// URL at which browsers and scripts reach the store, if it differs from S3_ENDPOINT. It is used in signed URLs.
    #[arg(long, env = "S3_PUBLIC_ENDPOINT", value_parser = value::store_endpoint)]
    pub s3_public_endpoint: Option<Url>,

    /// Bucket for all objects. It must exist. The default with S3_ENDPOINT is `dossier`.
    #[arg(long, env = "S3_BUCKET", value_parser = bucket)]
    pub s3_bucket: Option<String>,

    /// Region for signatures. The default with S3_ENDPOINT is `us-east-1`.
    #[arg(long, env = "S3_REGION", value_parser = value::word)]
    pub s3_region: Option<String>,

    /// Whether the bucket is in the path (`https://store/bucket`, true) or in the host (`https://bucket.store`, false).
    /// The default is true with S3_ENDPOINT, and false for Amazon S3.
    #[arg(long, env = "S3_PATH_STYLE", action = ArgAction::Set)]
    pub s3_path_style: Option<bool>,

    /// Encryption at rest to request from the store. The default is the configuration of the bucket.
    #[arg(long, env = "S3_SSE", value_enum)]
    pub s3_sse: Option<Sse>,

    /// Key for `S3_SSE=aws:kms`. The default is the store's own key.
    #[arg(long, env = "S3_SSE_KMS_KEY_ID", value_parser = value::word)]
    pub s3_sse_kms_key_id: Option<String>,

    /// Maximum time in seconds for a call to the store, including retries. Then the caller is told that the store is
    /// unavailable. Joining the parts of a large file may take six times as long.
    #[arg(long, env = "S3_TIMEOUT", default_value_t = 20, value_parser = value::whole::<u16>(1..=300, " of seconds"))]
    pub s3_timeout: u16,

    /// Access key of the object store. Generated for local objects.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", hide_env_values = true)]
    pub access_key_id: Option<String>,

    /// Secret of the access key. Generated for local objects.
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true)]
    pub secret_access_key: Option<SecretString>,

    /// Session token of a temporary access key. It is not renewed. When it expires, restart the server with another
    /// key.
    #[arg(long, env = "AWS_SESSION_TOKEN", hide_env_values = true)]
    pub session_token: Option<SecretString>,
}

/// A kind of encryption at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sse {
    /// Encryption with the store's key.
    #[value(name = "AES256")]
    Aes256,
    /// Encryption with a key of the key management service.
    #[value(name = "aws:kms")]
    Kms,
}

impl ObjectStore {
    /// Checks for missing values and for values that conflict.
    pub(super) fn check(&self) -> Result<(), String> {
        if !self.is_remote() {
            return match self.only_remote() {
                Some(name) => Err(format!("{name} requires an S3 store; set S3_ENDPOINT or S3_BUCKET, too")),
                None => Ok(()),
            };
        }
        let keyed = |url: &Url| !url.username().is_empty() || url.password().is_some();
        if [&self.s3_endpoint, &self.s3_public_endpoint].into_iter().flatten().any(keyed) {
            return Err("S3_ENDPOINT and S3_PUBLIC_ENDPOINT must not contain a key; use AWS_ACCESS_KEY_ID".into());
        }
        if self.access_key_id.is_none() || self.secret_access_key.is_none() {
            return Err(
                "S3_ENDPOINT or S3_BUCKET is set, so AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are required".into()
            );
        }
        if let Some(name) = self.empty_key() {
            return Err(format!("{name} is empty; set it to the value from the store, or remove the variable"));
        }
        if self.s3_endpoint.is_none() && self.s3_region.is_none() {
            return Err("S3_BUCKET without S3_ENDPOINT is a bucket of Amazon S3, so S3_REGION is required".into());
        }
        if self.s3_sse_kms_key_id.is_some() && self.s3_sse != Some(Sse::Kms) {
            return Err("S3_SSE_KMS_KEY_ID requires S3_SSE=aws:kms".into());
        }
        Ok(())
    }

    /// Returns a part of the key that is set but empty.
    fn empty_key(&self) -> Option<&'static str> {
        let parts = [
            ("AWS_ACCESS_KEY_ID", self.access_key_id.as_deref()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.as_ref().map(ExposeSecret::expose_secret)),
            ("AWS_SESSION_TOKEN", self.session_token.as_ref().map(ExposeSecret::expose_secret)),
        ];
        let empty = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
        parts.into_iter().find_map(|(name, part)| empty(part).then_some(name))
    }

    /// Returns whether objects are in an S3 store.
    pub fn is_remote(&self) -> bool {
        self.s3_endpoint.is_some() || self.s3_bucket.is_some()
    }

    /// Returns the origins at which browsers reach the store, separated by spaces. None if this server keeps the objects.
    pub fn origins(&self) -> Option<String> {
        let bucket = self.s3_bucket.as_deref().unwrap_or(BUCKET);
        let Some(url) = self.s3_public_endpoint.as_ref().or(self.s3_endpoint.as_ref()) else {
            let region = self.s3_region.as_deref()?;
            let host = format!("s3.{region}.amazonaws.com");
            return self.is_remote().then(|| format!("https://{bucket}.{host} https://{host}"));
        };
        if self.s3_path_style.unwrap_or(true) {
            return Some(url.origin().ascii_serialization());
        }
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        Some(format!("{}://{bucket}.{host}", url.scheme()))
    }

    /// Returns a variable that has no effect while objects are local files.
    fn only_remote(&self) -> Option<&'static str> {
        let set = [
            ("S3_PUBLIC_ENDPOINT", self.s3_public_endpoint.is_some()),
            ("S3_PATH_STYLE", self.s3_path_style.is_some()),
            ("S3_SSE", self.s3_sse.is_some()),
            ("S3_SSE_KMS_KEY_ID", self.s3_sse_kms_key_id.is_some()),
        ];
        set.into_iter().find_map(|(name, set)| set.then_some(name))
    }

    /// Returns the settings of the configured store.
    pub(super) fn remote(&self) -> Option<Settings> {
        let (Some(access_key_id), Some(secret_access_key)) = (&self.access_key_id, &self.secret_access_key) else {
            return None;
        };
        self.is_remote().then(|| Settings {
            endpoint: Endpoint::Remote(Remote {
                url: self.s3_endpoint.clone(),
                public_url: self.s3_public_endpoint.clone(),
                path_style: self.s3_path_style.unwrap_or(self.s3_endpoint.is_some()),
            }),
            bucket: self.s3_bucket.clone().unwrap_or_else(|| BUCKET.to_owned()),
            region: self.s3_region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
            access_key_id: access_key_id.clone(),
            secret_access_key: secret_access_key.clone(),
            session_token: self.session_token.clone(),
            encryption: self.encryption(),
            patience: self.patience(),
        })
    }

    /// Returns the settings of a local folder with a generated key.
    pub(super) fn local(&self, root: PathBuf, public_url: Url, id: String, secret: SecretString) -> Settings {
        Settings {
            endpoint: Endpoint::Embedded { root, public_url },
            bucket: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            access_key_id: id,
            secret_access_key: secret,
            session_token: None,
            encryption: None,
            patience: self.patience(),
        }
    }

    fn encryption(&self) -> Option<Encryption> {
        self.s3_sse.map(|sse| match sse {
            Sse::Aes256 => Encryption::Aes256,
            Sse::Kms => Encryption::Kms { key: self.s3_sse_kms_key_id.clone() },
        })
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.s3_timeout.into())
    }
}

fn bucket(value: &str) -> Result<String, String> {
    if s3s::path::check_bucket_name(value) {
        Ok(value.to_owned())
    } else {
        Err("must have 3 to 63 of a-z, 0-9, - and ., and begin and end with a letter or digit".into())
    }
}
