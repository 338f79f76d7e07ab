//! The script that builds a release, and the workflow that runs it for a tag.

use super::text;
use crate::support::{
    Value, json,
    live::{output, repository},
};
use std::process::Command;

fn workflow() -> Value {
    serde_saphyr::from_str(&text(".github/workflows/release.yml")).unwrap()
}

fn steps(job: &Value) -> &[Value] {
    job["steps"].as_array().unwrap()
}

#[test]
fn the_archive_contains_what_an_operator_needs() {
    output(Command::new("bash").args(["-n", "deploy/release"]).current_dir(repository(".")));
    output(Command::new("node").args(["--check", "deploy/licences.mjs"]).current_dir(repository(".")));
    let listed = output(Command::new("deploy/release").arg("--files").current_dir(repository(".")));
    let files: Vec<_> = listed.lines().collect();
    for needed in [
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "schema.graphql",
        "compose.yml",
        "deploy/Caddyfile",
        "deploy/dossier.service",
        "deploy/garage.toml",
        "docs/operate.md",
    ] {
        assert!(files.contains(&needed), "{needed} is missing: {files:?}");
    }
    for file in files {
        assert!(repository(file).is_file(), "{file}");
    }
    // The files that `compose.yml` mounts.
    for (_, path) in text("compose.yml").lines().filter_map(|line| line.split_once("- ./deploy/")) {
        let file = format!("deploy/{}", path.split(':').next().unwrap());
        assert!(listed.lines().any(|listed| listed == file), "{file} is missing");
    }
}

/// The container image and the archives are built with the tools that CI tests.
#[test]
fn a_tag_builds_archives_and_images_for_both_architectures() {
    let workflow = workflow();
    assert_eq!(workflow["on"]["push"]["tags"][0], "v*");
    let jobs = &workflow["jobs"];
    let runners = ["ubuntu-24.04", "ubuntu-24.04-arm"];
    assert_eq!(jobs["archive"]["strategy"]["matrix"]["runner"], json!(runners));
    let of_images: Vec<_> = jobs["image"]["strategy"]["matrix"]["include"].as_array().unwrap().iter().collect();
    assert_eq!(of_images.iter().map(|image| image["runner"].as_str().unwrap()).collect::<Vec<_>>(), runners);
    assert!(steps(&jobs["archive"]).iter().any(|step| step["run"] == "deploy/release"));
    let image = format!("image: dossier:{}\n", env!("CARGO_PKG_VERSION"));
    assert!(text("compose.yml").contains(&image), "{image}");

    let ci: Value = serde_saphyr::from_str(&text(".github/workflows/ci.yml")).unwrap();
    assert_eq!(jobs["archive"]["container"], ci["jobs"]["ci"]["container"]);
    let container = jobs["archive"]["container"].as_str().unwrap();
    assert!(text("Containerfile").contains(&format!("FROM docker.io/library/{container} AS build")), "{container}");
    let node = steps(&jobs["archive"]).iter().find_map(|step| step["with"]["node-version"].as_u64()).unwrap();
    assert!(text("Containerfile").contains(&format!("library/node:{node}-")), "{node}");
}

#[test]
fn jobs_may_write_only_what_they_publish() {
    let workflow = workflow();
    assert_eq!(workflow["permissions"], json!({ "contents": "read" }));
    for (name, job) in workflow["jobs"].as_object().unwrap() {
        let writes = job["permissions"].as_object().unwrap().iter().filter(|(_, access)| *access == "write");
        let expected: &[&str] = match name.as_str() {
            "archive" => &["attestations", "id-token"],
            "image" => &["packages"],
            "publish" => &["contents", "packages"],
            other => panic!("which permissions does {other} need?"),
        };
        assert_eq!(writes.map(|(name, _)| name).collect::<Vec<_>>(), expected, "{name}");
        assert!(job["timeout-minutes"].is_u64(), "{name} may run forever");
        for step in steps(job) {
            let pinned = step["uses"].as_str().is_none_or(|action| action.contains("@v"));
            assert!(pinned, "{name}: {step}");
            // The shell would execute what a tag or a branch is called.
            assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{name}: {step}");
        }
    }
}
