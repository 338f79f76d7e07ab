//! Stores and deletes whole objects.

use super::{
    disk::Disk,
    error::{LocalError, refuse_conditions},
    receive::{Received, receive},
    record::Record,
    store::{Store, blocking},
};
use bytes::Bytes;
use futures::{Stream, stream::try_unfold};
use s3s::{
    S3Request, S3Result,
    dto::{DeleteObjectInput, DeleteObjectOutput, ETag, PutObjectInput, PutObjectOutput},
};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

/// The number of bytes of one read.
const CHUNK: u64 = 256 * 1024;

impl Store {
    pub(super) async fn put(&self, mut req: S3Request<PutObjectInput>) -> S3Result<PutObjectOutput> {
        refuse_conditions(req.input.if_match.is_some() || req.input.if_none_match.is_some())?;
        let bucket = req.input.bucket.clone();
        self.on_disk(move |disk| disk.require_bucket(&bucket)).await?;

        let body = req.input.body.take();
        let Received { draft, size, etag } = receive(&self.0, body, &req, req.input.content_length).await?;
        let PutObjectInput { bucket, key, content_type, metadata, .. } = req.input;
        let metadata = metadata.unwrap_or_default();
        let record = Record { bucket, key, content_type, metadata, size, etag };
        self.on_disk(move |disk| {
            disk.publish(draft, &record)?;
            Ok(PutObjectOutput { e_tag: Some(ETag::Strong(record.etag)), ..PutObjectOutput::default() })
        })
        .await
    }
}

pub(super) fn delete(disk: &Disk, input: &DeleteObjectInput) -> Result<DeleteObjectOutput, LocalError> {
    refuse_conditions(input.if_match.is_some())?;
    disk.require_bucket(&input.bucket)?;
    disk.discard(&disk.object(&input.bucket, &input.key))?;
    Ok(DeleteObjectOutput::default())
}

/// Streams a range of a file.
pub(super) fn stream(file: File, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    try_unfold((file, range), |(mut file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let read = blocking(move || {
            let length = CHUNK.min(range.end - range.start);
            let mut chunk = vec![0; usize::try_from(length).map_err(io::Error::other)?];
            file.seek(SeekFrom::Start(range.start))?;
            file.read_exact(&mut chunk)?;
            Ok((Bytes::from(chunk), (file, range.start + length..range.end)))
        });
        read.await.map(Some)
    })
}
