//! Receives a body. It writes the bytes to the disk as they arrive, and refuses them if they do not match the request.

use super::{
    disk::{Disk, Draft},
    error::LocalError,
    store::blocking,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use dossier_core::hex::hex;
use futures::StreamExt;
use s3s::{
    S3Error, S3ErrorCode, S3Request, S3Result,
    checksum::ChecksumHasher,
    crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256},
    dto::{Checksum, StreamingBlob},
    s3_error,
};
use std::{io::Write, mem, sync::Arc, time::Duration};

/// The number of bytes that are written and hashed together.
const BATCH: usize = 1024 * 1024;
/// The time limit for a client that sends nothing.
const SILENCE: Duration = Duration::from_mins(1);

/// A complete and verified body, which has no public name yet.
pub(super) struct Received {
    pub(super) draft: Draft,
    pub(super) size: u64,
    /// The MD5, in hexadecimal.
    pub(super) etag: String,
}

/// Receives `body`, which the caller took out of `request`.
pub(super) async fn receive<T>(
    disk: &Arc<Disk>,
    body: Option<StreamingBlob>,
    request: &S3Request<T>,
    announced: Option<i64>,
) -> S3Result<Received> {
    let announced = announced.and_then(|size| u64::try_from(size).ok());
    let disk = Arc::clone(disk);
    let hashers = hashers(request);
    let start = blocking(move || Ok(Intake { draft: disk.draft()?, size: 0, md5: Md5::new(), hashers }));
    let mut intake = start.await.map_err(LocalError::Disk)?;

    let (mut batch, mut waiting) = (Vec::new(), 0);
    let mut body = body;
    while let Some(chunk) = next(&mut body).await? {
        waiting += chunk.len();
        batch.push(chunk);
        if waiting >= BATCH {
            intake = intake.write(mem::take(&mut batch)).await?;
            waiting = 0;
            if announced.is_some_and(|announced| intake.size > announced) {
                return Err(s3_error!(IncompleteBody, "the body is longer than announced"));
            }
        }
    }
    let Intake { draft, size, md5, hashers } = intake.write(batch).await?;
    if announced.is_some_and(|announced| size != announced) {
        return Err(s3_error!(IncompleteBody, "the body is not as long as announced"));
    }
    let md5 = md5.finalize();
    verify(request, &BASE64_STANDARD.encode(md5), &hashers.finalize())?;
    Ok(Received { draft, size, etag: hex(&md5) })
}

/// Returns the next bytes of a body, or an error. `s3s` ends the body with an error if its SHA-256 is not the signed
/// one.
async fn next(body: &mut Option<StreamingBlob>) -> S3Result<Option<Bytes>> {
    let Some(body) = body else { return Ok(None) };
    match tokio::time::timeout(SILENCE, body.next()).await {
        Ok(Some(Ok(chunk))) => Ok(Some(chunk)),
        Ok(Some(Err(cause))) => {
            let mut error = S3Error::with_source(S3ErrorCode::IncompleteBody, cause);
            error.set_message("the body broke off, or is not the one that was signed");
            Err(error)
        }
        Ok(None) => Ok(None),
        Err(_) => Err(S3ErrorCode::RequestTimeout.into()),
    }
}

struct Intake {
    draft: Draft,
    size: u64,
    md5: Md5,
    hashers: ChecksumHasher,
}

impl Intake {
    async fn write(mut self, batch: Vec<Bytes>) -> S3Result<Self> {
        let written = blocking(move || {
            for chunk in batch {
                self.draft.file.write_all(&chunk)?;
                self.size += chunk.len() as u64;
                self.md5.update(&chunk);
                self.hashers.update(&chunk);
            }
            Ok(self)
        });
        written.await.map_err(|error| LocalError::Disk(error).into())
    }
}

/// Returns hashers for the checksums that the request promises, in its headers or after its body.
fn hashers<T>(request: &S3Request<T>) -> ChecksumHasher {
    let trailer = request.headers.get_all("x-amz-trailer").iter().filter_map(|names| names.to_str().ok());
    let trailer = trailer.flat_map(|names| names.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let trailer: Vec<_> = trailer.collect();
    let promised = |name: &str| request.headers.contains_key(name) || trailer.iter().any(|other| other == name);
    ChecksumHasher {
        crc32: promised("x-amz-checksum-crc32").then(Crc32::new),
        crc32c: promised("x-amz-checksum-crc32c").then(Crc32c::new),
        crc64nvme: promised("x-amz-checksum-crc64nvme").then(Crc64Nvme::new),
        sha1: promised("x-amz-checksum-sha1").then(Sha1::new),
        sha256: promised("x-amz-checksum-sha256").then(Sha256::new),
    }
}

fn verify<T>(request: &S3Request<T>, md5: &str, sums: &Checksum) -> S3Result<()> {
    let trailer = request.trailing_headers.as_ref().and_then(s3s::TrailingHeaders::take).unwrap_or_default();
    let claim = |name: &str| request.headers.get(name).or_else(|| trailer.get(name)).map(AsRef::as_ref);
    let differs = |name: &str, found: Option<&String>| found.is_some_and(|sum| claim(name) != Some(sum.as_bytes()));

    if claim("content-md5").is_some_and(|claim| claim != md5.as_bytes())
        || differs("x-amz-checksum-crc32", sums.checksum_crc32.as_ref())
        || differs("x-amz-checksum-crc32c", sums.checksum_crc32c.as_ref())
        || differs("x-amz-checksum-crc64nvme", sums.checksum_crc64nvme.as_ref())
        || differs("x-amz-checksum-sha1", sums.checksum_sha1.as_ref())
        || differs("x-amz-checksum-sha256", sums.checksum_sha256.as_ref())
    {
        return Err(s3_error!(BadDigest, "the body does not have the digest that came with it"));
    }
    Ok(())
}
