//! The commands of macOS: BSD commands with fewer options than GNU's, and bash 3.2.

use super::blocks;
use crate::support::live::repository;
use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Commands of both systems, with the options that mean the same on both. An example that needs another command or
/// option adds it here, after a look at the manual of macOS.
const COMMANDS: [(&str, &str); 12] = [
    ("cat", ""),
    ("cut", "-d -f"),
    ("date", "-u"),
    ("grep", "-E -F -c -i -n -o -q -v"),
    ("head", "-c -n"),
    ("mktemp", "-d"),
    ("rm", "-f -r"),
    ("sed", "-E -e -n"),
    ("sleep", ""),
    ("sort", "-n -r -u"),
    ("tail", "-c -n"),
    ("wc", "-c -l -w"),
];

/// Constructs that bash 3.2 does not support, or that only Linux has.
const UNKNOWN: [&str; 16] = [
    "mapfile",
    "readarray",
    "declare -A",
    "declare -n",
    "local -A",
    "local -n",
    "coproc",
    "wait -n",
    "|&",
    "&>>",
    ",,}",
    "^^}",
    "@Q}",
    "EPOCH",
    "/proc/",
    "/sys/",
];

/// Creates a folder for `PATH` with the commands of macOS, and with further commands that are the same on all systems.
pub fn tools(further: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in further.iter().chain(&["bash", "sh", "env"]) {
        symlink(find(name), folder.path().join(name)).unwrap();
    }
    for (name, options) in COMMANDS {
        write_executable(&folder.path().join(name), &wrapper(name, options));
    }
    folder
}

/// Returns a script that replaces the command, and refuses all other options.
fn wrapper(name: &str, options: &str) -> String {
    let command = find(name);
    format!(
        r#"#!/bin/sh
for word in "$@"; do
    case $word in
        -?*) case " {options} " in
            *" $word "*) ;;
            *) echo "{name} $word: macOS may not know this option" >&2; exit 64 ;;
        esac ;;
    esac
done
exec {} "$@"
"#,
        command.display()
    )
}

pub fn write_executable(path: &Path, script: &str) {
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Returns the path of a command on this machine.
pub fn find(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap();
    let found = env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("there is no {name}; `tests/run` installs it"))
}

/// Returns the first construct of a script that macOS does not support.
fn unknown_in(script: &str) -> Option<&'static str> {
    UNKNOWN.into_iter().find(|construct| script.contains(construct))
}

/// Returns whether a script runs with the commands of macOS.
fn is_portable(script: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "text\n").unwrap();
    let tools = tools(&[]);
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(folder.path()).env("PATH", tools.path());
    unknown_in(script).is_none() && bash.output().unwrap().status.success()
}

#[test]
fn the_documents_use_only_constructs_of_macos() {
    for document in ["README.md", "client-examples/curl.md"] {
        let script = blocks(&fs::read_to_string(repository(document)).unwrap());
        assert_eq!(unknown_in(&script), None, "{document}");
    }
}

/// Tests the check itself: it refuses constructs that only GNU commands support.
#[test]
fn the_check_refuses_constructs_of_linux() {
    let refused = [
        "date -d now",
        "date --iso-8601",
        "date -Iseconds",
        "sha256sum file",
        "stat -c %s file",
        "base64 -w0 file",
        "sed -i s/text/word/ file",
        "head --bytes 2 file",
        "head -n-1 file",
        "tail --lines=1 file",
        "wc --bytes file",
        "cut --delimiter t --fields 1 file",
        "grep -P text file",
        "sort --unique file",
        "mktemp --directory",
        "dd if=file iflag=skip_bytes skip=1 status=none",
        "readlink -f file",
        "timeout 1 true",
        "cat /proc/uptime",
        "readarray -t lines <file",
        "declare -A table",
        "text=A; echo ${text,,}",
    ];
    for script in refused {
        assert!(!is_portable(script), "{script}");
    }
    for script in ["date +%Y", "head -c 2 file", "tail -c +2 file | wc -c", "cut -d t -f 1 <file", "sed -n 1p file"] {
        assert!(is_portable(script), "{script}");
    }
}
