//! The query editor in a browser.

use crate::support::{
    App, Value,
    live::{Live, output, repository},
    process::{Process, free_port},
};
use std::{fs, os::unix::fs::symlink, path::Path};

const PACKAGES: &str = "tests/graphiql/node_modules";

/// Runs a check in a browser. It saves screenshots for people to look at.
fn check(live: &Live, script: &str, further: &[(&str, &str)]) {
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("graphiql");
    fs::create_dir_all(&pictures).unwrap();
    let mut node = live.program("node");
    node.arg(repository("tests/graphiql").join(script)).env("SCREENSHOTS", pictures).envs(further.iter().copied());
    output(&mut node);
}

async fn with_packages() -> Live {
    Live::embedded(&[("GRAPHIQL_ASSETS", repository(PACKAGES).to_str().unwrap())]).await
}

/// The browser itself refuses files that differ from their hashes. The script compares them, too.
#[tokio::test]
async fn a_newcomer_signs_in_and_subscribes() {
    check(&with_packages().await, "check.mjs", &[]);
}

#[tokio::test]
async fn it_works_on_a_phone_and_in_dark_mode() {
    check(&with_packages().await, "look.mjs", &[]);
}

#[tokio::test]
async fn signing_out_never_fails() {
    check(&with_packages().await, "session.mjs", &[]);
}

/// Returns the version of a package that the editor needs, as in the test's own packages.
fn version(package: &str) -> String {
    let manifest = fs::read_to_string(repository("tests/graphiql/package.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["devDependencies"][package].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_page_says_which_files_are_missing_and_how_to_get_them() {
    let live = Live::embedded(&[("DATA_DIR", "./agency's data")]).await;
    let packages = ["graphiql", "react-dom", "react"].map(|name| format!("{name}@{}", version(name))).join(" ");
    let command = format!(r"npm install --prefix './agency'\''s data/graphiql' {packages}");
    check(&live, "missing.mjs", &[("COMMAND", &command)]);
}

/// Installed packages are used without configuration: those that the page proposes to install, and those of a checkout.
#[tokio::test]
async fn installed_packages_are_found() {
    for folder in ["graphiql/node_modules", PACKAGES] {
        let data = tempfile::tempdir().unwrap();
        let process = Process::serve(data.path(), free_port()).await;
        let page = async || reqwest::get(format!("{}/graphiql", process.url)).await.unwrap().text().await.unwrap();
        assert!(page().await.contains("https://"), "{folder}");
        fs::create_dir_all(data.path().join(folder).parent().unwrap()).unwrap();
        symlink(repository(PACKAGES), data.path().join(folder)).unwrap();
        let local = page().await;
        assert!(!local.contains("https://"), "{local}");
        let paths = local.split('"').filter(|text| text.starts_with("/graphiql/"));
        for path in paths {
            let answer = reqwest::get(format!("{}{path}", process.url)).await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
        }
    }
}

/// Without a folder, the page loads the files from the public network. They must be the tested ones.
#[tokio::test]
async fn the_public_files_are_the_tested_ones() {
    let app = App::over(tempfile::tempdir().unwrap()).await;
    let answer = app.anonymous().fetch(&format!("{}/graphiql", app.url)).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let page = answer.text().await.unwrap();
    let elements: Vec<_> = page.lines().filter(|line| line.contains(r#"integrity="sha384-"#)).collect();
    assert_eq!(elements.len(), 4);
    for element in elements {
        let url = element.split('"').find(|text| text.starts_with("https://")).unwrap();
        let (package, published) = url.split('/').find_map(|part| part.split_once('@')).unwrap();
        assert_eq!(published, version(package), "{url}");
        assert!(policy.contains(url), "{policy}");
        assert!(element.contains(r#"crossorigin="anonymous""#), "{element}");
    }
}
