//! An upload, from the signed URLs to the finished object.

use super::{Checkpoint, Digest, Error, Objects, client, error, objects::window};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, Part};
use chrono::{DateTime, Utc};
use std::{fmt, time::Duration};

/// How an upload is cut: each part has this many bytes, and the last one what remains.
pub const PART_SIZE: u64 = 16 * 1024 * 1024;

/// Very large objects get larger parts, so that a list of all URLs stays short. S3 takes ten times as many.
const MOST_PARTS: u64 = 1_000;

/// The sizes of larger parts are multiples of this.
const PART_STEP: u64 = 1024 * 1024;

/// For how long a URL is good. A client that needs it for longer has it signed anew.
const GOOD_FOR: Duration = Duration::from_mins(15);

/// How long one attempt to join the parts of a large upload may take. A folder on a slow disk copies them.
const JOIN_PATIENCE: Duration = Duration::from_mins(30);

/// One request that the client has to make, in any order or at once. Its `Debug` leaves out the signature.
#[derive(Clone)]
pub struct SignedPart {
    /// Counts from 1.
    pub number: u16,
    /// The HTTP method: `PUT`.
    pub method: &'static str,
    /// Where to, as it is.
    pub url: String,
    /// Headers to send, exactly; they are part of the signature. A browser sends `content-length` by itself.
    pub headers: Vec<(String, String)>,
    /// Where in the file this part starts, in bytes.
    pub offset: u64,
    /// How many bytes of the file it takes. The store refuses more and less.
    pub size: u64,
    /// From then on the store refuses it; [`Objects::sign_upload`] signs anew.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for SignedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, offset, size, expires_at, .. } = self;
        write!(f, "SignedPart {{ number: {number}, offset: {offset}, size: {size}, expires_at: {expires_at} .. }}")
    }
}

/// What came of finishing an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// It is an object, which holds this.
    Object(Digest),
    /// A part is missing; the upload goes on and can be finished later.
    Incomplete,
    /// The store gave it up, or somebody had it do so: nothing of it is left, and its URLs are worth nothing.
    Over,
}

/// What the store has received of an upload that is not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The numbers of the whole parts, in order.
    pub parts: Vec<u16>,
    /// How many bytes these parts have.
    pub size: u64,
    /// When the newest part arrived.
    pub newest_at: Option<DateTime<Utc>>,
}

/// What the store has of an upload.
enum Arrived {
    /// All of it.
    Parts(Vec<CompletedPart>),
    /// Not all of it.
    Incomplete,
    /// It knows of no such upload: it was finished before, or abandoned.
    Closed,
}

