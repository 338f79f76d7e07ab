//! The files of the store: their paths, and how they are written.

use super::{
    super::settings::DAYS_KEPT,
    error::LocalError,
    record::{Record, Sealed},
};
use aws_lc_rs::{digest, rand};
use dossier_core::hex::hex;
use s3s::S3ErrorCode;
use std::{
    fs::{self, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// The age at which files are deleted that nobody can be writing any more.
const ABANDONED: Duration = Duration::from_hours(24);

/// The time without a new part after which an upload is deleted. The server ends it earlier, unless it lost track of it.
const IDLE: Duration = Duration::from_hours(24 * DAYS_KEPT.unsigned_abs() as u64);

/// The folder of the store.
pub(super) struct Disk {
    root: PathBuf,
}

impl Disk {
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        // Only the server's user may read the clients' files.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        let disk = Self { root };
        for (folder, age) in [(disk.drafts(), ABANDONED), (disk.uploads(), IDLE)] {
            fs::create_dir_all(&folder)?;
            sweep(&folder, age)?;
        }
        Ok(disk)
    }

    pub(super) fn make_bucket(&self, bucket: &str) -> io::Result<()> {
        fs::create_dir_all(self.bucket(bucket))?;
        sync(&self.root)
    }

    pub(super) fn require_bucket(&self, bucket: &str) -> Result<(), LocalError> {
        if self.bucket(bucket).is_dir() { Ok(()) } else { Err(S3ErrorCode::NoSuchBucket.into()) }
    }

    /// Returns the path of a bucket. `s3s` accepts only the names of S3, so that none contains a slash or starts with a
    /// dot.
    pub(super) fn bucket(&self, bucket: &str) -> PathBuf {
        self.root.join(bucket)
    }

    pub(super) fn object(&self, bucket: &str, key: &str) -> PathBuf {
        let name = hex(digest::digest(&digest::SHA256, key.as_bytes()).as_ref());
        self.bucket(bucket).join(&name[..2]).join(&name[2..4]).join(&name)
    }

    pub(super) fn uploads(&self) -> PathBuf {
        self.root.join(".uploads")
    }

    pub(super) fn make_upload(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)?;
        sync(&self.uploads())
    }

    fn drafts(&self) -> PathBuf {
        self.root.join(".drafts")
    }

    pub(super) fn draft(&self) -> io::Result<Draft> {
        let path = self.drafts().join(new_id()?);
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok(Draft { file, path, kept: false })
    }

    /// Publishes a draft as the object of its record's key.
    pub(super) fn publish(&self, draft: Draft, record: &Record) -> Result<(), LocalError> {
        // This does not create the bucket, because somebody may have deleted it meanwhile.
        self.require_bucket(&record.bucket)?;
        let path = self.object(&record.bucket, &record.key);
        let shelves: Vec<_> = path.ancestors().skip(1).take(2).collect();
        for shelf in shelves.into_iter().rev().filter(|shelf| !shelf.is_dir()) {
            fs::create_dir(shelf).or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(error),
            })?;
            sync(parent(shelf))?;
        }
        Ok(draft.seal(record, &path)?)
    }

    /// Hides a file or folder in one step, and then deletes it. Returns `false` if it did not exist.
    pub(super) fn discard(&self, path: &Path) -> io::Result<bool> {
        let grave = self.drafts().join(new_id()?);
        match fs::rename(path, &grave) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            moved => moved?,
        }
        sync(parent(path))?;
        remove(&grave)?;
        Ok(true)
    }
}

/// A file that is being written, and that no reader can find. Dropping it deletes it.
pub(super) struct Draft {
    pub(super) file: File,
    path: PathBuf,
    kept: bool,
}

impl Draft {
    /// Appends its record, and gives the file its final name.
    pub(super) fn seal(mut self, record: &Record, path: &Path) -> io::Result<()> {
        record.append_to(&mut self.file)?;
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        self.kept = true;
        sync(parent(path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // If this fails, a later start deletes it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Opens a sealed file. Returns `None` if it does not exist.
pub(super) fn find(path: &Path) -> io::Result<Option<Sealed>> {
    match File::open(path) {
        Ok(file) => Sealed::read(file).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the entries of a folder. Returns none if it does not exist, or is not a folder.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Returns a random and unique name.
pub(super) fn new_id() -> io::Result<String> {
    let mut id = [0; 16];
    rand::fill(&mut id).map_err(io::Error::other)?;
    Ok(hex(&id))
}

fn sweep(folder: &Path, max_age: Duration) -> io::Result<()> {
    for path in entries(folder)? {
        // A time in the future counts as now.
        let age = path.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > max_age {
            remove(&path)?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Syncs a folder, without which a new name is not durable.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
