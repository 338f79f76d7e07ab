//! Files of `DATA_DIR` and of an `SQLite` database: for the user that the server runs as, and for no other.

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

/// The permissions of the group and of all others.
const OTHERS: u32 = 0o077;

/// From here on, whatever this process creates is for its own user, also what libraries create.
pub fn create_privately() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Makes a folder under `DATA_DIR`, or `DATA_DIR` itself, unless it is there. Its files can be written afterwards.
pub(super) fn make_folder(data_dir: &Path, folder: &Path) -> Result<(), Misconfigured> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let usable = made.and_then(|()| Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?));
    usable.map_err(|error| {
        let (data, folder) = (data_dir.display(), folder.display());
        Misconfigured(format!(
            "DATA_DIR={data}: the folder {folder} cannot be made or written: {error}; name a folder that this user may write"
        ))
    })
}

/// Takes the permissions of others from what an earlier version, or a copy, left with them.
pub fn restrict(paths: Vec<PathBuf>) {
    for (path, mode) in exposed(paths) {
        match fs::set_permissions(&path, Permissions::from_mode(mode & !OTHERS)) {
            Ok(()) => tracing::warn!(?path, "others could access this file; they no longer can"),
            Err(error) => tracing::warn!(?path, %error, "others can access this file; restrict it with chmod go="),
        }
    }
}

/// Returns those of these private files and folders that others can access, with their modes.
pub fn exposed(paths: Vec<PathBuf>) -> Vec<(PathBuf, u32)> {
    let mode = |path: PathBuf| {
        let mode = fs::metadata(&path).ok()?.permissions().mode() & 0o777;
        (mode & OTHERS != 0).then_some((path, mode))
    };
    paths.into_iter().filter_map(mode).collect()
}

/// Writes beside and renames, so that the file is whole or not there; of two processes the first wins.
pub(super) fn write_once(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension(format!("{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
