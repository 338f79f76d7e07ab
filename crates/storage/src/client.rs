use super::{Endpoint, Settings};
use aws_sdk_s3::{
    Client, Config,
    config::{
        Builder, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use s3s::service::S3Service;
use secrecy::ExposeSecret;
use std::time::Duration;
use url::Url;

/// Creates a client of the store. `embedded` is called directly under the same address, without a socket.
pub(super) fn connect(settings: &Settings, embedded: Option<S3Service>) -> Client {
    let config = config(settings);
    let config = match embedded {
        Some(service) => config.http_client(s3s_aws::Client::from(service)),
        None => config,
    };
    Client::from_conf(config.build())
}

/// Creates the client that signs URLs, if clients use another address than the server.
pub(super) fn signer(settings: &Settings) -> Option<Client> {
    let Endpoint::Remote(remote) = &settings.endpoint else { return None };
    let url = remote.public_url.as_ref()?;
    Some(Client::from_conf(config(settings).endpoint_url(bare(url)).build()))
}

fn config(settings: &Settings) -> Builder {
    let (url, path_style) = match &settings.endpoint {
        Endpoint::Remote(remote) => (remote.url.as_ref(), remote.path_style),
        Endpoint::Embedded { public_url, .. } => (Some(public_url), true),
    };
    let secret = settings.secret_access_key.expose_secret();
    let token = settings.session_token.as_ref().map(|token| token.expose_secret().to_owned());
    let config = Config::builder()
        .credentials_provider(Credentials::new(&settings.access_key_id, secret, token, None, "settings"))
        .region(Region::new(settings.region.clone()))
        .force_path_style(path_style)
        // By default, the SDK adds checksums that break the completion of multipart uploads in stores other than
        // Amazon's.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(100)))
        .timeout_config(timeouts(settings.patience / 2, settings.patience));
    match url {
        Some(url) => config.endpoint_url(bare(url)),
        None => config,
    }
}

/// Returns a configuration for calls whose duration grows with the size of the object, with this time limit for an
/// attempt.
pub(super) fn patient(attempt: Duration) -> Builder {
    Config::builder().timeout_config(timeouts(attempt, attempt * 2))
}

/// Sets time limits, so that a store that hangs gives an error, after which the caller may try again.
fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(attempt.min(Duration::from_secs(3)))
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

/// Returns the address without a final slash. The SDK appends the bucket directly to an address with a path, and adds a
/// slash otherwise.
fn bare(url: &Url) -> String {
    let url = url.as_str().trim_end_matches('/');
    if Url::parse(url).is_ok_and(|url| url.path().len() > 1) { format!("{url}/") } else { url.to_owned() }
}
