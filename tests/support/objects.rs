//! The external object store of the suite, if one is configured.

use dossier_storage::{Endpoint, Remote, Settings};
use reqwest::Url;
use secrecy::ExposeSecret;
use std::{env, path::PathBuf, time::Duration};

/// Reads the store from the environment that `tests/run --s3` sets.
pub fn named() -> Option<Settings> {
    let url = env::var("TEST_S3_ENDPOINT").ok()?;
    let given =
        |name: &str| env::var(format!("TEST_S3_{name}")).unwrap_or_else(|_| panic!("TEST_S3_{name} is not set"));
    Some(Settings {
        endpoint: at(url.parse().unwrap()),
        bucket: given("BUCKET"),
        region: given("REGION"),
        access_key_id: given("ACCESS_KEY_ID"),
        secret_access_key: given("SECRET_ACCESS_KEY").into(),
        session_token: env::var("TEST_S3_SESSION_TOKEN").ok().map(Into::into),
        encryption: None,
        patience: Duration::from_secs(20),
    })
}

/// Returns the settings of an embedded store in this folder and at this address.
pub fn embedded(root: PathBuf, public_url: Url) -> Settings {
    Settings {
        endpoint: Endpoint::Embedded { root, public_url },
        bucket: "dossiers".into(),
        region: "local".into(),
        access_key_id: "the-only-key".into(),
        secret_access_key: "and its secret".into(),
        session_token: None,
        encryption: None,
        patience: Duration::from_secs(20),
    }
}

/// Returns the endpoint of a remote store with path-style URLs.
pub fn at(url: Url) -> Endpoint {
    Endpoint::Remote(Remote { url: Some(url), public_url: None, path_style: true })
}

/// Returns the configuration of a remote store as environment variables.
pub fn variables(settings: &Settings) -> Vec<(&'static str, String)> {
    let Endpoint::Remote(Remote { url: Some(url), .. }) = &settings.endpoint else { return Vec::new() };
    let mut variables = vec![
        ("S3_ENDPOINT", url.to_string()),
        ("S3_BUCKET", settings.bucket.clone()),
        ("S3_REGION", settings.region.clone()),
        ("S3_TIMEOUT", settings.patience.as_secs().to_string()),
        ("AWS_ACCESS_KEY_ID", settings.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", settings.secret_access_key.expose_secret().to_owned()),
    ];
    variables
        .extend(settings.session_token.as_ref().map(|token| ("AWS_SESSION_TOKEN", token.expose_secret().to_owned())));
    variables
}

/// Returns the configuration of a remote store as arguments.
pub fn arguments(settings: &Settings) -> Vec<String> {
    super::services::arguments(&variables(settings))
}
