//! Protects the files of `DATA_DIR` and of an `SQLite` database: only the server's user may access them.

use super::Misconfigured;
use rustix::{
    fs::{Access, Mode, access},
    process::umask,
};
use std::{
    fs::{self, DirBuilder, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The permissions of the group and of others.
const OTHERS: u32 = 0o077;

/// From here on, only its user can access the files that this process creates. This includes files that libraries
/// create.
pub fn create_privately() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Creates a folder in `DATA_DIR`, or `DATA_DIR` itself, and checks that it is writable.
pub(super) fn make_folder(data_dir: &Path, folder: &Path) -> Result<(), Misconfigured> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let usable = made.and_then(|()| Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?));
    usable.map_err(|error| {
        let (data, folder) = (data_dir.display(), folder.display());
        Misconfigured(format!(
            "DATA_DIR={data}: cannot create or write the folder {folder}: {error}; use a folder that this user can \
             write"
        ))
    })
}

/// Removes permissions of others that an earlier version or a copy left.
pub fn restrict(paths: Vec<PathBuf>) {
    for (path, mode) in exposed(paths) {
        match fs::set_permissions(&path, Permissions::from_mode(mode & !OTHERS)) {
            Ok(()) => tracing::warn!(?path, "removed the permission of other users to access this file"),
            Err(error) => tracing::warn!(?path, %error, "other users can access this file; restrict it with chmod go="),
        }
    }
}

/// Returns the private files and folders that other users can access, with their modes.
pub fn exposed(paths: Vec<PathBuf>) -> Vec<(PathBuf, u32)> {
    let mode = |path: PathBuf| {
        let mode = fs::metadata(&path).ok()?.permissions().mode() & 0o777;
        (mode & OTHERS != 0).then_some((path, mode))
    };
    paths.into_iter().filter_map(mode).collect()
}

/// Writes a temporary file and renames it, so that the file is complete or absent. Of two processes, the first wins.
pub(super) fn write_once(path: &Path, text: &str) -> io::Result<()> {
    let beside = write_beside(path, text)?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Replaces a file by another one, which is complete.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    fs::rename(write_beside(path, text)?, path)
}

/// Writes a temporary file beside another one.
fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let beside = path.with_extension(format!("{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(beside)
}
