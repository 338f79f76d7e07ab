//! What a remote bucket has to be told once: that browsers of certain origins may use it, and that abandoned uploads
//! are thrown away. The embedded store needs neither: the API answers for it, and it sweeps itself.
//!
//! Both are rules of the whole bucket that are written all at once, so what others wrote there is read first and kept.

use super::{Error, Objects, error};
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketLocationConstraint, CorsConfiguration,
    CorsRule, CreateBucketConfiguration, ExpirationStatus, LifecycleRule, LifecycleRuleFilter,
};

/// After so many days the store throws away the parts of an upload that nobody finished. The embedded one takes a day,
/// too.
pub const DAYS_KEPT: i32 = 1;

/// What marks a rule as ours.
const UPLOADS: &str = "dossier-browsers";
const ABANDONED: &str = "dossier-abandoned-uploads";

impl Objects {
    /// Whether this is a store that runs elsewhere, which has a bucket to set up.
    pub fn is_remote(&self) -> bool {
        self.embedded.is_none()
    }

    /// Makes the bucket. One that is there and ours already is fine.
    ///
    /// # Errors
    /// [`Error::Store`], mostly because the key may not.
    pub async fn make_bucket(&self) -> Result<(), Error> {
        let region = self.settings.region.as_str();
        // Amazon's first region must not be named; only there, and elsewhere it does no harm to leave it out.
        let place = (region != "us-east-1").then(|| {
            CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build()
        });
        let request = self.client.create_bucket().bucket(self.bucket()).set_create_bucket_configuration(place);
        match request.send().await {
            Err(cause) if !error::is(&cause, &["BucketAlreadyOwnedByYou"]) => {
                Err(Error::store("make the bucket", self.bucket(), &cause))
            }
            _ => Ok(()),
        }
    }

    /// Whether pages of all these origins may send and fetch files.
    ///
    /// # Errors
    /// [`Error::Store`]; some stores know no such rules, and some keys may not read them.
    pub async fn lets_browsers(&self, origins: &[String]) -> Result<bool, Error> {
        let rules = self.cors().await?;
        Ok(origins.iter().all(|origin| rules.iter().any(|rule| covers(rule, origin))))
    }

    /// Lets pages of these origins send and fetch files, by the URLs that the API signs.
    ///
    /// # Errors
    /// As [`Objects::lets_browsers`].
    pub async fn let_browsers(&self, origins: &[String]) -> Result<(), Error> {
        const ACTION: &str = "let browsers use the bucket";
        let settings = |cause| Error::other(ACTION, self.bucket(), &cause);
        let rule = CorsRule::builder()
            .id(UPLOADS)
            .set_allowed_origins(Some(origins.to_vec()))
            .set_allowed_methods(Some(METHODS.map(str::to_owned).to_vec()))
            .allowed_headers("*")
            .set_expose_headers(Some(EXPOSED.map(str::to_owned).to_vec()))
            .max_age_seconds(3600)
            .build()
            .map_err(settings)?;
        let mut rules = self.cors().await?;
        rules.retain(|other| other.id() != Some(UPLOADS));
        rules.push(rule);
        let rules = CorsConfiguration::builder().set_cors_rules(Some(rules)).build().map_err(settings)?;
        let answer = self.client.put_bucket_cors().bucket(self.bucket()).cors_configuration(rules).send().await;
        answer.map(drop).map_err(|cause| Error::store(ACTION, self.bucket(), &cause))
    }

    /// Whether the store throws away, in time, what was sent of uploads that nobody finished.
    ///
    /// # Errors
    /// As [`Objects::lets_browsers`].
    pub async fn ends_abandoned_uploads(&self) -> Result<bool, Error> {
        let whole =
            |rule: &LifecycleRule| rule.filter().and_then(LifecycleRuleFilter::prefix).is_none_or(str::is_empty);
        let ends = |rule: &LifecycleRule| {
            rule.status() == &ExpirationStatus::Enabled && rule.abort_incomplete_multipart_upload().is_some()
        };
        Ok(self.lifecycle().await?.iter().any(|rule| ends(rule) && whole(rule)))
    }

    /// Has the store throw away what was sent of uploads that nobody finished within [`DAYS_KEPT`].
    ///
    /// # Errors
    /// As [`Objects::lets_browsers`].
    pub async fn end_abandoned_uploads(&self) -> Result<(), Error> {
        const ACTION: &str = "have abandoned uploads thrown away";
        let settings = |cause| Error::other(ACTION, self.bucket(), &cause);
        let rule = LifecycleRule::builder()
            .id(ABANDONED)
            .status(ExpirationStatus::Enabled)
            .filter(LifecycleRuleFilter::builder().prefix("").build())
            .abort_incomplete_multipart_upload(
                AbortIncompleteMultipartUpload::builder().days_after_initiation(DAYS_KEPT).build(),
            )
            .build()
            .map_err(settings)?;
        let mut rules = self.lifecycle().await?;
        rules.retain(|other| other.id() != Some(ABANDONED));
        rules.push(rule);
        let rules = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().map_err(settings)?;
        let request = self.client.put_bucket_lifecycle_configuration().bucket(self.bucket());
        let answer = request.lifecycle_configuration(rules).send().await;
        answer.map(drop).map_err(|cause| Error::store(ACTION, self.bucket(), &cause))
    }

    async fn cors(&self) -> Result<Vec<CorsRule>, Error> {
        match self.client.get_bucket_cors().bucket(self.bucket()).send().await {
            Ok(answer) => Ok(answer.cors_rules.unwrap_or_default()),
            Err(cause) if error::is(&cause, &["NoSuchCORSConfiguration"]) => Ok(Vec::new()),
            Err(cause) => Err(Error::store("read who may use the bucket", self.bucket(), &cause)),
        }
    }

    async fn lifecycle(&self) -> Result<Vec<LifecycleRule>, Error> {
        match self.client.get_bucket_lifecycle_configuration().bucket(self.bucket()).send().await {
            Ok(answer) => Ok(answer.rules.unwrap_or_default()),
            Err(cause) if error::is(&cause, &["NoSuchLifecycleConfiguration"]) => Ok(Vec::new()),
            Err(cause) => Err(Error::store("read what the bucket throws away", self.bucket(), &cause)),
        }
    }
}

/// The headers of the store's answers that pages may read.
pub const EXPOSED: [&str; 3] = ["ETag", "Content-Range", "Content-Disposition"];

/// What pages do with signed URLs.
const METHODS: [&str; 3] = ["GET", "HEAD", "PUT"];

fn covers(rule: &CorsRule, origin: &str) -> bool {
    let fits = |pattern: &String| match pattern.split_once('*') {
        Some((start, end)) => origin.starts_with(start) && origin.ends_with(end),
        None => pattern == origin,
    };
    let methods = rule.allowed_methods();
    rule.allowed_origins().iter().any(fits)
        && ["GET", "PUT"].iter().all(|need| methods.iter().any(|method| method == need))
}
