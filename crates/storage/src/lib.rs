//! The object store: one code path on S3, whoever serves it.
//!
//! In production an S3 endpoint does. By default it is `local`: the same protocol, answered from a folder by this
//! very process, so that nothing else has to run. Our own calls reach it without a socket; clients reach it through
//! [`Objects::routes`].
//!
//! The bytes of an upload never pass through the API. The client gets signed URLs, puts the parts into them, and says
//! that it is done; then [`Objects::finish_upload`] joins the parts and reads the object once.
//!
//! Every upload is a multipart upload, also one of a single part. A URL signed for a plain PUT would stay good after
//! the object was checked, and its holder could put other bytes into it; the URLs of a multipart upload die with it.

mod bucket;
mod check;
mod client;
mod digest;
mod download;
mod error;
mod hex;
mod local;
mod objects;
mod settings;
mod upload;

pub use self::{
    bucket::{DAYS_KEPT, EXPOSED},
    digest::{Checkpoint, Digest, HEAD_SIZE},
    download::SignedUrl,
    error::Error,
    hex::{hex, sha256},
    objects::Objects,
    settings::{Encryption, Endpoint, Remote, Settings},
    upload::{Finished, PART_SIZE, SignedPart},
};
