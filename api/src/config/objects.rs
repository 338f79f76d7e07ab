//! The object store's part of the configuration.

use super::value;
use clap::{ArgAction, Args, ValueEnum};
use dossier_storage::{Encryption, Endpoint, Remote, Settings};
use secrecy::{ExposeSecret, SecretString};
use std::{path::PathBuf, time::Duration};
use url::Url;

/// The bucket's name, unless it is configured.
const BUCKET: &str = "dossier";

/// Where the objects are.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Object store")]
pub struct ObjectStore {
    /// Object store (S3). Without it, S3_BUCKET is a bucket of Amazon S3; without both, objects are files under
    /// DATA_DIR.
    #[arg(long, env = "S3_ENDPOINT", value_parser = value::store_endpoint)]
    pub s3_endpoint: Option<Url>,

    /// The store's address for browsers and scripts, if they reach it under another than this server does; it goes into
    /// signed URLs.
    #[arg(long, env = "S3_PUBLIC_ENDPOINT", value_parser = value::store_endpoint)]
    pub s3_public_endpoint: Option<Url>,

    /// Bucket that holds all objects; it has to exist. `dossier` with S3_ENDPOINT.
    #[arg(long, env = "S3_BUCKET", value_parser = bucket)]
    pub s3_bucket: Option<String>,

    /// Region that goes into signatures. `us-east-1` with S3_ENDPOINT.
    #[arg(long, env = "S3_REGION", value_parser = value::word)]
    pub s3_region: Option<String>,

    /// Whether the bucket is a part of the path (`https://store/bucket`: true) or of the host (`https://bucket.store`:
    /// false). True with S3_ENDPOINT, false for Amazon S3.
    #[arg(long, env = "S3_PATH_STYLE", action = ArgAction::Set)]
    pub s3_path_style: Option<bool>,

    /// Encryption at rest that the store is asked for; without it, what the bucket is configured for.
    #[arg(long, env = "S3_SSE", value_enum)]
    pub s3_sse: Option<Sse>,

    /// Key of `S3_SSE=aws:kms`; without it, the store's own.
    #[arg(long, env = "S3_SSE_KMS_KEY_ID", value_parser = value::word)]
    pub s3_sse_kms_key_id: Option<String>,

    /// For how many seconds the store may keep a call waiting, retries included, before the caller is told that it is
    /// unavailable. Joining the parts of a large file may take six times as long.
    #[arg(long, env = "S3_TIMEOUT", default_value_t = 20, value_parser = value::whole::<u16>(1..=300, " of seconds"))]
    pub s3_timeout: u16,

    /// Key of the object store. Generated for local objects.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", hide_env_values = true)]
    pub access_key_id: Option<String>,

    /// Secret of that key. Generated for local objects.
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true)]
    pub secret_access_key: Option<SecretString>,

    /// Goes with a key that is only lent. It is not renewed: when it expires, the server has to be started with another.
    #[arg(long, env = "AWS_SESSION_TOKEN", hide_env_values = true)]
    pub session_token: Option<SecretString>,
}

/// Encryption at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sse {
    /// With the store's key.
    #[value(name = "AES256")]
    Aes256,
    /// With a key of the key management service.
    #[value(name = "aws:kms")]
    Kms,
}

impl ObjectStore {
    /// What is missing, or makes no sense together.
    pub(super) fn check(&self) -> Result<(), String> {
        if !self.is_remote() {
            return match self.only_remote() {
                Some(name) => Err(format!("{name} is for an S3 store; set S3_ENDPOINT or S3_BUCKET, too")),
                None => Ok(()),
            };
        }
        let keyed = |url: &Url| !url.username().is_empty() || url.password().is_some();
        if [&self.s3_endpoint, &self.s3_public_endpoint].into_iter().flatten().any(keyed) {
            return Err(
                "S3_ENDPOINT and S3_PUBLIC_ENDPOINT must not have a key in them; AWS_ACCESS_KEY_ID is for that".into(),
            );
        }
        if self.access_key_id.is_none() || self.secret_access_key.is_none() {
            return Err(
                "S3_ENDPOINT or S3_BUCKET is set, so AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are required".into()
            );
        }
        if let Some(name) = self.empty_key() {
            return Err(format!("{name} is empty; set it to what the store gave, or remove the variable"));
        }
        if self.s3_endpoint.is_none() && self.s3_region.is_none() {
            return Err("S3_BUCKET without S3_ENDPOINT is a bucket of Amazon S3, so S3_REGION is required".into());
        }
        if self.s3_sse_kms_key_id.is_some() && self.s3_sse != Some(Sse::Kms) {
            return Err("S3_SSE_KMS_KEY_ID is for S3_SSE=aws:kms".into());
        }
        Ok(())
    }

    /// A part of the key that is there and says nothing.
    fn empty_key(&self) -> Option<&'static str> {
        let parts = [
            ("AWS_ACCESS_KEY_ID", self.access_key_id.as_deref()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.as_ref().map(ExposeSecret::expose_secret)),
            ("AWS_SESSION_TOKEN", self.session_token.as_ref().map(ExposeSecret::expose_secret)),
        ];
        let empty = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
        parts.into_iter().find_map(|(name, part)| empty(part).then_some(name))
    }

    /// Whether objects go to an S3 store, and not to files.
    pub fn is_remote(&self) -> bool {
        self.s3_endpoint.is_some() || self.s3_bucket.is_some()
    }

    /// A variable that would be ignored silently while objects are files.
    fn only_remote(&self) -> Option<&'static str> {
        let set = [
            ("S3_PUBLIC_ENDPOINT", self.s3_public_endpoint.is_some()),
            ("S3_PATH_STYLE", self.s3_path_style.is_some()),
            ("S3_SSE", self.s3_sse.is_some()),
            ("S3_SSE_KMS_KEY_ID", self.s3_sse_kms_key_id.is_some()),
        ];
        set.into_iter().find_map(|(name, set)| set.then_some(name))
    }

    /// The configured store, if one is.
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

    /// Files in a folder, behind a key that nobody else has.
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