impl Objects {
    /// Begins an upload and gives its id. Nothing is visible under the key until the upload is finished.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn begin_upload(&self, key: &str, content_type: &str) -> Result<String, Error> {
        const ACTION: &str = "begin an upload";
        let request = self.client.create_multipart_upload().bucket(self.bucket()).key(key);
        let (encryption, encryption_key) = self.encryption();
        let request = request.set_server_side_encryption(encryption).set_ssekms_key_id(encryption_key);
        let answer = request.content_type(content_type).send().await;
        let answer = answer.map_err(|cause| Error::store(ACTION, key, &cause))?;
        let nameless =
            || Error::Store { action: ACTION, subject: key.to_owned(), cause: "the answer has no id".into() };
        answer.upload_id.ok_or_else(nameless)
    }

    /// Signs the requests that bring `size` bytes into an upload. It asks the store nothing, so it can be done again
    /// at any time, and both sets of URLs are good.
    ///
    /// # Errors
    /// [`Error::Store`] when the settings' key cannot sign.
    pub async fn sign_upload(&self, key: &str, upload_id: &str, size: u64) -> Result<Vec<SignedPart>, Error> {
        self.sign_parts(key, upload_id, size, |_| true).await
    }

    /// Signs only the requests for the parts of these numbers.
    ///
    /// # Errors
    /// [`Error::Store`] when the settings' key cannot sign.
    pub async fn sign_parts(
        &self,
        key: &str,
        upload_id: &str,
        size: u64,
        wanted: impl Fn(u16) -> bool + Send,
    ) -> Result<Vec<SignedPart>, Error> {
        let (window, expires_at) = window(GOOD_FOR)?;
        let mut signed = Vec::new();
        for (number, offset, size) in cut(size).into_iter().filter(|(number, ..)| wanted(*number)) {
            let request = self.signer.upload_part().bucket(self.bucket()).key(key).upload_id(upload_id);
            // A signed length is what keeps the holder of the URL from sending more.
            let request = request.part_number(number.into()).content_length(size.cast_signed());
            let request = request.presigned(window.clone()).await;
            let request = request.map_err(|cause| Error::store("sign an upload", key, &cause))?;
            let headers = request.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let url = request.uri().to_owned();
            signed.push(SignedPart { number, method: "PUT", url, headers, offset, size, expires_at });
        }
        Ok(signed)
    }

    /// Joins the parts of an upload of `size` bytes into its object and reads it once. Finishing again gives the same
    /// result. The caller compares the content with what was announced.
    ///
    /// # Errors
    /// [`Error::Store`]; finishing again is safe.
    pub async fn finish_upload(&self, key: &str, upload_id: &str, size: u64) -> Result<Finished, Error> {
        let patience = self.settings.patience * 3;
        let joined = self.join(key, upload_id, size, patience).await?;
        self.read_finished(key, joined, None, |_| {}).await
    }

    /// Does the same for an upload of any size, and goes on from a checkpoint. Calls `on_checkpoint` with each new one.
    ///
    /// # Errors
    /// [`Error::Store`]; finishing again is safe.
    pub async fn finish_large_upload(
        &self,
        key: &str,
        upload_id: &str,
        size: u64,
        checkpoint: Option<&Checkpoint>,
        on_checkpoint: impl FnMut(Checkpoint) + Send,
    ) -> Result<Finished, Error> {
        // The parts were joined before the first checkpoint.
        let joined = checkpoint.is_some() || self.join(key, upload_id, size, JOIN_PATIENCE).await?;
        self.read_finished(key, joined, checkpoint, on_checkpoint).await
    }

    /// Returns whether all parts of an upload of `size` bytes have arrived, or the store no longer knows the upload.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn has_arrived(&self, key: &str, upload_id: &str, size: u64) -> Result<bool, Error> {
        Ok(!matches!(self.arrived(key, upload_id, size).await?, Arrived::Incomplete))
    }

    /// Returns what the store has received of an upload of `size` bytes. Returns `None` if it does not know the upload:
    /// it was finished or abandoned.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn received(&self, key: &str, upload_id: &str, size: u64) -> Result<Option<Received>, Error> {
        let Some(found) = self.list_parts(key, upload_id).await? else { return Ok(None) };
        let mut received = Received::default();
        for (number, _, size) in cut(size) {
            let is_whole =
                |part: &&Part| part.part_number == Some(number.into()) && part.size == Some(size.cast_signed());
            let Some(part) = found.iter().find(is_whole) else { continue };
            received.parts.push(number);
            received.size += size;
            let at = part.last_modified.and_then(|at| DateTime::from_timestamp(at.secs(), at.subsec_nanos()));
            received.newest_at = received.newest_at.max(at);
        }
        Ok(Some(received))
    }

    async fn read_finished(
        &self,
        key: &str,
        joined: bool,
        checkpoint: Option<&Checkpoint>,
        on_checkpoint: impl FnMut(Checkpoint) + Send,
    ) -> Result<Finished, Error> {
        match self.digest_from(key, checkpoint, on_checkpoint).await? {
            Some(digest) => Ok(Finished::Object(digest)),
            None if joined => Ok(Finished::Over),
            None => Ok(Finished::Incomplete),
        }
    }

    /// Joins the parts. Returns whether the upload has ended, now or before; otherwise parts are missing. Another process
    /// may join them in either case.
    async fn join(&self, key: &str, upload_id: &str, size: u64, patience: Duration) -> Result<bool, Error> {
        match self.arrived(key, upload_id, size).await? {
            Arrived::Parts(parts) => self.complete(key, upload_id, parts, patience).await,
            Arrived::Incomplete => Ok(false),
            Arrived::Closed => Ok(true),
        }
    }

    /// Throws away what has come of an upload, finished or not. Its URLs are worth nothing from then on.
    ///
    /// # Errors
    /// [`Error::Store`]; abandoning again is safe.
    pub async fn abandon_upload(&self, key: &str, upload_id: &str) -> Result<(), Error> {
        self.cancel_upload(key, upload_id).await?;
        self.delete(key).await
    }

    /// Ends an upload that is not finished. Its object, if another upload of the same key made one, stays.
    ///
    /// # Errors
    /// [`Error::Store`]; cancelling again is safe.
    pub async fn cancel_upload(&self, key: &str, upload_id: &str) -> Result<(), Error> {
        let request = self.client.abort_multipart_upload().bucket(self.bucket()).key(key);
        match request.upload_id(upload_id).send().await {
            Err(cause) if !error::is(&cause, GONE) => Err(Error::store("end an upload", key, &cause)),
            _ => Ok(()),
        }
    }

    /// Removes an object and the upload that might still make it, and makes sure that no part of the upload is left.
    ///
    /// # Errors
    /// [`Error::Store`]; removing again is safe.
    pub async fn remove(&self, key: &str, upload_id: Option<&str>) -> Result<(), Error> {
        if let Some(upload_id) = upload_id {
            self.end_upload(key, upload_id).await?;
        }
        self.delete(key).await
    }

    /// Parts that were being sent while an upload was ended may be kept by some stores, which then want it ended again
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html>).
    async fn end_upload(&self, key: &str, upload_id: &str) -> Result<(), Error> {
        const ACTION: &str = "end an upload";
        for _ in 0..3 {
            self.cancel_upload(key, upload_id).await?;
            let parts = self.client.list_parts().bucket(self.bucket()).key(key).upload_id(upload_id).max_parts(1);
            match parts.send().await {
                Err(cause) if error::is(&cause, GONE) => return Ok(()),
                Err(cause) => return Err(Error::store(ACTION, key, &cause)),
                Ok(_) => {}
            }
        }
        Err(Error::Store { action: ACTION, subject: key.to_owned(), cause: "parts still arrive".to_owned() })
    }

    async fn arrived(&self, key: &str, upload_id: &str, size: u64) -> Result<Arrived, Error> {
        let Some(found) = self.list_parts(key, upload_id).await? else { return Ok(Arrived::Closed) };
        let have = found.iter().map(|part| (part.part_number, part.size));
        let want = cut(size).into_iter().map(|(number, _, size)| (Some(number.into()), Some(size.cast_signed())));
        if !have.eq(want) {
            return Ok(Arrived::Incomplete);
        }
        let parts = found
            .into_iter()
            .map(|part| CompletedPart::builder().set_part_number(part.part_number).set_e_tag(part.e_tag).build());
        Ok(Arrived::Parts(parts.collect()))
    }

    /// The parts that the store has, or `None` if it does not know the upload.
    async fn list_parts(&self, key: &str, upload_id: &str) -> Result<Option<Vec<Part>>, Error> {
        let mut found = Vec::new();
        let request = self.client.list_parts().bucket(self.bucket()).key(key).upload_id(upload_id);
        let mut pages = request.into_paginator().send();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => found.extend(page.parts.unwrap_or_default()),
                Err(cause) if error::is(&cause, GONE) => return Ok(None),
                Err(cause) => return Err(Error::store("list the parts of an upload", key, &cause)),
            }
        }
        Ok(Some(found))
    }

    /// Whether the object is there now, as opposed to parts that changed since they were listed.
    async fn complete(
        &self,
        key: &str,
        upload_id: &str,
        parts: Vec<CompletedPart>,
        patience: Duration,
    ) -> Result<bool, Error> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.client.complete_multipart_upload().bucket(self.bucket()).key(key);
        let request = request.upload_id(upload_id).multipart_upload(parts);
        match request.customize().config_override(client::patient(patience)).send().await {
            Ok(_) => Ok(true),
            // Somebody else finished it in the meantime, or an attempt of ours whose answer was lost.
            Err(cause) if error::is(&cause, GONE) => Ok(true),
            Err(cause) if error::is(&cause, &["InvalidPart"]) => Ok(false),
            Err(cause) => Err(Error::store("finish an upload", key, &cause)),
        }
    }
}

