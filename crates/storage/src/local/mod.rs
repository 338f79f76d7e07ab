//! The embedded store: S3 on a folder.
//!
//! `s3s` implements the protocol and checks signatures. This module stores the bytes. It follows one rule: a file gets
//! its public name only after it is complete, verified and durable. It then replaces the old file of that name in one
//! step. Readers, and a restart after a crash, find either the old file or the new one.
//!
//! - `{bucket}/ab/cd/{SHA-256 of the key}`: an object. Keys never become paths, so all keys are allowed.
//! - `.uploads/{id}/`: a multipart upload, its `record` and its parts by number.
//! - `.drafts/`: files that are being written. After a crash, a later start deletes them.
//!
//! Copying is left out on purpose. A caller could add its header to the signed URL of an upload, and read any object.

mod conditions;
mod disk;
mod error;
mod list;
mod multipart;
mod object;
mod read;
mod receive;
mod record;
mod store;

use super::{error::Error, settings::Settings};
use disk::Disk;
use s3s::{
    S3, S3Request, S3Response, S3Result,
    auth::SimpleAuth,
    config::{S3Config, StaticConfigProvider},
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CreateBucketInput, CreateBucketOutput, CreateMultipartUploadInput,
        CreateMultipartUploadOutput, DeleteObjectInput, DeleteObjectOutput, HeadBucketInput, HeadBucketOutput,
        ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output, ListPartsInput,
        ListPartsOutput, PutObjectInput, PutObjectOutput, UploadPartInput, UploadPartOutput,
    },
    service::{S3Service, S3ServiceBuilder},
};
use secrecy::ExposeSecret;
use std::{path::PathBuf, sync::Arc};
use store::{Store, blocking};

/// Opens the store in `root`, with the bucket and the one key of `settings`.
pub(super) async fn serve(root: PathBuf, settings: &Settings) -> Result<S3Service, Error> {
    let place = root.display().to_string();
    let bucket = settings.bucket.clone();
    if !s3s::path::check_bucket_name(&bucket) {
        return Err(Error::Settings(format!("`{bucket}` is not the name of a bucket")));
    }
    let disk = blocking(move || {
        let disk = Disk::open(root)?;
        disk.make_bucket(&bucket)?;
        Ok(disk)
    });
    let disk = disk.await.map_err(|cause| Error::other("open the embedded object store", &place, &cause))?;

    let store = Store(Arc::new(disk));
    let mut service = S3ServiceBuilder::new(store.clone());
    service.set_route(store);
    let secret = settings.secret_access_key.expose_secret();
    service.set_auth(SimpleAuth::from_single(&settings.access_key_id, secret));
    service.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits()))));
    Ok(service.build())
}

/// Limits the bytes that are read into memory, because some are read before a signature is checked. The largest body
/// that is needed is the list of ten thousand parts.
fn limits() -> S3Config {
    let mut limits = S3Config::default();
    limits.xml_max_body_size = 4 * 1024 * 1024;
    limits.post_object_max_file_size = 0;
    limits.form_max_field_size = 4 * 1024;
    limits.form_max_fields_size = 16 * 1024;
    limits.form_max_parts = 32;
    limits
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn create_bucket(&self, req: S3Request<CreateBucketInput>) -> S3Result<S3Response<CreateBucketOutput>> {
        self.on_disk(move |disk| Ok(disk.make_bucket(&req.input.bucket)?)).await?;
        Ok(S3Response::new(CreateBucketOutput::default()))
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.on_disk(move |disk| disk.require_bucket(&req.input.bucket)).await?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.on_disk(move |disk| list::objects(disk, req.input)).await.map(S3Response::new)
    }

    async fn put_object(&self, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        self.put(req).await.map(S3Response::new)
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.on_disk(move |disk| object::delete(disk, &req.input)).await.map(S3Response::new)
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.on_disk(move |disk| multipart::create(disk, req.input)).await.map(S3Response::new)
    }

    async fn upload_part(&self, req: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        self.put_part(req).await.map(S3Response::new)
    }

    async fn list_parts(&self, req: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        self.on_disk(move |disk| multipart::list_parts(disk, req.input)).await.map(S3Response::new)
    }

    async fn list_multipart_uploads(
        &self,
        req: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        self.on_disk(move |disk| list::uploads(disk, req.input)).await.map(S3Response::new)
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        self.on_disk(move |disk| multipart::complete(disk, req.input)).await.map(S3Response::new)
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        self.on_disk(move |disk| multipart::abort(disk, &req.input)).await.map(S3Response::new)
    }
}
