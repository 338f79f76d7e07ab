//! The record of a file, which is stored at the end of the file itself. Content and record therefore get their name in
//! one step, which two files could not.

use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    time::SystemTime,
};

/// The last bytes of every file of the store, after the record and its length.
const MARK: &[u8; 8] = b"dossier1";
/// The size of the record's length and the mark.
const FOOT: usize = 4 + MARK.len();
/// The maximum size of a record. A longer one is invalid.
const LONGEST: u32 = 64 * 1024;

/// The properties of an object, a part, or an upload.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) content_type: Option<String>,
    /// The client's metadata (`x-amz-meta-*`).
    #[serde(default)]
    pub(super) metadata: HashMap<String, String>,
    /// The size of the content, in bytes.
    pub(super) size: u64,
    /// The MD5 of the content, in hexadecimal. For several parts, it is the MD5 of their etags, and their number.
    pub(super) etag: String,
}

impl Record {
    pub(super) fn append_to(&self, file: &mut File) -> io::Result<()> {
        let mut tail = serde_json::to_vec(self)?;
        let length = u32::try_from(tail.len()).ok().filter(|length| *length < LONGEST);
        let length = length.ok_or_else(|| io::Error::other("the record is too long"))?;
        tail.extend(length.to_be_bytes());
        tail.extend(MARK);
        file.write_all(&tail)
    }
}

/// A file with its record, open for reading. It stays readable when its name is given to another file.
pub(super) struct Sealed {
    pub(super) file: File,
    pub(super) record: Record,
    pub(super) modified: SystemTime,
}

impl Sealed {
    pub(super) fn read(mut file: File) -> io::Result<Self> {
        let about = file.metadata()?;
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "not a whole file of the object store");

        let mut foot = [0; FOOT];
        let foot_at = about.len().checked_sub(FOOT as u64).ok_or_else(broken)?;
        file.seek(SeekFrom::Start(foot_at))?;
        file.read_exact(&mut foot)?;
        let [a, b, c, d, sequence @ ..] = foot;
        let length = u32::from_be_bytes([a, b, c, d]);
        if sequence != *MARK || length >= LONGEST {
            return Err(broken());
        }

        let size = foot_at.checked_sub(length.into()).ok_or_else(broken)?;
        file.seek(SeekFrom::Start(size))?;
        let mut text = vec![0; length as usize];
        file.read_exact(&mut text)?;
        let record: Record = serde_json::from_slice(&text)?;
        if record.size != size {
            return Err(broken());
        }
        file.rewind()?;
        Ok(Self { file, record, modified: about.modified()? })
    }
}
