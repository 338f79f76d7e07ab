//! Checks that the store is available and usable. The reader of the messages sets a server up. The messages therefore
//! name the variable to check, and never the key.

use super::{Digest, Endpoint, Error, Finished, Objects, error};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use dossier_core::hex::hex;
use std::error::Error as StdError;

/// The permissions that the key needs on the bucket.
const NEEDED: &str =
    "ListBucket, GetObject, PutObject, DeleteObject, ListMultipartUploadParts and AbortMultipartUpload";

impl Objects {
    /// Checks that the bucket exists and the key gives access to it.
    ///
    /// # Errors
    /// Returns [`Error::Refused`] if waiting will not help, and [`Error::Store`] if the store does not answer, or
    /// fails.
    pub async fn check(&self) -> Result<(), Error> {
        let Err(refusal) = self.client.head_bucket().bucket(self.bucket()).send().await else { return Ok(()) };
        if refusal.raw_response().is_none() {
            return Err(self.unreachable(&refusal));
        }
        // Not a HEAD request, because its answer has no body that explains an error.
        match self.client.list_objects_v2().bucket(self.bucket()).max_keys(1).send().await {
            Ok(_) => Ok(()),
            Err(refusal) => Err(self.explain(&refusal)),
        }
    }

    /// Stores an object as clients do, in parts, then reads and deletes it. This checks that the key has all
    /// permissions.
    ///
    /// # Errors
    /// Returns [`Error::Store`] with the missing permission, and [`Error::Refused`] if the store returns other bytes.
    pub async fn try_out(&self) -> Result<(), Error> {
        const BYTES: &[u8] = b"Dossier tries the store out; this may be deleted.\n";
        let key = format!("dossier-check/{}", self.random_name()?);
        let id = self.begin_upload(&key, "text/plain").await?;
        let part = self.client.upload_part().bucket(self.bucket()).key(&key).upload_id(&id).part_number(1);
        let sent = part.body(BYTES.to_vec().into()).send().await;
        let finished = match sent {
            Ok(_) => self.finish_upload(&key, &id, BYTES.len() as u64).await,
            Err(cause) => Err(Error::store("send a part of an upload", &key, &cause)),
        };
        let encrypted = self.encrypts(&key).await;
        // The upload is abandoned even after a failure.
        let abandoned = self.abandon_upload(&key, &id).await;
        match finished? {
            Finished::Object(_) if !encrypted? => {
                let advice = "S3_SSE: it takes this and does not encrypt; ask for nothing, or take another store";
                Err(Error::Refused { advice: advice.to_owned(), cause: key })
            }
            Finished::Object(Digest { head, .. }) if head == BYTES => abandoned,
            _ => Err(Error::Refused { advice: "it keeps other bytes than it is sent".to_owned(), cause: key }),
        }
    }

    /// Returns whether an object is encrypted, if the settings require it. Some stores accept the option and ignore it.
    async fn encrypts(&self, key: &str) -> Result<bool, Error> {
        let (Some(wanted), _) = self.encryption() else { return Ok(true) };
        let answer = self.client.head_object().bucket(self.bucket()).key(key).send().await;
        let answer = answer.map_err(|cause| Error::store("look at an object", key, &cause))?;
        Ok(answer.server_side_encryption == Some(wanted))
    }

    fn random_name(&self) -> Result<String, Error> {
        let mut name = [0; 16];
        let filled = aws_lc_rs::rand::fill(&mut name);
        filled.map_err(|cause| Error::other("make a name", self.bucket(), &cause))?;
        Ok(hex(&name))
    }

    fn unreachable<E: ProvideErrorMetadata + StdError + 'static>(&self, cause: &SdkError<E>) -> Error {
        Error::store("reach the object store", &self.place(), cause)
    }

    fn place(&self) -> String {
        match &self.settings.endpoint {
            Endpoint::Remote(remote) => match &remote.url {
                Some(url) => format!("S3_ENDPOINT={url}"),
                None => format!("Amazon S3, S3_REGION={}", self.settings.region),
            },
            Endpoint::Embedded { root, .. } => root.display().to_string(),
        }
    }

    /// Converts an error to advice for the operator.
    fn explain<E>(&self, cause: &SdkError<E>) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let status = cause.raw_response().map_or(0, |answer| answer.status().as_u16());
        let code = cause.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
        let (bucket, place, region) = (self.bucket(), self.place(), &self.settings.region);
        let advice = match (code, status) {
            ("NoSuchBucket", _) | (_, 404) => format!(
                "S3_BUCKET: there is no bucket `{bucket}` at {place}; make it (`dossier objects setup` does, if the \
                 key may), or name the right one"
            ),
            ("InvalidAccessKeyId" | "NotSignedUp", _) => format!("AWS_ACCESS_KEY_ID: {place} does not know this key"),
            ("SignatureDoesNotMatch", _) => {
                "AWS_SECRET_ACCESS_KEY: it is not the secret of AWS_ACCESS_KEY_ID".to_owned()
            }
            ("ExpiredToken" | "InvalidToken", _) => "AWS_SESSION_TOKEN: it has expired, or is not the key's".to_owned(),
            ("RequestTimeTooSkewed", _) => "the clocks of this machine and of the store differ; set them".to_owned(),
            ("AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException", _)
            | (_, 301 | 307) => format!("S3_REGION: the bucket `{bucket}` is not in {region}"),
            (_, 401 | 403) => format!(
                "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: one of them is wrong, or the key may not use the bucket \
                 `{bucket}` (S3_BUCKET); it needs {NEEDED}"
            ),
            (_, 400..500) => format!("what answers at {place} does not speak S3"),
            _ => return self.unreachable(cause),
        };
        Error::Refused { advice, cause: error::describe(cause) }
    }
}
