//! Only the server's own user can read its files.

use crate::support::{
    live::output,
    process::{Process, command, free_port, run},
};
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Returns the files and folders below a folder that others can access. The log belongs to the test.
fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    let mut open = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.file_name() != "log") {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            open.extend(open_to_others(&entry.path()));
        }
        if metadata.permissions().mode() & 0o077 != 0 {
            open.push(entry.path());
        }
    }
    open
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn files_in_a_public_folder_are_private() {
    let data = tempfile::tempdir().unwrap();
    set_mode(data.path(), 0o755);
    let server = Process::serve(data.path(), free_port()).await;
    for name in ["dossier.db", "dossier.db-wal", "dossier.db-shm", "objects", "secrets/jwt-secret"] {
        assert!(data.path().join(name).exists(), "{name}");
    }
    assert_eq!(open_to_others(data.path()), [""; 0].map(PathBuf::from));
    server.kill();

    let url = format!("sqlite://{}/own.db?mode=rwc", data.path().display());
    output(command(data.path()).env("DATABASE_URL", url).arg("migrate"));
    assert_eq!(open_to_others(data.path()), [""; 0].map(PathBuf::from));
}

#[test]
fn public_files_are_found_and_made_private() {
    let data = tempfile::tempdir().unwrap();
    set_mode(data.path(), 0o755);
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    fs::create_dir(data.path().join("objects")).unwrap();
    fs::create_dir(data.path().join("secrets")).unwrap();
    fs::write(data.path().join("secrets/jwt-secret"), "0123456789012345678901234567890123456789").unwrap();
    let open = [("dossier.db", 0o644), ("objects", 0o755), ("secrets", 0o750), ("secrets/jwt-secret", 0o604)];
    for (name, mode) in open {
        set_mode(&data.path().join(name), mode);
    }
    let doctor = command(data.path()).arg("doctor").output().unwrap();
    let printed = String::from_utf8(doctor.stdout).unwrap();
    assert_eq!(doctor.status.code(), Some(1), "{printed}");
    for (name, mode) in open {
        let path = data.path().join(name);
        let finding =
            format!("FAULT    files      other users of this machine can access {} (mode {mode:04o})", path.display());
        assert!(printed.contains(&finding), "{printed}");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, mode, "doctor changes nothing");
    }
    run(data.path(), &["organization", "list"]);
    assert_eq!(open_to_others(data.path()), [""; 0].map(PathBuf::from));
    run(data.path(), &["doctor"]);
}
