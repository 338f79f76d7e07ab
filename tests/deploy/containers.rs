//! `compose.yml`, the `Containerfile`, and the `.env` that the guide creates.

use super::{stopping, text, variables};
use crate::support::{Value, live::output};
use std::{collections::BTreeSet, process::Command};

/// Variables of images by others.
const OTHERS: &[&str] = &[
    "FILES_URL",
    "GARAGE_DEFAULT_ACCESS_KEY",
    "GARAGE_DEFAULT_BUCKET",
    "GARAGE_DEFAULT_SECRET_KEY",
    "GARAGE_RPC_SECRET",
    "POSTGRES_PASSWORD",
    "PUBLIC_URL",
    "RUST_LOG",
];

fn services() -> Vec<(String, Value)> {
    let compose: Value = serde_saphyr::from_str(&text("compose.yml")).unwrap();
    let services = compose["services"].as_object().unwrap().clone();
    assert!(services.len() >= 7, "{services:?}");
    services.into_iter().collect()
}

/// Returns whether the image has a tag with its release.
fn is_pinned(image: &str) -> bool {
    let tag = image.rsplit('/').next().and_then(|name| name.split_once(':')).map_or("", |(_, tag)| tag);
    tag.split('.').count() >= 2 && tag.contains(|c: char| c.is_ascii_digit())
}

/// Returns the names in `${NAME…}`.
fn interpolated(text: &str) -> Vec<&str> {
    text.split("${").skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

#[test]
fn every_container_is_restricted() {
    for (name, service) in services() {
        assert!(is_pinned(service["image"].as_str().unwrap()), "{name}: {}", service["image"]);
        let user = service["user"].as_str().unwrap_or_else(|| panic!("{name} has no user, and may be root"));
        assert!(!["root", "0"].contains(&user.split(':').next().unwrap()), "{name}: {user}");
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"][0], "ALL", "{name}");
        assert_eq!(service["security_opt"][0], "no-new-privileges:true", "{name}");
        assert!(service["privileged"].is_null(), "{name}");
        assert_eq!(service["ports"].is_array(), name == "caddy", "only the proxy is reachable: {name}");
    }
}

#[test]
fn variables_exist_and_contain_no_secret() {
    let known = variables();
    for (name, service) in services() {
        let ours = service["image"].as_str().unwrap().starts_with("dossier:");
        for (variable, value) in service["environment"].as_object().into_iter().flatten() {
            let there = if ours { known.contains(variable) } else { OTHERS.contains(&variable.as_str()) };
            assert!(there, "{name}: nobody reads {variable}");
            // Without a value, Compose passes the one of `.env` on.
            let Some(value) = value.as_str() else { continue };
            let secret = ["SECRET", "PASSWORD", "KEY"].iter().any(|word| variable.contains(word));
            assert!(!secret || value.starts_with("${"), "{name}: {variable} is in the file");
            assert!(!value.contains('@') || value.contains(":${"), "{name}: {variable} has a password in the file");
        }
    }
    for value in interpolated(&text("compose.yml")) {
        assert!(value.ends_with(":?"), "${{{value}}} may be empty, or has a default");
    }
}

/// Runs the command of the guide, without the parts that need root or containers.
#[test]
fn the_guide_creates_every_secret() {
    let guide = text("docs/operate.md");
    let (_, section) = guide.split_once("## Installing with containers").unwrap();
    let (_, block) = section.split_once("```sh\n").unwrap();
    let (script, _) = block.split_once("sudo ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    output(Command::new("bash").args(["-ec", script]).current_dir(folder.path()));
    let made = std::fs::read_to_string(folder.path().join(".env")).unwrap();
    let made: Vec<(&str, &str)> = made.lines().map(|line| line.split_once('=').unwrap()).collect();
    let values: BTreeSet<_> = made.iter().map(|(_, value)| value).collect();
    assert_eq!(values.len(), made.len(), "two are the same");
    let names: BTreeSet<_> = made.iter().map(|(name, _)| *name).collect();
    let compose = text("compose.yml");
    let wanted: BTreeSet<_> = interpolated(&compose).iter().map(|name| name.trim_end_matches(":?")).collect();
    assert_eq!(names, wanted);
    for (name, value) in made.iter().filter(|(name, _)| !name.ends_with("_URL")) {
        assert!(value.len() >= 26, "{name}={value}");
    }
}

#[test]
fn the_api_may_drain_and_waits_for_its_dependencies() {
    for (name, service) in services().iter().filter(|(name, _)| name.starts_with("api-")) {
        let grace = service["stop_grace_period"].as_str().unwrap().trim_end_matches('s').parse::<u64>().unwrap();
        assert!(grace > stopping(), "{name} is killed after {grace} s");
        for needed in ["set-up-database", "set-up-objects"] {
            assert_eq!(service["depends_on"][needed]["condition"], "service_completed_successfully", "{name}");
        }
    }
    let checked =
        |name: &str| services().iter().any(|(other, service)| other == name && service["healthcheck"].is_object());
    assert!(["postgres", "redis", "garage"].into_iter().all(checked), "those who wait for it wait for its health");
}

#[test]
fn the_image_is_small_and_pinned() {
    let file = text("Containerfile");
    let lines: Vec<_> = file.lines().map(str::trim).collect();
    let from: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("FROM ")).collect();
    let [web, build, last] = from[..] else { panic!("{from:?}") };
    assert_eq!(last, "scratch");
    assert!(web.starts_with("docker.io/library/node:") && file.contains("npm ci && npm run build"), "{web}");
    assert!(lines.contains(&"COPY --from=web /source/client-examples/web/dist client-examples/web/dist"));
    let cargo = text("Cargo.toml");
    let (_, version) = cargo.split_once("rust-version = \"").unwrap();
    let version = version.split('"').next().unwrap();
    assert!(build.starts_with(&format!("docker.io/library/rust:{version}-")), "{build}: not {version}");
    assert!(file.contains("cargo build --release --locked"));
    assert!(lines.contains(&"USER 65532:65532"));
    assert!(file.contains("HEALTHCHECK ") && file.contains(r#"CMD ["/dossier", "health"]"#));
    // The workspace does not build without one of its members.
    let (_, members) = cargo.split_once("\nmembers = [").unwrap();
    for member in members.split(']').next().unwrap().split(',') {
        let folder = member.trim().trim_matches('"').trim_end_matches("/*");
        assert!(lines.contains(&format!("COPY {folder} {folder}").as_str()), "{folder} is not copied");
    }
    // The build can only copy files that `.dockerignore` lets through.
    let ignored = text(".dockerignore");
    for copied in lines.iter().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--")) {
        for source in copied.split(' ').rev().skip(1) {
            assert!(ignored.lines().any(|line| line == format!("!{source}")), "{source}");
        }
    }
}
