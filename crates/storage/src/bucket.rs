//! The setup of a remote bucket: browsers of certain origins may use it, and it deletes abandoned uploads. The embedded
//! store needs neither, because the API answers for it, and it deletes abandoned uploads itself.
//!
//! Both are rules of the whole bucket that are written together. Rules that others wrote are therefore read first and
//! kept.

use super::{Error, Objects, error, settings::DAYS_KEPT};
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketLocationConstraint, CorsConfiguration,
    CorsRule, CreateBucketConfiguration, ExpirationStatus, LifecycleRule, LifecycleRuleFilter,
};

/// The least number of days for which the store must keep the parts.
const MIN_DAYS_KEPT: i32 = 14;

/// Marks a rule as written by Dossier.
const UPLOADS: &str = "dossier-browsers";
const ABANDONED: &str = "dossier-abandoned-uploads";

impl Objects {
    /// Returns whether this is a remote store, which has a bucket to set up.
    pub fn is_remote(&self) -> bool {
        self.embedded.is_none()
    }

    /// Creates the bucket. Succeeds if the caller already owns it.
    ///
    /// # Errors
    /// Returns [`Error::Store`], mostly because the key lacks the permission.
    pub async fn make_bucket(&self) -> Result<(), Error> {
        let region = self.settings.region.as_str();
        // Amazon's first region must not be named there. Other stores do not need it.
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

    /// Returns whether pages of all these origins may send and fetch files.
    ///
    /// # Errors
    /// Returns [`Error::Store`]. Some stores have no such rules, and some keys may not read them.
    pub async fn lets_browsers(&self, origins: &[String]) -> Result<bool, Error> {
        let rules = self.cors().await?;
        Ok(origins.iter().all(|origin| rules.iter().any(|rule| covers(rule, origin))))
    }

    /// Lets pages of these origins send and fetch files with signed URLs.
    ///
    /// # Errors
    /// The same as [`Objects::lets_browsers`].
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

    /// Returns whether the store deletes the parts of unfinished uploads in time, and not too early.
    ///
    /// # Errors
    /// The same as [`Objects::lets_browsers`].
    pub async fn ends_abandoned_uploads(&self) -> Result<bool, Error> {
        let whole =
            |rule: &LifecycleRule| rule.filter().and_then(LifecycleRuleFilter::prefix).is_none_or(str::is_empty);
        let ends = |rule: &LifecycleRule| {
            rule.status() == &ExpirationStatus::Enabled && rule.abort_incomplete_multipart_upload().is_some()
        };
        let early = |rule: &LifecycleRule| {
            let abort = rule.abort_incomplete_multipart_upload();
            let days = abort.and_then(AbortIncompleteMultipartUpload::days_after_initiation);
            days.is_some_and(|days| days < MIN_DAYS_KEPT)
        };
        let rules = self.lifecycle().await?;
        let ending: Vec<_> = rules.iter().filter(|rule| ends(rule)).collect();
        Ok(ending.iter().any(|rule| whole(rule)) && !ending.iter().any(|rule| early(rule)))
    }

    /// Makes the store delete the parts of uploads that are unfinished after [`DAYS_KEPT`].
    ///
    /// # Errors
    /// The same as [`Objects::lets_browsers`].
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

/// The response headers of the store that pages may read.
pub const EXPOSED: [&str; 3] = ["ETag", "Content-Range", "Content-Disposition"];

/// The methods of signed URLs that pages use.
pub const METHODS: [&str; 3] = ["GET", "HEAD", "PUT"];

fn covers(rule: &CorsRule, origin: &str) -> bool {
    let fits = |pattern: &String| match pattern.split_once('*') {
        Some((start, end)) => origin.starts_with(start) && origin.ends_with(end),
        None => pattern == origin,
    };
    let methods = rule.allowed_methods();
    rule.allowed_origins().iter().any(fits)
        && ["GET", "PUT"].iter().all(|need| methods.iter().any(|method| method == need))
}