/// What the store says of an upload that is finished or abandoned.
const GONE: &[&str] = &["NoSuchUpload"];

/// Returns the size of the parts of an upload of `size` bytes, besides the last one.
pub fn part_size(size: u64) -> u64 {
    PART_SIZE.max(size.div_ceil(MOST_PARTS).next_multiple_of(PART_STEP))
}

/// Number, offset and size of each part. An empty file is one empty part.
fn cut(size: u64) -> Vec<(u16, u64, u64)> {
    let step = part_size(size);
    let offsets = (0..size.max(1)).step_by(usize::try_from(step).unwrap_or(usize::MAX));
    (1..).zip(offsets).map(|(number, offset)| (number, offset, step.min(size - offset))).collect()
}

#[cfg(test)]
mod tests {
    use super::{PART_SIZE, cut, part_size};

    #[test]
    fn parts_cover_the_file_and_are_few() {
        for size in [0, 1, PART_SIZE, PART_SIZE + 1, PART_SIZE * 1_000, PART_SIZE * 1_000 + 1, 5 << 30, 50 << 30] {
            let parts = cut(size);
            assert!(parts.len() <= 1_000, "{size}");
            let end = parts.iter().fold(0, |end, (_, offset, length)| {
                assert_eq!(*offset, end);
                end + length
            });
            assert_eq!(end, size);
        }
        assert_eq!(part_size(5 << 30), PART_SIZE, "an upload that began before keeps its parts");
        assert_eq!(part_size(50 << 30), 52 << 20);
    }
}
