//! `dossier doctor` reports everything that `dossier serve` would refuse, and changes nothing.

use super::create::two_roles;
use crate::support::{
    postgres::{Named, name},
    process::{Process, command, free_port, run},
};
use sea_orm::{ConnectionTrait, Database};
use std::{collections::BTreeMap, fs, path::Path, process::Command, time::SystemTime};

/// Returns whether it found no fault, and its output.
fn run_doctor(command: &mut Command) -> (bool, String) {
    let output = command.env("LISTEN", "127.0.0.1:0").arg("doctor").output().unwrap();
    let printed = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    let faults = printed.lines().filter(|line| line.starts_with("FAULT ")).count();
    assert_eq!(output.status.code(), Some(i32::from(faults > 0)), "{printed}");
    (faults == 0, printed)
}

/// Returns all files below a folder with their times of change. Readers of SQLite write to `-shm`.
fn files(folder: &Path) -> BTreeMap<std::path::PathBuf, SystemTime> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files.extend(self::files(&entry.path()));
        }
        let notes = entry.path().to_string_lossy().ends_with("-shm");
        let changed = if notes { SystemTime::UNIX_EPOCH } else { entry.metadata().unwrap().modified().unwrap() };
        files.insert(entry.path(), changed);
    }
    files
}

#[test]
fn without_configuration_it_reports_that_and_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (well, printed) = run_doctor(command(folder.path()).env_remove("DATA_DIR"));
    assert!(!well && printed.contains("the embedded database ./data/dossier.db does not exist"), "{printed}");
    assert!(printed.contains("DATABASE_URL is not set"), "{printed}");
    assert_eq!(files(folder.path()).len(), 0, "{printed}");
    let url = format!("sqlite://{}/x.db?mode=rwc", folder.path().display());
    let mut named = command(folder.path());
    named.env("DATABASE_URL", &url).env("JWT_SECRET", "a secret of thirty-two characters");
    let (well, printed) = run_doctor(&mut named);
    assert!(!well && printed.contains("/x.db in DATABASE_URL does not exist"), "{printed}");
    assert_eq!(files(folder.path()).len(), 0, "{printed}");
}

#[tokio::test]
async fn it_does_not_change_an_embedded_database() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let before = files(data.path());
    let (well, printed) = run_doctor(&mut command(data.path()));
    assert!(well && printed.contains("embedded SQLite"), "{printed}");
    assert_eq!(files(data.path()), before);
    // In use, and after a crash of the server.
    let server = Process::serve(data.path(), free_port()).await;
    let (well, printed) = run_doctor(&mut command(data.path()));
    assert!(well, "{printed}");
    server.kill();
    let before: Vec<_> = files(data.path()).into_keys().collect();
    let (well, printed) = run_doctor(&mut command(data.path()));
    assert!(well, "{printed}");
    assert_eq!(files(data.path()).into_keys().collect::<Vec<_>>(), before);
}

#[tokio::test]
async fn all_commands_refuse_a_newer_schema_with_the_same_message() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let db = Database::connect(format!("sqlite://{}/dossier.db", data.path().display())).await.unwrap();
    db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_tomorrow', 0)").await.unwrap();
    db.close().await.unwrap();
    let fault =
        "its schema has `m9999_tomorrow`, which this version does not know; run the version that it was migrated by";
    let (well, printed) = run_doctor(&mut command(data.path()));
    assert!(!well && printed.contains(fault), "{printed}");
    for arguments in [&["serve"][..], &["migrate"], &["organization", "list"]] {
        let refused = command(data.path()).env("LISTEN", "127.0.0.1:0").args(arguments).output().unwrap();
        let printed = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(1) && printed.contains(fault), "{arguments:?}: {printed}");
    }
}

#[tokio::test]
async fn unavailable_listen_addresses_are_faults() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "list"]);
    // An address of a network for documentation (RFC 5737), which no machine has.
    for name in ["LISTEN", "METRICS_LISTEN"] {
        let serve = command(data.path()).env("LISTEN", "127.0.0.1:0").env(name, "192.0.2.1:4000").output().unwrap();
        let refusal = String::from_utf8(serve.stderr).unwrap();
        assert!(refusal.contains(&format!("{name}=192.0.2.1:4000: ")), "{refusal}");
        let doctor =
            command(data.path()).env("LISTEN", "127.0.0.1:0").env(name, "192.0.2.1:4000").arg("doctor").output();
        let printed = String::from_utf8(doctor.unwrap().stdout).unwrap();
        assert!(printed.contains(&format!("FAULT    address    {name}=192.0.2.1:4000: ")), "{printed}");
    }
}

/// Behind an untrusted proxy, all callers share the limits of one address.
#[test]
fn https_needs_a_trusted_proxy() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "list"]);
    let examine = |variables: &[(&str, &str)]| run_doctor(command(data.path()).envs(variables.iter().copied()));
    let https = ("PUBLIC_URL", "https://api.example.com");
    let (well, printed) = examine(&[https]);
    assert!(!well && printed.contains("FAULT    proxies    PUBLIC_URL is https, but TRUSTED_PROXIES"), "{printed}");
    let (well, printed) = examine(&[https, ("TRUSTED_PROXIES", "127.0.0.1")]);
    assert!(well, "{printed}");
    let (well, printed) = examine(&[https, ("TRUSTED_PROXIES", "0.0.0.0/0")]);
    assert!(!well && printed.contains("every caller can forge"), "{printed}");
    let (well, printed) = examine(&[("PUBLIC_URL", "http://api.example.com")]);
    assert!(well, "{printed}");
}

/// The server's role cannot write for all organizations. The command says so before it tries.
#[test]
fn seeding_needs_the_owner() {
    let named = Named(name());
    let (server, owner) = two_roles(&named.0);
    let data = tempfile::tempdir().unwrap();
    let seed = |variables: &[(&str, &str)]| {
        let mut command = command(data.path());
        command.env("DATABASE_URL", &server).envs(variables.iter().copied());
        let output = command.args(["seed", "--organizations", "1", "--clients", "1"]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, printed) = seed(&[]);
    assert!(code == Some(1) && printed.contains("set MIGRATE_DATABASE_URL to the owner of the tables"), "{printed}");
    let (code, printed) = seed(&[("MIGRATE_DATABASE_URL", &owner)]);
    assert!(code == Some(0), "{printed}");
}
