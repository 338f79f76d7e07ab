//! The query editor, in a browser.

use crate::support::{
    App, Value, json,
    live::{Live, output, repository},
};
use std::fs;

const PACKAGES: &str = "tests/graphiql/node_modules";

/// The browser itself refuses files that differ from their hashes; the script compares them, too.
#[tokio::test]
async fn a_newcomer_signs_in_and_subscribes() {
    let packages = repository(PACKAGES);
    let live = Live::embedded(&[("GRAPHIQL_ASSETS", packages.to_str().unwrap())]).await;
    output(live.program("node").arg(repository("tests/graphiql/check.mjs")));
}

/// Without a folder the page loads the same files from the public network: those that the test above has seen work.
#[tokio::test]
async fn the_public_files_are_the_tested_ones() {
    let app = App::over(tempfile::tempdir().unwrap()).await;
    let answer = app.anonymous().fetch(&app.url).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let page = answer.text().await.unwrap();
    let manifest = fs::read_to_string(repository("tests/graphiql/package.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let elements: Vec<_> = page.lines().filter(|line| line.contains(r#"integrity="sha384-"#)).collect();
    assert_eq!(elements.len(), 4);
    for element in elements {
        let url = element.split('"').find(|text| text.starts_with("https://")).unwrap();
        let (package, version) = url.split('/').find_map(|part| part.split_once('@')).unwrap();
        assert_eq!(manifest["devDependencies"][package], json!(version), "{url}");
        assert!(policy.contains(url), "{policy}");
        assert!(element.contains(r#"crossorigin="anonymous""#), "{element}");
    }
}
