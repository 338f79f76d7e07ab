//! The systemd unit.

use super::{stopping, text, variables};
use crate::support::process::BINARY;
use std::{fs, process::Command};

const UNIT: &str = "deploy/dossier.service";

fn setting<'a>(unit: &'a str, name: &str) -> Option<&'a str> {
    unit.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

#[test]
fn the_unit_is_hardened_and_lets_the_server_drain() {
    let unit = text(UNIT);
    for (name, value) in [
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("StateDirectory", "dossier"),
        // The exit code of `Config` for an invalid value.
        ("RestartPreventExitStatus", "2"),
    ] {
        assert_eq!(setting(&unit, name), Some(value), "{name}");
    }
    let patience: u64 = setting(&unit, "TimeoutStopSec").unwrap().parse().unwrap();
    assert!(patience > stopping(), "it is killed after {patience} s");
    let known = variables();
    for line in unit.lines().filter_map(|line| line.strip_prefix("Environment=")) {
        let (name, _) = line.split_once('=').unwrap();
        assert!(known.contains(name), "nobody reads {name}");
    }
    assert!(!unit.contains("SECRET") && !unit.contains("DATABASE_URL"), "secrets are in the EnvironmentFile");
}

/// Skipped on machines without systemd.
#[test]
fn systemd_understands_the_unit() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dossier.service");
    fs::write(&path, text(UNIT).replace("/usr/local/bin/dossier", BINARY)).unwrap();
    let verified = Command::new("systemd-analyze").arg("verify").arg(&path).output().unwrap();
    let printed = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !printed.contains("dossier.service"), "{printed}");
}
