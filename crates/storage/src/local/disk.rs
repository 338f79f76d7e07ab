//! Where things lie, and how they get there.

use super::{
    super::hex::hex,
    record::{Record, Sealed},
    trouble::Trouble,
};
use aws_lc_rs::{digest, rand};
use s3s::S3ErrorCode;
use std::{
    fs::{self, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// What nobody came back for in this time is swept.
const ABANDONED: Duration = Duration::from_hours(24);

/// The folder of the store.
pub(super) struct Disk {
    root: PathBuf,
}

impl Disk {
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        // What clients entrust to it is nobody else's on this machine.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        let disk = Self { root };
        for folder in [disk.drafts(), disk.uploads()] {
            fs::create_dir_all(&folder)?;
            sweep(&folder)?;
        }
        Ok(disk)
    }

    pub(super) fn make_bucket(&self, bucket: &str) -> io::Result<()> {
        fs::create_dir_all(self.bucket(bucket))?;
        sync(&self.root)
    }

    pub(super) fn need_bucket(&self, bucket: &str) -> Result<(), Trouble> {
        if self.bucket(bucket).is_dir() { Ok(()) } else { Err(S3ErrorCode::NoSuchBucket.into()) }
    }

    /// `s3s` lets no other names through than S3 allows, so none has a slash or starts with a dot.
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

    /// Makes a draft the object of its record's key.
    pub(super) fn publish(&self, draft: Draft, record: &Record) -> Result<(), Trouble> {
        // The bucket itself is not made here: it may have been taken away since.
        self.need_bucket(&record.bucket)?;
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

    /// Takes a file or folder out of sight in one step and deletes it. `false` when it was not there.
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

/// A file that is being written, and that nobody finds. Dropped, it is gone.
pub(super) struct Draft {
    pub(super) file: File,
    path: PathBuf,
    kept: bool,
}

impl Draft {
    /// Gives it its record and its name, for good.
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
            // What cannot be removed now, a later start sweeps.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Looks a sealed file up. `None` when there is none of that name.
pub(super) fn find(path: &Path) -> io::Result<Option<Sealed>> {
    match File::open(path) {
        Ok(file) => Sealed::read(file).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The entries of a folder; of what is not there, or is no folder, none.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A name that nobody can guess and nobody else takes.
pub(super) fn new_id() -> io::Result<String> {
    let mut id = [0; 16];
    rand::fill(&mut id).map_err(io::Error::other)?;
    Ok(hex(&id))
}

fn sweep(folder: &Path) -> io::Result<()> {
    for path in entries(folder)? {
        // A time that lies ahead counts as now.
        let age = path.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > ABANDONED {
            remove(&path)?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// A new name is on the disk once its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
