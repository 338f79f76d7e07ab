use super::Settings;
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

/// A client of the store at `url`, or of `embedded` under the same address, without a socket.
pub(super) fn connect(settings: &Settings, url: &Url, embedded: Option<S3Service>) -> Client {
    let secret = settings.secret_access_key.expose_secret();
    let config = Config::builder()
        .credentials_provider(Credentials::new(&settings.access_key_id, secret, None, None, "settings"))
        .region(Region::new(settings.region.clone()))
        .endpoint_url(url.as_str().trim_end_matches('/'))
        .force_path_style(true)
        // The checksums that the SDK would add of its own accord break the completion of multipart uploads in stores
        // that are not Amazon's.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(100)))
        .timeout_config(timeouts(10, 20));
    let config = match embedded {
        Some(service) => config.http_client(s3s_aws::Client::from(service)),
        None => config,
    };
    Client::from_conf(config.build())
}

/// For a call whose work grows with the size of the object.
pub(super) fn patient() -> Builder {
    Config::builder().timeout_config(timeouts(300, 600))
}

fn timeouts(attempt: u64, operation: u64) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(attempt))
        .operation_timeout(Duration::from_secs(operation))
        .build()
}
