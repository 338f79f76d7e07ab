//! The object store. All code uses S3, with any server.
//!
//! In production, the server is an S3 endpoint. By default, it is `local`: the same protocol on a folder, within this
//! process, so that no other program is needed. The API calls it without a socket. Clients reach it through
//! [`Objects::routes`].
//!
//! The bytes of an upload never pass through the API. The client gets signed URLs, sends the parts to them, and reports
//! the end. Then [`Objects::finish_upload`] joins the parts and reads the object once.
//!
//! Every upload is a multipart upload, even with a single part. The URL of a plain PUT would stay valid after the
//! object was verified, and its holder could replace the bytes. The URLs of a multipart upload end with the upload.

mod bucket;
mod check;
mod client;
mod digest;
mod download;
mod error;
mod list;
mod local;
mod objects;
mod scan;
mod settings;
mod upload;

pub use self::{
    bucket::{EXPOSED, METHODS},
    digest::{Checkpoint, Digest, HEAD_SIZE},
    download::SignedUrl,
    error::Error,
    objects::Objects,
    scan::{ScanError, Scanner, ScannerAddress, Verdict},
    settings::{DAYS_KEPT, Encryption, Endpoint, Remote, Settings},
    upload::{Finished, PART_SIZE, Received, SignedPart, part_size},
};
